//! A conforming server is never blamed, whichever variants it has: each variant alone and several at once.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use proptest::{prelude::*, sample::subsequence, test_runner::Config};
use serde_json::Value;

use crate::support::{
    ProgramRun,
    bo_server::{BoServer, NO_WAITING, conforming_variants},
    requirements,
};

/// What the program holds against a server with these variants; `None` if it is fair.
fn blame(variants: &[String]) -> Option<String> {
    let lifetimes = ["--access-lifetime", "60", "--refresh-lifetime", "120", "--ott-lifetime", "30"];
    let options: Vec<&str> = variants.iter().flat_map(|name| ["--freedom", name.as_str()]).chain(lifetimes).collect();
    let server = BoServer::start(&options);
    let workplace = server.workplace(&format!("{NO_WAITING}\n{}", server.one_time_source(30)));
    let run = workplace.run(&["run"]);
    let is_fair = run.code == Some(0) && {
        let results = workplace.results();
        requirements(&results, "fail").is_empty() && results["verdict"] == "conformant"
    };
    (!is_fair).then(|| format!("{variants:?}: {}", run.output()))
}

#[test]
#[ignore = "takes minutes; .ci/run runs it"]
fn no_variant_is_blamed() {
    let (variants, next, blamed) = (conforming_variants(), AtomicUsize::new(0), Mutex::new(Vec::new()));
    assert!(variants.len() >= 15, "the server has only {} variants", variants.len());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(name) = variants.get(next.fetch_add(1, Ordering::Relaxed)) {
                    blamed.lock().expect("no thread panics with it").extend(blame(std::slice::from_ref(name)));
                }
            });
        }
    });
    let blamed = blamed.into_inner().expect("no thread panicked");
    assert!(blamed.is_empty(), "{}", blamed.join("\n\n"));
}

#[test]
fn several_variants_at_once_are_not_blamed() {
    let all = conforming_variants();
    let config = Config { cases: 6, max_shrink_iters: 8, failure_persistence: None, ..Config::default() };
    proptest!(config, |(some in subsequence(all, 1..=5))| {
        prop_assert_eq!(blame(&some), None);
    });
}

/// Runs scenarios that wait beside others that log in more often than the server keeps sessions.
fn run_with_many_logins(options: &[&str]) -> (ProgramRun, Value) {
    let lifetimes = ["--access-lifetime", "4", "--refresh-lifetime", "8", "--ott-lifetime", "4"];
    let server = BoServer::start(&[&lifetimes[..], options].concat());
    let workplace = server.workplace("max_wait = \"12s\"");
    let run = workplace.run(&[
        "run",
        "--requirement",
        "EXPIRY-1",
        "EXPIRY-2",
        "ISSUE-13",
        "ISSUE-19",
        "ISSUE-20",
        "REFRESH-1",
        "REFRESH-3",
        "REFRESH-7",
    ]);
    let results = workplace.results();
    (run, results)
}

#[test]
fn a_session_ended_by_other_logins_is_retried_alone() {
    let (run, results) = run_with_many_logins(&["--freedom", "few-sessions"]);
    assert_eq!(requirements(&results, "fail"), [""; 0], "{}", run.output());
    let passed = requirements(&results, "pass");
    assert!(["EXPIRY-1", "EXPIRY-2"].iter().all(|id| passed.contains(&(*id).to_owned())), "{}", run.output());
    assert!(
        results.to_string().contains("this is the second try, alone"),
        "no session was ended, so nothing was tested"
    );
}

#[test]
fn a_session_that_expires_early_by_itself_is_blamed_despite_other_logins() {
    let (run, results) = run_with_many_logins(&["--defect", "access-dies-early"]);
    assert_eq!(requirements(&results, "fail"), ["EXPIRY-1"], "{}", run.output());
}

#[test]
fn a_session_ended_by_other_logins_does_not_count_as_expired() {
    let (run, results) = run_with_many_logins(&["--freedom", "few-sessions", "--defect", "expired-access-accepted"]);
    assert_eq!(requirements(&results, "fail"), ["EXPIRY-2"], "{}", run.output());
}
