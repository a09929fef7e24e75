//! A BO server with another language, other tokens and other error bodies than the stand-in. A correct one is conformant, a
//! conforming variant is not blamed, and a defect fails the requirements that it breaks.
//!
//! Lifetimes pass in real time and each one-time token takes a new Python process, so only tests that need them use them.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::Value;

use crate::support::{
    Workplace,
    bo_server::{BoServer, NO_WAITING, listed, listing, names},
    catalogue, requirements,
};

/// The requirements that need more than this server offers.
const LEFT_OUT: [&str; 19] = [
    // Its last wait of 30 s is longer than the longest wait allowed here.
    "REFRESH-19",
    "SETTINGS-1",
    "SETTINGS-2",
    "SETTINGS-3",
    "SETTINGS-4",
    "SETTINGS-5",
    "SETTINGS-6",
    "SETTINGS-7",
    "SETTINGS-8",
    "SETTINGS-9",
    "SETTINGS-10",
    "ERROR-6",
    "CLUSTER-1",
    "CLUSTER-2",
    "CLUSTER-3",
    "CLUSTER-4",
    "CLUSTER-5",
    "CLUSTER-6",
    "CLUSTER-7",
];

/// Starts a server, runs the suite, and returns the folder with the reports.
fn judge(options: &[&str], lines: &str, code: i32) -> Workplace {
    let server = BoServer::start(options);
    let workplace = server.workplace(lines);
    workplace.run(&["run"]).expect_code(code);
    workplace
}

#[test]
fn a_correct_server_is_conformant_with_lifetimes_and_one_time_tokens() {
    let server = BoServer::start(&[]);
    let workplace = server.workplace(&format!("max_wait = \"20s\"\n{}", server.one_time_source(4)));
    workplace.run(&["run"]).expect_code(0);
    let results = workplace.results();
    assert_eq!(results["verdict"], "conformant");
    assert_eq!(requirements(&results, "skip"), catalogue_order(&LEFT_OUT));
    for verdict in ["fail", "warn", "inconclusive"] {
        assert_eq!(requirements(&results, verdict), [""; 0], "{verdict}");
    }
}

#[test]
fn a_reusable_one_time_token_fails_exactly_its_requirements() {
    let server = BoServer::start(&["--defect", "ott-reusable"]);
    let workplace = server.workplace(&format!("{NO_WAITING}\n{}", server.one_time_source(4)));
    workplace.run(&["run"]).expect_code(1);
    let results = workplace.results();
    assert_eq!(results["verdict"], "nonconformant");
    assert_eq!(requirements(&results, "fail"), ["OTT-2", "OTT-3", "OTT-16"]);
    assert_eq!(requirements(&results, "warn"), [""; 0]);
}

#[test]
fn a_defect_fails_its_requirements_and_at_most_their_echoes() {
    let listing = listing();
    for defect in [
        "case-blind-password",
        "basic-credentials",
        "refresh-equals-access",
        "same-access-token",
        "hostile-login-500",
        "token-tail-unchecked",
        "refresh-token-as-access",
        "second-generation-dies",
        "refresh-race-dead-pairs",
        "refreshed-to-other-user",
        "html-errors",
        "unknown-path-redirect",
    ] {
        let entry = listed(&listing, "defects", defect);
        let results = judge(&["--defect", defect], NO_WAITING, 1).results();
        let broken = [requirements(&results, "fail"), requirements(&results, "warn")].concat();
        let (caught_by, echoes) = (names(&entry["caught_by"]), names(&entry["echoes"]));
        assert!(caught_by.iter().all(|id| broken.contains(id)), "{defect} broke only {broken:?}");
        let foreseen = |id: &String| caught_by.contains(id) || echoes.contains(id);
        assert!(broken.iter().all(foreseen), "{defect} broke {broken:?}");
    }
}

/// The variants against a recommendation; `conforming_variants.rs` has all of them.
#[test]
fn a_variant_against_a_recommendation_gets_a_warning_only() {
    let listing = listing();
    for variant in [
        "no-rotation",
        "no-refresh-lifetime",
        "bare-token",
        "query-token",
        "no-www-authenticate",
        "no-cache-headers",
        "methods-404",
        "telling-refusals",
    ] {
        let warns = names(&listed(&listing, "freedoms", variant)["warns"]);
        let results = judge(&["--freedom", variant], NO_WAITING, 0).results();
        assert_eq!(requirements(&results, "fail"), [""; 0], "{variant}");
        let untried: Vec<String> = requirements(&results, "skip");
        let mut expected = catalogue_order(&warns);
        expected.retain(|id| !untried.contains(id));
        assert_eq!(requirements(&results, "warn"), expected, "{variant}");
    }
}

