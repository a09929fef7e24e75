//! The command `client` with programs in Python, shell and Node: right ones are not blamed, each fault is found by its requirement, and
//! nothing is left behind by any program.

use std::{
    fs,
    path::Path,
    process::Command,
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use crate::support::{ProgramRun, REPOSITORY, Workplace, requirements};

const PYTHON: &str = "client.py";
const SHELL: &str = "client.sh";
const NODE: &str = "client.mjs";

/// Right clients.
const RIGHT: [(&str, &[&str]); 13] = [
    (PYTHON, &[]),
    (PYTHON, &["ott"]),
    (PYTHON, &["--ahead"]),
    (PYTHON, &["--ahead", "30"]),
    (PYTHON, &["--threads", "4"]),
    (PYTHON, &["--method", "HEAD"]),
    (PYTHON, &["--pace", "0.02"]),
    (PYTHON, &["--ahead", "--threads", "3"]),
    (PYTHON, &["--ahead", "--processes", "3"]),
    (PYTHON, &["fork"]),
    (SHELL, &[]),
    (NODE, &[]),
    (NODE, &["--workers=3"]),
];

/// Faults of clients with the requirement that each breaks; a recommendation has a `!`.
const FAULTS: [(&str, &str, &str); 59] = [
    (PYTHON, "access-to-refresh", "CLIENT-4"),
    (PYTHON, "bare-token", "CLIENT-2"),
    (PYTHON, "crash", "CLIENT-30"),
    (PYTHON, "exit-on-401", "CLIENT-15"),
    (PYTHON, "exit-on-503", "CLIENT-20"),
    (PYTHON, "exit-on-refresh-503", "CLIENT-21"),
    (PYTHON, "exit-on-refused-refresh", "CLIENT-23"),
    (PYTHON, "follow-with-token", "CLIENT-7"),
    (PYTHON, "form-login", "CLIENT-1"),
    (PYTHON, "give-up-on-401", "CLIENT-16"),
    (PYTHON, "hang", "CLIENT-30"),
    (PYTHON, "hot-401", "CLIENT-28"),
    (PYTHON, "hot-503", "CLIENT-29"),
    (PYTHON, "ignore-429", "CLIENT-18"),
    (PYTHON, "ignore-503", "CLIENT-19"),
    (PYTHON, "late-refresh", "CLIENT-9"),
    (PYTHON, "login-each-call", "CLIENT-14"),
    (PYTHON, "login-instead-of-refresh", "CLIENT-8"),
    (PYTHON, "login-loop", "CLIENT-25"),
    (PYTHON, "login-on-503", "CLIENT-20"),
    (PYTHON, "login-on-refresh-503", "CLIENT-22!"),
    (PYTHON, "login-twice", "CLIENT-23"),
    (PYTHON, "lost-hang", "CLIENT-26"),
    (PYTHON, "lost-repeat", "CLIENT-27"),
    (PYTHON, "lost-stop", "CLIENT-26"),
    (PYTHON, "never-refresh", "CLIENT-8"),
    (PYTHON, "no-token-now-and-then", "CLIENT-2"),
    (PYTHON, "no-user-agent", "CLIENT-31!"),
    (PYTHON, "old-access", "CLIENT-11"),
    (PYTHON, "old-refresh", "CLIENT-12"),
    (PYTHON, "ott-in-query", "CLIENT-34"),
    (PYTHON, "ott-twice", "CLIENT-33"),
    (PYTHON, "parallel-refresh", "CLIENT-10"),
    (PYTHON, "password-in-header", "CLIENT-6"),
    (PYTHON, "password-in-query", "CLIENT-3"),
    (PYTHON, "password-to-probe", "CLIENT-6"),
    (PYTHON, "print-secrets", "CLIENT-32!"),
    (PYTHON, "refresh-503-hammer", "CLIENT-21"),
    (PYTHON, "refresh-as-cookie", "CLIENT-5"),
    (PYTHON, "refresh-by-post", "CLIENT-4"),
    (PYTHON, "refresh-each-call", "CLIENT-13"),
    (PYTHON, "refresh-in-body", "CLIENT-4"),
    (PYTHON, "refresh-in-query", "CLIENT-3"),
    (PYTHON, "refresh-to-probe", "CLIENT-5"),
    (PYTHON, "renew-on-503", "CLIENT-20"),
    (PYTHON, "repeat-refused-refresh", "CLIENT-24"),
    (PYTHON, "slow-401", "CLIENT-28!"),
    (PYTHON, "steady-503", "CLIENT-29!"),
    (PYTHON, "text-login", "CLIENT-1"),
    (SHELL, "basic", "CLIENT-2"),
    (SHELL, "follow", "CLIENT-7"),
    (SHELL, "ignore-503", "CLIENT-18"),
    (SHELL, "login-each-expiry", "CLIENT-8"),
    (SHELL, "loud", "CLIENT-32!"),
    (SHELL, "refresh-in-query", "CLIENT-3"),
    (NODE, "crash-on-401", "CLIENT-15"),
    (NODE, "ignore-retry-after", "CLIENT-19"),
    (NODE, "log-token", "CLIENT-32!"),
    (NODE, "token-in-query", "CLIENT-3"),
];

/// Runs a client of this repository in an empty folder.
fn judge(options: &[&str], file: &str, arguments: &[&str]) -> (Workplace, ProgramRun) {
    let interpreter = match file {
        PYTHON => "python3",
        SHELL => "bash",
        _ => "node",
    };
    let path = Path::new(REPOSITORY).join("tests/clients").join(file);
    let path = path.to_str().expect("the path is UTF-8");
    judge_command(options, &[&[interpreter, path], arguments].concat())
}

fn judge_command(options: &[&str], command: &[&str]) -> (Workplace, ProgramRun) {
    let workplace = Workplace::new();
    let run = workplace.run(&[&["client"], options, &["--"], command].concat());
    (workplace, run)
}

/// The phases in which tokens expire, in short.
const EXPIRY: [&str; 6] = ["--access-lifetime", "1", "--requirement", "CLIENT-8", "CLIENT-9", "CLIENT-11"];

#[test]
fn a_right_client_refreshes_and_is_not_blamed() {
    let (workplace, run) = judge(&EXPIRY, PYTHON, &["--threads", "2"]);
    run.expect_code(0);
    assert_eq!(requirements(&workplace.results(), "pass"), ["CLIENT-8", "CLIENT-9", "CLIENT-11"]);
}

#[test]
fn a_client_that_logs_in_instead_of_refreshing_is_found() {
    let (workplace, run) = judge(&EXPIRY, PYTHON, &["login-instead-of-refresh"]);
    let run = run.expect_code(1);
    assert_eq!(requirements(&workplace.results(), "fail"), ["CLIENT-8"]);
    assert!(run.stdout.contains("POST /proftrading/rest/auth/token"), "the requests are shown: {}", run.stdout);
}

#[test]
fn a_program_that_ends_at_once_is_quoted_without_its_secrets() {
    let script = "echo cannot go on as $BO_LOGIN with $BO_PASSWORD >&2; exit 3";
    let (workplace, run) = judge_command(&["--requirement", "CLIENT-30", "CLIENT-32"], &["sh", "-c", script]);
    let run = run.expect_code(1);
    let results = workplace.results();
    assert_eq!(requirements(&results, "fail"), ["CLIENT-30"]);
    assert_eq!(requirements(&results, "warn"), ["CLIENT-32"]);
    let text = results.to_string();
    assert!(text.contains("cannot go on as client-under-test with ‹password #1›"), "{text}");
    assert!(run.stderr.is_empty(), "{}", run.stderr);
}

#[test]
fn a_program_that_cannot_be_started_ends_with_2() {
    let (_, run) = judge_command(&[], &["./no-such-client"]);
    let run = run.expect_code(2);
    assert!(run.stderr.contains("`./no-such-client` cannot be started"), "{}", run.stderr);
}

/// The program ignores SIGTERM, and starts another one in a session of its own.
#[cfg(target_os = "linux")]
#[test]
fn nothing_of_a_program_survives_its_run() {
    let script = "trap '' TERM; setsid sleep 600 & echo $! $$ > processes; wait";
    let options = ["--requirement", "CLIENT-1", "--start-time", "1", "--time-limit", "2"];
    let (workplace, run) = judge_command(&options, &["bash", "-c", script]);
    run.expect_code(3);
    let processes = fs::read_to_string(workplace.path("processes")).expect("the program was started");
    assert_eq!(processes.split_whitespace().count(), 2, "{processes}");
    let is_running = |process: &str| fs::read(format!("/proc/{process}/cmdline")).is_ok_and(|line| !line.is_empty());
    let until = Instant::now() + Duration::from_secs(10);
    while processes.split_whitespace().any(is_running) {
        assert!(Instant::now() < until, "{processes} are still running");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_client_that_breaks_a_requirement_is_not_certified_and_the_reason_is_named() {
    let (workplace, run) = judge_command(&["--requirement", "CLIENT-30"], &["sh", "-c", "exit 3"]);
    run.expect_code(1);
    workplace.run(&["certify", "--new-key", "key.pem"]).expect_code(0);
    let refused = workplace.run(&["certify", "--key", "key.pem"]).expect_code(1);
    for reason in ["only a part of the suite was run", "the client breaks CLIENT-30"] {
        assert!(refused.stderr.contains(reason), "{}", refused.stderr);
    }
}

/// Calls a function for every item, some at the same time: runs wait most of the time.
fn for_each<T: Sync>(items: &[T], act: impl Fn(&T) + Sync) {
    let left = Mutex::new(items.iter());
    let next = || left.lock().expect("no other one panicked").next();
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| std::iter::from_fn(next).for_each(&act));
        }
    });
}

