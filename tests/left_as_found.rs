//! Whatever becomes of a run, the lifetimes of the server are afterwards what they were before: at once when the run could still
//! do something about it, and after the next command when it was killed.

#![cfg(unix)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use serde_json::Value;

/// A server in another language, which ends with its standard input.
struct Foreign {
    process: Child,
    base_url: String,
}

impl Foreign {
    fn start() -> Self {
        let mut process = Command::new("python3")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign/bo_server.py"))
            .args(["--user", "qa1:pass-of-qa1", "--user", "qa2:pass-of-qa2"])
            .args(["--access-lifetime", "60", "--refresh-lifetime", "120", "--ott-lifetime", "30"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is there");
        let mut line = String::new();
        let output = process.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut line).expect("it says where it listens");
        let base_url = line.trim().trim_start_matches("listening ").to_owned();
        Self { process, base_url }
    }

    fn lifetimes(&self) -> Value {
        let (host, path) = self.base_url.trim_start_matches("http://").split_once('/').expect("there is a path");
        let mut stream = TcpStream::connect(host).expect("it listens");
        write!(stream, "GET /{path}/_stats HTTP/1.0\r\nHost: {host}\r\n\r\n").expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (_, body) = answer.split_once("\r\n\r\n").expect("there is a body");
        serde_json::from_str::<Value>(body).expect("it is JSON")["lifetimes"].clone()
    }

    fn configuration(&self, folder: &Path) {
        let text = format!(
            r#"
            [targets.foreign]
            base_url = "{}"
            login = "qa1"
            password = {{ env = "FOREIGN_PASSWORD" }}
            probe = "/whoami"
            requests_per_second = 0
            max_wait = "12s"
            allow_settings_change = true
            short_lifetimes = {{ access = "5s", refresh = "9s", ott = "5s" }}
            [targets.foreign.ott]
            command = ["python3", "{}/tests/foreign/mint_ott.py", "{}", "{{login}}"]
            login = "qa1"
            lifetime = "30s"
            "#,
            self.base_url,
            env!("CARGO_MANIFEST_DIR"),
            self.base_url
        );
        std::fs::write(folder.join("bo-conformance.toml"), text).expect("there is room");
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing to do about it then.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bo-conformance"));
    command.args(arguments).current_dir(folder).env("FOREIGN_PASSWORD", "pass-of-qa1");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

const RUN: [&str; 6] = ["run", "--target", "foreign", "--requirement", "SETTINGS-4", "EXPIRY-1"];

/// Starts a run and stops it after this time; gives its exit code.
fn interrupted_run(folder: &Path, after: Duration, signal: &str) -> Option<i32> {
    let mut run = program(folder, &RUN).spawn().expect("it is built");
    sleep(after);
    let id = run.id().to_string();
    Command::new("kill").args([signal, &id]).status().expect("there is a kill");
    run.wait().expect("it ends").code()
}

#[test]
fn a_killed_run_is_made_good_by_the_next_command() {
    let (server, folder) = (Foreign::start(), tempfile::tempdir().expect("there is room"));
    server.configuration(folder.path());
    let before = server.lifetimes();
    let mut found_changed = 0;
    for round in 0..10_u64 {
        // Anywhere between the first request and the middle of the first wait.
        interrupted_run(folder.path(), Duration::from_millis(60 + round * 131 % 1_000), "-KILL");
        found_changed += u32::from(server.lifetimes() != before);
        let next = program(folder.path(), &["doctor", "--target", "foreign"]).output().expect("it runs");
        let said = String::from_utf8_lossy(&next.stderr).into_owned() + &String::from_utf8_lossy(&next.stdout);
        assert_eq!(server.lifetimes(), before, "round {round}: {said}");
    }
    assert!(found_changed > 0, "no kill came between the change and its end, so nothing was shown");
}

#[test]
fn an_interrupted_run_puts_everything_back_itself() {
    let (server, folder) = (Foreign::start(), tempfile::tempdir().expect("there is room"));
    server.configuration(folder.path());
    let before = server.lifetimes();
    for (round, signal) in ["-INT", "-TERM", "-INT", "-TERM", "-INT"].into_iter().enumerate() {
        let after = Duration::from_millis(400 + round as u64 * 331);
        assert_eq!(interrupted_run(folder.path(), after, signal), Some(3), "round {round}");
        assert_eq!(server.lifetimes(), before, "round {round}");
    }
}

#[test]
fn a_run_that_ends_leaves_nothing_behind() {
    let (server, folder) = (Foreign::start(), tempfile::tempdir().expect("there is room"));
    server.configuration(folder.path());
    let before = server.lifetimes();
    let output = program(folder.path(), &["run", "--target", "foreign", "--requirement", "SETTINGS-5", "SETTINGS-6"])
        .output()
        .expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(server.lifetimes(), before);
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .expect("it is there")
        .filter_map(|entry| Some(entry.ok()?.file_name().display().to_string()))
        .filter(|name| name.contains("settings"))
        .collect();
    assert_eq!(left, [""; 0]);
}