#[test]
fn a_server_with_other_names_is_judged_with_a_dialect() {
    let dialect = listing()["dialect"].clone();
    let lines =
        dialect.as_object().expect("it is a table").iter().map(|(key, name)| format!("dialect.{key} = {name}\n"));
    let lines: String = lines.collect();
    let results = judge(&["--dialect"], &format!("{NO_WAITING}\n{lines}"), 0).results();
    assert_eq!(requirements(&results, "fail"), [""; 0]);
    assert!(requirements(&results, "pass").contains(&"REFRESH-1".to_owned()));
}

/// Judges a server in these dresses and returns what it is blamed for.
fn blame_dressed(dresses: &[&str], lines: &str) -> Vec<String> {
    let listing = listing();
    let options: Vec<&str> = dresses.iter().flat_map(|dress| ["--dress", dress]).collect();
    let server = BoServer::start(&options);
    let configuration = dresses.iter().flat_map(|dress| names(&listed(&listing, "dresses", dress)["configuration"]));
    let configuration: String = configuration.map(|line| format!("{line}\n")).collect();
    let workplace = server.workplace(&format!("{lines}\n{configuration}")).with_variable("GATEWAY_KEY", GATEWAY_KEY);
    let run = workplace.run(&["run"]).expect_code(0);
    assert!(!run.stdout.contains(GATEWAY_KEY), "{dresses:?} shows the gateway's key");
    let results = workplace.results();
    assert!(!results.to_string().contains(GATEWAY_KEY), "{dresses:?} keeps the gateway's key");
    for needed in ["ISSUE-4", "REFRESH-1", "USE-1", "OTT-5"] {
        assert!(requirements(&results, "pass").contains(&needed.to_owned()), "{dresses:?}: {needed}");
    }
    [requirements(&results, "fail"), requirements(&results, "warn"), requirements(&results, "inconclusive")].concat()
}

/// What a gateway in front of the dressed server wants.
const GATEWAY_KEY: &str = "Canary-gateway-key-5Kd8";

#[test]
fn other_forms_of_requests_and_lifetimes_are_not_blamed() {
    for dresses in [
        ["lifetimes-in-milliseconds", "other-credential-names", "gateway-key"].as_slice(),
        &["lifetimes-end-at-epoch", "tenant", "refresh-as-bearer"],
        &["lifetimes-end-at-time", "other-paths", "refresh-by-post"],
    ] {
        assert_eq!(blame_dressed(dresses, NO_WAITING), [""; 0], "{dresses:?}");
    }
}

/// What a server in these forms, freedoms and dresses alike, is blamed for beyond the recommendations that they are known to break.
fn blame_forms(forms: &[String], lines: &str) -> Vec<String> {
    let listing = listing();
    let is_dress = |form: &String| entries(&listing, "dresses").any(|dress| dress["name"] == **form);
    let (mut options, mut configuration, mut known) = (Vec::new(), String::new(), Vec::new());
    for form in forms {
        let (option, kind) = if is_dress(form) { ("--dress", "dresses") } else { ("--freedom", "freedoms") };
        options.extend([option, form.as_str()]);
        let entry = listed(&listing, kind, form);
        names(&entry["configuration"]).iter().for_each(|line| configuration += &format!("{line}\n"));
        known.extend([names(&entry["warns"]), names(&entry["tension"])].concat());
    }
    // Where a spent token stays good, each refresh of a race wins.
    known.extend(known.contains(&"REFRESH-9".to_owned()).then(|| "REFRESH-17".to_owned()));
    let server = BoServer::start(&options);
    let workplace = server.workplace(&format!("{lines}\n{configuration}")).with_variable("GATEWAY_KEY", GATEWAY_KEY);
    workplace.run(&["run"]);
    let results = workplace.results();
    let mut blamed = [requirements(&results, "fail"), requirements(&results, "warn")].concat();
    blamed.retain(|id| !known.contains(id));
    blamed.extend(requirements(&results, "inconclusive"));
    blamed
}

fn entries<'a>(listing: &'a Value, kind: &str) -> impl Iterator<Item = &'a Value> {
    listing[kind].as_array().into_iter().flatten()
}

