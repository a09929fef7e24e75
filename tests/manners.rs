//! On somebody's server: not faster than allowed, no account locked, and the cost told.

mod program;
mod server;

use server::Server;

#[test]
fn a_paced_run_breaks_no_limit() {
    let server = Server::start(&["--rate", "20", "--burst", "8", "--block", "3"]);
    server.configure(&format!("requests_per_second = 20\nburst = 8\nmax_wait = \"1s\"\n{}", server.source("30")));
    let judged = server.run(&["--requirement", "USE-1", "USE-4", "OTT-3", "ISSUE-18", "REFRESH-10"]);
    assert_eq!(judged.code(), Some(0), "{}", judged.said());
    assert_eq!(server.statistics()["violations"], 0);
    assert_eq!(judged.with("pass"), ["ISSUE-18", "USE-1", "USE-4", "REFRESH-10", "OTT-3"]);
}

#[test]
fn a_run_that_is_too_fast_waits_as_long_as_the_server_says() {
    let server = Server::start(&["--rate", "10", "--burst", "8", "--block", "1", "--retry-after"]);
    let judged = server.run(&["--requirement", "USE-1", "USE-4", "ISSUE-9"]);
    assert_eq!(judged.code(), Some(0), "{}", judged.said());
    assert!(server.statistics()["violations"].as_u64() > Some(0), "nothing was too fast, so nothing was shown");
}

#[test]
fn wrong_passwords_lock_no_account() {
    let server = Server::start(&["--lock-after", "3"]);
    let judged = server.run(&["--requirement", "ISSUE-6", "ISSUE-8", "ISSUE-9", "ISSUE-12", "ISSUE-16"]);
    assert_eq!(judged.code(), Some(0), "{}", judged.said());
    assert_eq!(server.statistics()["locked_logins"], 0);
}

#[test]
fn the_results_tell_what_the_run_cost() {
    let server = Server::start(&[]);
    let judged = server.run(&["--requirement", "ISSUE-6", "USE-3"]);
    let (told, counted) = (&judged.results["traffic"], server.statistics());
    assert_eq!(told["requests"], counted["requests"], "{}", judged.said());
    assert_eq!(told["failedLogins"], counted["failed_logins"]);
    assert_eq!(told["waitedMs"], 0);
}
