//! A run respects the server's limits: it paces its requests, locks no account, and reports its cost.

use crate::support::{
    bo_server::{BoServer, NO_WAITING},
    requirements,
};

/// A server whose lifetimes no run waits for.
fn server(options: &[&str]) -> BoServer {
    let lifetimes = ["--access-lifetime", "60", "--refresh-lifetime", "120", "--ott-lifetime", "30"];
    BoServer::start(&[&lifetimes[..], options].concat())
}

fn run<'a>(requirements: &[&'a str]) -> Vec<&'a str> {
    [&["run", "--requirement"], requirements].concat()
}

#[test]
fn a_paced_run_violates_no_limit() {
    let server = server(&["--rate", "20", "--burst", "8", "--block", "3"]);
    let workplace = server
        .workplace(&format!("burst = 8\n{NO_WAITING}\n{}", server.one_time_source(30)))
        .with_replaced("requests_per_second = 0", "requests_per_second = 20");
    workplace.run(&run(&["USE-1", "USE-4", "OTT-3", "ISSUE-18", "REFRESH-10"])).expect_code(0);
    assert_eq!(server.statistics()["violations"], 0);
    let passed = requirements(&workplace.results(), "pass");
    assert_eq!(passed, ["ISSUE-18", "USE-1", "USE-4", "REFRESH-10", "OTT-3"]);
}

#[test]
fn a_run_that_is_too_fast_waits_as_long_as_the_server_asks() {
    let server = server(&["--rate", "10", "--burst", "8", "--block", "1", "--retry-after"]);
    server.workplace(NO_WAITING).run(&run(&["USE-1", "USE-4", "ISSUE-9"])).expect_code(0);
    assert!(server.statistics()["violations"].as_u64() > Some(0), "no request was too fast, so nothing was tested");
}

#[test]
fn wrong_passwords_lock_no_account() {
    let server = server(&["--lock-after", "3"]);
    let selected = run(&["ISSUE-6", "ISSUE-8", "ISSUE-9", "ISSUE-12", "ISSUE-16"]);
    server.workplace(NO_WAITING).run(&selected).expect_code(0);
    assert_eq!(server.statistics()["locked_logins"], 0);
}

#[test]
fn results_report_the_cost_of_the_run() {
    let server = server(&[]);
    let workplace = server.workplace(NO_WAITING);
    workplace.run(&run(&["ISSUE-6", "USE-3"]));
    let (traffic, counted) = (&workplace.results()["traffic"], server.statistics());
    assert_eq!(traffic["requests"], counted["requests"]);
    assert_eq!(traffic["failedLogins"], counted["failed_logins"]);
    assert_eq!(traffic["waitedMs"], 0);
}
