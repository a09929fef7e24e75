//! Defects of histories and concurrency of `tests/foreign/bo/blind_*.py`, which were imagined from the contract alone, are found.
//! `tests/foreign/blind/SCORES-HISTORIES.md` has the scores.

use crate::support::{
    bo_server::{BoServer, NO_WAITING, listing, names},
    requirements,
};

/// Failed and warned requirements of a run.
fn broken(defect: &str, lines: &str, arguments: &[&str]) -> Vec<String> {
    let server = BoServer::start(&["--defect", defect]);
    let workplace = server.workplace(&format!("{lines}\n{}", server.one_time_source(4)));
    workplace.run(&[&["run"], arguments].concat());
    let results = workplace.results();
    [requirements(&results, "fail"), requirements(&results, "warn")].concat()
}

/// Defects of this kind with the requirements that they break.
fn defects(kind: &str) -> Vec<(String, Vec<String>)> {
    let listing = listing();
    let of_kind = listing["blind"].as_array().into_iter().flatten().filter(|entry| entry["kind"] == kind);
    of_kind.map(|entry| (entry["name"].as_str().unwrap_or_default().to_owned(), names(&entry["breaks"]))).collect()
}

#[test]
fn histories_are_found_by_the_scenarios_of_what_they_break() {
    for (defect, requirement) in [
        ("fifth-try-accepted", "OTT-2"),
        ("wrong-method-spends-refresh", "REFRESH-1"),
        ("every-thirty-third-use", "USE-2"),
    ] {
        assert_eq!(broken(defect, NO_WAITING, &["--requirement", requirement]), [requirement], "{defect}");
    }
}

#[test]
fn a_race_tells_what_it_excludes() {
    let server = BoServer::start(&[]);
    let workplace = server.workplace(&format!("{NO_WAITING}\n{}", server.one_time_source(4)));
    workplace.run(&["run", "--requirement", "OTT-3"]).expect_code(0);
    let results = workplace.results().to_string();
    assert!(results.contains("rounds, ") && results.contains("a double spend in less than 1 of "), "{results}");
}

/// How many of a kind are missed must stay below a fifth.
fn search(kind: &str) {
    let lines = "allow_settings_change = true\nmax_wait = \"12s\"\nexplore = 1500";
    let defects = defects(kind);
    let found = |(name, breaks): &(String, Vec<String>)| broken(name, lines, &[]).iter().any(|id| breaks.contains(id));
    let missed: Vec<&String> = defects.iter().filter(|defect| !found(defect)).map(|(name, _)| name).collect();
    assert!(missed.len() * 5 <= defects.len(), "of {} defects {} are missed: {missed:?}", defects.len(), missed.len());
}

#[test]
#[ignore = "takes an hour: a run with waiting for each of 47 defects"]
fn unforeseen_histories_are_found() {
    search("history");
}

#[test]
#[ignore = "takes half an hour: a run with waiting for each of 23 defects"]
fn unforeseen_races_are_found() {
    search("concurrency");
}

#[test]
#[ignore = "takes an hour: a run with waiting for each of 55 defects"]
fn sequences_are_found() {
    search("sequences");
}

#[test]
#[ignore = "takes half an hour: a run with waiting for each of 31 defects"]
fn overlaps_are_found() {
    search("overlap");
}