/// Clients that were imagined from the statements alone. Those on libraries need packages, and are run by hand.
#[test]
#[ignore = "seven minutes: every client through all phases; not in CI"]
fn clients_imagined_from_the_statements_are_judged_right() {
    let folder = Path::new(REPOSITORY).join("tests/foreign/clients");
    let list = fs::read_to_string(folder.join("list.txt")).expect("it is in the repository");
    let clients: Vec<(&str, &str)> = list.lines().filter_map(|line| line.split_once(" | ")).collect();
    assert!(clients.len() > 60, "{}", clients.len());
    for_each(&clients, |(command, expected)| {
        let words: Vec<&str> = command.split(' ').collect();
        let [interpreter, file, ..] = words[..] else { panic!("{command} names no file") };
        if file.starts_with("libraries.") || Command::new(interpreter).arg("--version").output().is_err() {
            return;
        }
        let path = folder.join(file);
        let path = path.to_str().expect("the path is UTF-8");
        let (workplace, run) = judge_command(&[], &[&[interpreter, path], &words[2..]].concat());
        let results = workplace.results();
        let found = [requirements(&results, "fail"), requirements(&results, "warn")].concat();
        let is_right = match *expected {
            "right" => found.is_empty() && results["verdict"] == "conformant",
            ids => ids.split(' ').any(|id| found.iter().any(|found| found == id)),
        };
        assert!(is_right, "{command}: {found:?} instead of {expected}\n{}", run.output());
    });
}

