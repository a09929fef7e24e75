//! A BO server with another language, other tokens and other error bodies than the stand-in. A correct one is conformant, a
//! conforming variant is not blamed, and a defect fails the requirements that it breaks.
//!
//! Lifetimes pass in real time and each one-time token takes a new Python process, so only tests that need them use them.

use crate::support::{
    Workplace,
    bo_server::{BoServer, NO_WAITING, listed, listing, names},
    catalogue, requirements,
};

/// The requirements that need more than this server offers.
const LEFT_OUT: [&str; 18] = [
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

#[test]
#[ignore = "takes half an hour: every combination of three, with waiting and changed lifetimes"]
fn no_combination_of_three_forms_is_blamed() {
    let listing = listing();
    let dresses = listing["dresses"].as_array().expect("they are listed");
    let text = |place: usize, key: &str| dresses[place][key].as_str().unwrap_or_default();
    for one in 0..dresses.len() {
        for two in one + 1..dresses.len() {
            for three in two + 1..dresses.len() {
                let parts = [text(one, "part"), text(two, "part"), text(three, "part")];
                if parts[0] == parts[1] || parts[1] == parts[2] || parts[0] == parts[2] {
                    continue;
                }
                let chosen = [text(one, "name"), text(two, "name"), text(three, "name")];
                let lines = "max_wait = \"20s\"\nallow_settings_change = true";
                assert_eq!(blame_dressed(&chosen, lines), [""; 0], "{chosen:?}");
            }
        }
    }
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
