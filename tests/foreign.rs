//! A BO server that the suite has never seen: another language, other tokens, other error bodies. The suite judges it by what
//! it answers: a correct one is conformant, a freedom is not blamed, a defect fails the requirements that it breaks.
//!
//! Lifetimes pass in real time and each one-time token is minted by a Python of its own, so both are only part of the tests
//! that need them. The rest uses [`Terms::QUICK`].

mod program;

use program::{
    Workplace, catalogue,
    foreign::{ForeignServer, Terms, listed, listing, names},
    requirements,
};

/// The parts of the contract that need more than this server was asked for or has.
const LEFT_OUT: [&str; 7] =
    ["SETTINGS-1", "SETTINGS-2", "SETTINGS-3", "SETTINGS-4", "SETTINGS-5", "SETTINGS-6", "ERROR-6"];

/// Starts a server, runs the suite, and returns the folder with the reports.
fn judged(options: &[&str], terms: &Terms<'_>, code: i32) -> Workplace {
    let server = ForeignServer::start(options);
    let workplace = server.configured(terms);
    workplace.run(&["run", "--target", "foreign"]).with(code);
    workplace
}

#[test]
fn a_correct_server_is_conformant_lifetimes_and_one_time_tokens_included() {
    let results = judged(&[], &Terms { max_wait: "20s", one_time: true, more: "" }, 0).results();
    assert_eq!(results["verdict"], "conformant");
    assert_eq!(requirements(&results, "skip"), catalogue_order(&LEFT_OUT));
    for verdict in ["fail", "warn", "inconclusive"] {
        assert_eq!(requirements(&results, verdict), [""; 0], "{verdict}");
    }
}

#[test]
fn a_one_time_token_that_works_twice_fails_what_that_breaks_and_nothing_else() {
    let terms = Terms { one_time: true, ..Terms::QUICK };
    let results = judged(&["--defect", "ott-reusable"], &terms, 1).results();
    assert_eq!(results["verdict"], "nonconformant");
    assert_eq!(requirements(&results, "fail"), ["OTT-2", "OTT-3"]);
    assert_eq!(requirements(&results, "warn"), [""; 0]);
}

#[test]
fn a_defect_fails_the_requirements_that_must_catch_it_and_at_most_those_that_it_breaks_too() {
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
        let results = judged(&["--defect", defect], &Terms::QUICK, 1).results();
        let broken = [requirements(&results, "fail"), requirements(&results, "warn")].concat();
        let (caught_by, echoes) = (names(&entry["caught_by"]), names(&entry["echoes"]));
        assert!(caught_by.iter().all(|id| broken.contains(id)), "{defect} broke only {broken:?}");
        let foreseen = |id: &String| caught_by.contains(id) || echoes.contains(id);
        assert!(broken.iter().all(foreseen), "{defect} broke {broken:?}");
    }
}

/// Those that go against a recommendation; `fairness.rs` has all of them.
#[test]
fn a_freedom_is_warned_about_where_a_recommendation_speaks_against_it_and_not_blamed() {
    let listing = listing();
    for freedom in [
        "no-rotation",
        "no-refresh-lifetime",
        "bare-token",
        "query-token",
        "no-www-authenticate",
        "no-cache-headers",
        "methods-404",
        "telling-refusals",
    ] {
        let warns = names(&listed(&listing, "freedoms", freedom)["warns"]);
        let results = judged(&["--freedom", freedom], &Terms::QUICK, 0).results();
        assert_eq!(requirements(&results, "fail"), [""; 0], "{freedom}");
        let untried: Vec<String> = requirements(&results, "skip");
        let mut expected = catalogue_order(&warns);
        expected.retain(|id| !untried.contains(id));
        assert_eq!(requirements(&results, "warn"), expected, "{freedom}");
    }
}

#[test]
fn a_server_that_calls_everything_otherwise_is_described_by_a_dialect() {
    let dialect = listing()["dialect"].clone();
    let lines =
        dialect.as_object().expect("it is a table").iter().map(|(key, name)| format!("dialect.{key} = {name}\n"));
    let more: String = lines.collect();
    let results = judged(&["--dialect"], &Terms { more: &more, ..Terms::QUICK }, 0).results();
    assert_eq!(requirements(&results, "fail"), [""; 0]);
    assert!(requirements(&results, "pass").contains(&"REFRESH-1".to_owned()));
}

#[test]
fn trouble_with_the_connection_blames_nobody() {
    for trouble in ["half-answers", "resets-connections", "garbage"] {
        let results = judged(&["--defect", trouble, "--after", "60"], &Terms::QUICK, 3).results();
        assert_eq!(results["verdict"], "inconclusive", "{trouble}");
        assert_eq!(requirements(&results, "fail"), [""; 0], "{trouble}");
        assert_eq!(requirements(&results, "warn"), [""; 0], "{trouble}");
    }
}

#[test]
fn every_requirement_is_listed_whatever_was_skipped() {
    let results = judged(&[], &Terms::QUICK, 0).results();
    let all = results["requirements"].as_array().expect("requirements are listed");
    let ids: Vec<_> = all.iter().filter_map(|requirement| requirement["id"].as_str()).collect();
    assert_eq!(ids, catalogue::ids());
    for requirement in all.iter().filter(|requirement| requirement["verdict"] == "skip") {
        assert!(requirement["reason"].as_str().is_some_and(|reason| reason.len() > 20), "{requirement}");
    }
}

/// These ids in the order of the catalogue.
fn catalogue_order<T: AsRef<str>>(ids: &[T]) -> Vec<String> {
    catalogue::ids().into_iter().filter(|id| ids.iter().any(|one| one.as_ref() == id)).collect()
}
