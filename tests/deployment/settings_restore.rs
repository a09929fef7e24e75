//! However a run ends, the server has its former lifetimes again: at once if the run could still restore them, and after the next
//! command if the run was killed.

use std::{
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

use serde_json::{Value, json};

use crate::support::{Workplace, bo_server::BoServer, requirements};

fn server_with_changeable_settings() -> (BoServer, Workplace) {
    let server = BoServer::start(&["--access-lifetime", "60", "--refresh-lifetime", "120", "--ott-lifetime", "30"]);
    let workplace = server.workplace(&format!(
        "max_wait = \"12s\"\nallow_settings_change = true\n\
         short_lifetimes = {{ access = \"5s\", refresh = \"9s\", ott = \"5s\" }}\n{}",
        server.one_time_source(30)
    ));
    (server, workplace)
}

/// Starts a run, sends it a signal after this time, and returns its exit code.
fn interrupted_run(workplace: &Workplace, after: Duration, signal: &str) -> Option<i32> {
    let mut command = workplace.command(&["run", "--requirement", "SETTINGS-4", "EXPIRY-1"]);
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it is built");
    sleep(after);
    Command::new("kill").args([signal, &run.id().to_string()]).status().expect("there is a kill command");
    run.wait().expect("it ends").code()
}

#[test]
fn the_next_command_restores_the_settings_of_a_killed_run() {
    let (server, workplace) = server_with_changeable_settings();
    let before = server.statistics()["lifetimes"].clone();
    let mut found_changed = 0;
    for round in 0..10_u64 {
        // Between the first request and the middle of the first wait.
        interrupted_run(&workplace, Duration::from_millis(60 + round * 131 % 1_000), "-KILL");
        found_changed += u32::from(server.statistics()["lifetimes"] != before);
        let next = workplace.run(&["doctor"]);
        assert_eq!(server.statistics()["lifetimes"], before, "round {round}: {}", next.output());
    }
    assert!(found_changed > 0, "no run was killed while the settings were changed, so nothing was tested");
}

/// Whether SIGHUP is ignored here, as under `nohup`: then a run goes on, as it should.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[test]
fn an_interrupted_run_restores_the_settings() {
    let (server, workplace) = server_with_changeable_settings();
    let before = server.statistics()["lifetimes"].clone();
    let hangup = if ignores_hangup() { "-INT" } else { "-HUP" };
    for (round, signal) in ["-INT", "-TERM", hangup, "-QUIT", "-INT"].into_iter().enumerate() {
        let after = Duration::from_millis(600 + round as u64 * 331);
        assert_eq!(interrupted_run(&workplace, after, signal), Some(3), "round {round}");
        assert_eq!(server.statistics()["lifetimes"], before, "round {round}");
    }
}

#[test]
fn an_interrupted_run_keeps_what_it_judged_and_is_resumed() {
    let (server, workplace) = server_with_changeable_settings();
    let before = server.statistics()["lifetimes"].clone();
    let mut run = workplace.command(&["run", "--requirement", "ISSUE-1", "EXPIRY-1"]);
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it is built");
    // ISSUE-1 is judged in one request; EXPIRY-1 waits until a lifetime of 5 s is over.
    while server.statistics()["lifetimes"] == before {
        sleep(Duration::from_millis(50));
    }
    sleep(Duration::from_secs(2));
    Command::new("kill").args(["-INT", &run.id().to_string()]).status().expect("there is a kill command");
    assert_eq!(run.wait().expect("it ends").code(), Some(3));
    let results = workplace.results();
    assert_eq!((&results["verdict"], &results["interrupted"]), (&json!("inconclusive"), &json!("SIGINT")));
    assert_eq!(requirements(&results, "pass"), ["ISSUE-1"]);
    assert_eq!(requirements(&results, "inconclusive"), ["EXPIRY-1"]);
    let judged_at = |results: &Value| {
        let mut scenarios = results["scenarios"].as_array().into_iter().flatten();
        scenarios.find(|it| it["requirements"] == json!(["ISSUE-1"])).map(|it| it["startedMs"].clone())
    };
    let kept = judged_at(&results);

    let resumed = workplace.run(&["run", "--resume"]).expect_code(0);
    let results = workplace.results();
    assert_eq!((&results["verdict"], &results["interrupted"]), (&json!("conformant"), &Value::Null));
    assert_eq!(requirements(&results, "pass"), ["ISSUE-1", "EXPIRY-1"], "{}", resumed.output());
    assert_eq!(judged_at(&results), kept, "what had been judged was judged again");
    let again = workplace.run(&["run", "--resume"]).expect_code(0);
    assert!(again.stderr.contains("nothing is left to judge in reports/results.json"), "{}", again.output());
    let failed = workplace.run(&["run", "--failed"]).expect_code(3);
    assert!(failed.stderr.contains("no scenario failed"), "{}", failed.output());
}

#[test]
fn a_finished_run_leaves_no_journal() {
    let (server, workplace) = server_with_changeable_settings();
    let before = server.statistics()["lifetimes"].clone();
    workplace.run(&["run", "--requirement", "SETTINGS-5", "SETTINGS-6"]).expect_code(0);
    assert_eq!(server.statistics()["lifetimes"], before);
    let journals = workplace.files().into_iter().filter(|file| file.display().to_string().contains("settings"));
    assert_eq!(journals.count(), 0);
}
