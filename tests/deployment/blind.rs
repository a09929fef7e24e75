//! Defects of `tests/foreign/bo/blind_*.py`, which were imagined from the contract alone: each is found where it breaks the contract, and
//! no odd but conforming server is blamed. `tests/foreign/blind/SCORES.md` has the scores of the first try.

use serde_json::Value;

use crate::support::{
    bo_server::{BoServer, NO_WAITING, listing, names},
    requirements,
};

/// A run with its survey of inputs, which is what finds most of these: other tests run without. What it draws depends on the seed.
const SURVEYED: [&str; 5] = ["run", "--explore", "1", "--seed", "1"];

/// Failed and warned requirements of a run without waiting.
fn broken(option: &str, name: &str, lines: &str, lifetimes: [&str; 3]) -> Vec<String> {
    let [access, refresh, one_time] = lifetimes;
    let lives = ["--access-lifetime", access, "--refresh-lifetime", refresh, "--ott-lifetime", one_time];
    let server = BoServer::start(&[&lives[..], &[option, name]].concat());
    let seconds = one_time.parse().expect("it is a number");
    let lines = format!("allow_settings_change = true\n{lines}\n{}", server.one_time_source(seconds));
    let workplace = server.workplace(&lines);
    workplace.run(&SURVEYED);
    let results = workplace.results();
    [requirements(&results, "fail"), requirements(&results, "warn")].concat()
}

fn blind(kind: &str) -> Vec<(String, Vec<String>)> {
    let listing = listing();
    let all = listing["blind"].as_array().expect("it is a list");
    let entry = |it: &Value| (it["name"].as_str().unwrap_or_default().to_owned(), names(&it["breaks"]));
    all.iter().filter(|it| it["kind"] == kind).map(entry).collect()
}

/// What a client cannot send, or what the suite leaves to the layer in front of the API.
const UNSEEN: [&str; 5] = [
    "headers-in-two-spellings",
    "large-body-in-html",
    "password-compatibility-forms",
    "password-of-256",
    // Plain dot segments are resolved before a request is sent.
    "path-by-way-of-login",
];

fn missed(defects: &[(String, Vec<String>)], lines: &str) -> Vec<String> {
    let missed = |(name, breaks): &&(String, Vec<String>)| {
        let broken = broken("--defect", name, lines, ["4", "8", "4"]);
        !breaks.iter().any(|id| broken.contains(id))
    };
    defects.iter().filter(missed).map(|(name, _)| name.clone()).collect()
}

#[test]
fn a_handful_of_unforeseen_inputs_is_found() {
    let some = ["path-static-extension", "local-address-trusted", "query-bad-escape-500"];
    let all = [blind("input"), blind("input_fresh")].concat();
    let defects: Vec<_> = all.into_iter().filter(|(name, _)| some.contains(&name.as_str())).collect();
    assert_eq!(missed(&defects, NO_WAITING), [""; 0]);
}

#[test]
#[ignore = "takes minutes: two hundred servers"]
fn unforeseen_inputs_are_found() {
    let all = [blind("input"), blind("input_fresh")].concat();
    let defects: Vec<_> = all.into_iter().filter(|(name, _)| !UNSEEN.contains(&name.as_str())).collect();
    let missed = missed(&defects, NO_WAITING);
    assert!(missed.len() * 10 <= defects.len(), "{} of {}: {missed:?}", missed.len(), defects.len());
}

#[test]
#[ignore = "takes an hour: lifetimes pass in real time"]
fn unforeseen_ends_are_found() {
    let defects = [blind("time"), blind("time_fresh")].concat();
    let missed = missed(&defects, "max_wait = \"20s\"");
    assert!(missed.len() * 5 <= defects.len(), "{} of {}: {missed:?}", missed.len(), defects.len());
}

/// What an odd server is blamed for beyond what is known of it.
fn blamed(freedom: &Value) -> Vec<String> {
    let name = freedom["name"].as_str().unwrap_or_default();
    let known = [names(&freedom["warns"]), names(&freedom["tension"])].concat();
    let mut broken = broken("--freedom", name, NO_WAITING, ["60", "120", "30"]);
    broken.retain(|id| !known.contains(id));
    broken
}

fn odd_servers() -> Vec<Value> {
    let listing = listing();
    let all = listing["blind"].as_array().cloned().unwrap_or_default();
    all.into_iter().filter(|it| it["kind"].as_str().is_some_and(|kind| kind.starts_with("freedom"))).collect()
}

#[test]
fn a_server_that_ends_tokens_when_their_successors_are_used_is_not_blamed() {
    let freedom = odd_servers().into_iter().find(|it| it["name"] == "first-use-ends-the-old");
    assert_eq!(blamed(&freedom.expect("it is listed")), [""; 0]);
}

#[test]
#[ignore = "takes minutes: a server for each freedom"]
fn no_odd_server_is_blamed() {
    for freedom in odd_servers() {
        assert_eq!(blamed(&freedom), [""; 0], "{freedom}");
    }
}