fn can_run(file: &str) -> bool {
    file != NODE || Command::new("node").arg("--version").output().is_ok()
}

#[test]
#[ignore = "a minute: every right client through all phases; not in CI"]
fn right_clients_are_not_blamed() {
    for_each(&RIGHT, |(file, arguments)| {
        if can_run(file) {
            let (workplace, run) = judge(&[], file, arguments);
            run.expect_code(0);
            let results = workplace.results();
            for verdict in ["fail", "warn", "inconclusive"] {
                assert_eq!(requirements(&results, verdict), [""; 0], "{file} {arguments:?}: {verdict}");
            }
            workplace.run(&["certify", "--new-key", "key"]).expect_code(0);
            workplace.run(&["certify", "--key", "key"]).expect_code(0);
            let verified = workplace.run(&["verify", "--key", "key.pub"]).expect_code(0);
            assert!(verified.stdout.contains(file), "{}", verified.stdout);
        }
    });
}

#[test]
#[ignore = "six minutes: every fault of every client through all phases; not in CI"]
fn every_fault_is_found_by_its_requirement() {
    for_each(&FAULTS, |(file, fault, expected)| {
        if can_run(file) {
            let arguments: &[&str] = if *fault == "parallel-refresh" { &["--threads", "4"] } else { &[] };
            let (workplace, run) = judge(&[], file, &[&[*fault], arguments].concat());
            let (verdict, code) = if expected.ends_with('!') { ("warn", 0) } else { ("fail", 1) };
            let run = run.expect_code(code);
            let found = requirements(&workplace.results(), verdict);
            let expected = expected.trim_end_matches('!');
            assert!(found.iter().any(|id| id == expected), "{fault} of {file}: {found:?}\n{}", run.output());
        }
    });
}
