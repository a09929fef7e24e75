//! Whatever becomes of a run, the lifetimes of the server are afterwards what they were before: at once when the run could still
//! do something about it, and after the next command when it was killed.

#![cfg(unix)]

mod program;
mod server;

use std::{process::Command, thread::sleep, time::Duration};

use server::Server;

const RUN: [&str; 6] = ["run", "--target", "foreign", "--requirement", "SETTINGS-4", "EXPIRY-1"];

fn server_whose_settings_may_change() -> Server {
    let server = Server::start(&[]);
    server.configure(&format!(
        "requests_per_second = 0\nmax_wait = \"12s\"\nallow_settings_change = true\n\
         short_lifetimes = {{ access = \"5s\", refresh = \"9s\", ott = \"5s\" }}\n{}",
        server.source("30")
    ));
    server
}

/// Starts a run and stops it after this time; gives its exit code.
fn interrupted_run(server: &Server, after: Duration, signal: &str) -> Option<i32> {
    let mut run = server.program(&RUN).spawn().expect("it is built");
    sleep(after);
    let id = run.id().to_string();
    Command::new("kill").args([signal, &id]).status().expect("there is a kill");
    run.wait().expect("it ends").code()
}

#[test]
fn a_killed_run_is_made_good_by_the_next_command() {
    let server = server_whose_settings_may_change();
    let before = server.statistics()["lifetimes"].clone();
    let mut found_changed = 0;
    for round in 0..10_u64 {
        // Anywhere between the first request and the middle of the first wait.
        interrupted_run(&server, Duration::from_millis(60 + round * 131 % 1_000), "-KILL");
        found_changed += u32::from(server.statistics()["lifetimes"] != before);
        let next = server.program(&["doctor", "--target", "foreign"]).output().expect("it runs");
        let said = String::from_utf8_lossy(&next.stderr).into_owned() + &String::from_utf8_lossy(&next.stdout);
        assert_eq!(server.statistics()["lifetimes"], before, "round {round}: {said}");
    }
    assert!(found_changed > 0, "no kill came between the change and its end, so nothing was shown");
}

#[test]
fn an_interrupted_run_puts_everything_back_itself() {
    let server = server_whose_settings_may_change();
    let before = server.statistics()["lifetimes"].clone();
    for (round, signal) in ["-INT", "-TERM", "-INT", "-TERM", "-INT"].into_iter().enumerate() {
        let after = Duration::from_millis(600 + round as u64 * 331);
        assert_eq!(interrupted_run(&server, after, signal), Some(3), "round {round}");
        assert_eq!(server.statistics()["lifetimes"], before, "round {round}");
    }
}

#[test]
fn a_run_that_ends_leaves_nothing_behind() {
    let server = server_whose_settings_may_change();
    let before = server.statistics()["lifetimes"].clone();
    let judged = server.run(&["--requirement", "SETTINGS-5", "SETTINGS-6"]);
    assert_eq!(judged.code(), Some(0), "{}", judged.said());
    assert_eq!(server.statistics()["lifetimes"], before);
    let entries = std::fs::read_dir(server.folder.path()).expect("it is there");
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().display().to_string()));
    assert_eq!(names.filter(|name| name.contains("settings")).collect::<Vec<_>>(), [""; 0]);
}