/// So many combinations of three forms that do not exclude each other, drawn with this seed.
fn draw_combinations(count: usize, mut seed: u64) -> Vec<Vec<String>> {
    let listing = listing();
    let all: Vec<&Value> = ["freedoms", "dresses"].iter().flat_map(|kind| entries(&listing, kind)).collect();
    let mut draw = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        all[usize::try_from(seed >> 33).unwrap_or_default() % all.len()]
    };
    let mut combinations = Vec::new();
    while combinations.len() < count {
        let three = [draw(), draw(), draw()];
        let clash = |one: &Value, other: &Value| {
            one["name"] == other["name"] || (one["part"].is_string() && one["part"] == other["part"])
        };
        if clash(three[0], three[1]) || clash(three[0], three[2]) || clash(three[1], three[2]) {
            continue;
        }
        combinations.push(three.iter().filter_map(|form| form["name"].as_str().map(str::to_owned)).collect());
    }
    combinations
}

/// Asserts that no combination is blamed, so many at the same time.
fn assert_none_is_blamed(combinations: &[Vec<String>], at_once: usize, lines: &str) {
    let (next, blamed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                while let Some(forms) = combinations.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = blame_forms(forms, lines);
                    if !found.is_empty() {
                        blamed.lock().expect("no thread panics with it").push((forms, found));
                    }
                }
            });
        }
    });
    let blamed = blamed.into_inner().expect("no thread panicked");
    assert!(blamed.is_empty(), "{blamed:#?}");
}

#[test]
fn random_combinations_of_three_forms_are_not_blamed() {
    assert_none_is_blamed(&draw_combinations(4, 1), 2, NO_WAITING);
}

#[test]
#[ignore = "takes five minutes: a hundred combinations of three, half of them with waiting and changed lifetimes"]
fn no_combination_of_three_forms_is_blamed() {
    assert_none_is_blamed(&draw_combinations(50, 2), 2, NO_WAITING);
    assert_none_is_blamed(&draw_combinations(50, 3), 8, "max_wait = \"20s\"\nallow_settings_change = true");
}

#[test]
#[ignore = "takes a minute: twenty runs"]
fn an_odd_server_gets_the_same_verdicts_twenty_times() {
    let options = ["error-trace", "whole-second-expiry", "few-sessions", "float-lifetimes", "trickle"];
    let options: Vec<&str> = options.iter().flat_map(|freedom| ["--freedom", freedom]).collect();
    let verdicts = || {
        let results = judge(&options, NO_WAITING, 0).results();
        let all = results["requirements"].as_array().cloned().unwrap_or_default();
        all.into_iter().map(|one| (one["id"].clone(), one["verdict"].clone())).collect::<Vec<_>>()
    };
    let first = verdicts();
    for time in 2..=20 {
        assert_eq!(verdicts(), first, "run {time}");
    }
}

#[test]
fn a_declared_grace_of_spent_refresh_tokens_is_no_violation_in_any_profile() {
    let judge = |lines: &str, code: i32| {
        let server = BoServer::start(&["--freedom", "spent-grace"]);
        let workplace = server.workplace(&format!("max_wait = \"5s\"\nmargin = \"0.5s\"\n{lines}"));
        workplace.run(&["run", "--profile", "hardened", "--requirement", "REFRESH-9", "REFRESH-17"]).expect_code(code);
        workplace.results()
    };
    let undeclared = judge("", 1);
    assert_eq!(requirements(&undeclared, "fail"), ["REFRESH-9"]);
    assert!(undeclared.to_string().contains("declare it: `refresh_grace ="), "{undeclared}");
    let declared = judge("refresh_grace = \"2s\"", 0);
    assert_eq!(requirements(&declared, "pass"), ["REFRESH-9", "REFRESH-17"]);
}

#[test]
fn connection_trouble_is_inconclusive() {
    for trouble in ["half-answers", "resets-connections", "garbage"] {
        let results = judge(&["--defect", trouble, "--after", "60"], NO_WAITING, 3).results();
        assert_eq!(results["verdict"], "inconclusive", "{trouble}");
        assert_eq!(requirements(&results, "fail"), [""; 0], "{trouble}");
        assert_eq!(requirements(&results, "warn"), [""; 0], "{trouble}");
    }
}

#[test]
fn every_requirement_is_listed_even_if_skipped() {
    let results = judge(&[], NO_WAITING, 0).results();
    let all = results["requirements"].as_array().expect("requirements are listed");
    let ids: Vec<_> = all.iter().filter_map(|requirement| requirement["id"].as_str()).collect();
    assert_eq!(ids, catalogue::ids());
    for requirement in all.iter().filter(|requirement| requirement["verdict"] == "skip") {
        assert!(requirement["reason"].as_str().is_some_and(|reason| reason.len() > 20), "{requirement}");
    }
}

/// Sorts ids in the order of the catalogue.
fn catalogue_order<T: AsRef<str>>(ids: &[T]) -> Vec<String> {
    catalogue::ids().into_iter().filter(|id| ids.iter().any(|one| one.as_ref() == id)).collect()
}
