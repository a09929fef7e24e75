//! A conforming server is never blamed, whichever of its freedoms it takes: a server that this project did not make, over real
//! sockets, with each freedom alone and with several at once.

mod program;
mod server;

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use program::foreign::freedoms;
use proptest::{prelude::*, sample::subsequence, test_runner::Config};
use server::{Judged, Server};

/// What the program has to say against a server with these freedoms; nothing, if it is fair.
fn blame(freedoms: &[String]) -> Option<String> {
    let options: Vec<&str> = freedoms.iter().flat_map(|name| ["--freedom", name.as_str()]).collect();
    let judged = Server::start(&options).run(&[]);
    let unfair = !judged.with("fail").is_empty() || judged.results["verdict"] == "nonconformant";
    let unjudged = judged.results["verdict"] != "conformant";
    (unfair || unjudged).then(|| format!("{freedoms:?}: {}", judged.said()))
}

#[test]
#[ignore = "takes minutes; .ci/run runs it"]
fn no_freedom_is_blamed() {
    let (freedoms, next, blamed) = (freedoms(), AtomicUsize::new(0), Mutex::new(Vec::new()));
    assert!(freedoms.len() >= 15, "the server has only {} freedoms", freedoms.len());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(name) = freedoms.get(next.fetch_add(1, Ordering::Relaxed)) {
                    blamed.lock().expect("nobody panics with it").extend(blame(std::slice::from_ref(name)));
                }
            });
        }
    });
    let blamed = blamed.into_inner().expect("nobody panicked");
    assert!(blamed.is_empty(), "{}", blamed.join("\n\n"));
}

#[test]
fn several_freedoms_at_once_are_not_blamed() {
    let all = freedoms();
    let config = Config { cases: 6, max_shrink_iters: 8, failure_persistence: None, ..Config::default() };
    proptest!(config, |(some in subsequence(all, 1..=5))| {
        prop_assert_eq!(blame(&some), None);
    });
}

/// Runs scenarios that wait beside others that log in more often than the server keeps sessions.
fn may_be_interference(options: &[&str]) -> Judged {
    let server = Server::with_lifetimes(["4", "8", "4"], options);
    server.configure("requests_per_second = 0\nmax_wait = \"12s\"\n");
    server.run(&[
        "--requirement",
        "EXPIRY-1",
        "EXPIRY-2",
        "ISSUE-13",
        "ISSUE-19",
        "ISSUE-20",
        "REFRESH-1",
        "REFRESH-3",
        "REFRESH-7",
    ])
}

#[test]
fn a_session_that_others_have_ended_is_tried_again_alone() {
    let judged = may_be_interference(&["--freedom", "few-sessions"]);
    assert_eq!(judged.with("fail"), [""; 0], "{}", judged.said());
    assert!(["EXPIRY-1", "EXPIRY-2"].iter().all(|id| judged.with("pass").contains(id)), "{}", judged.said());
    assert!(
        judged.results.to_string().contains("this is the second try, alone"),
        "no session was ended, so nothing was shown"
    );
}

#[test]
fn a_session_that_ends_too_early_by_itself_is_blamed_in_company_too() {
    let judged = may_be_interference(&["--defect", "access-dies-early"]);
    assert_eq!(judged.with("fail"), ["EXPIRY-1"], "{}", judged.said());
}

#[test]
fn a_session_that_others_have_ended_does_not_pass_for_one_whose_time_is_over() {
    let judged = may_be_interference(&["--freedom", "few-sessions", "--defect", "expired-access-accepted"]);
    assert_eq!(judged.with("fail"), ["EXPIRY-2"], "{}", judged.said());
}
