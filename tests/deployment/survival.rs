//! `survival` around real restarts of the stand-in: its process is killed and started again.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    cluster::Cluster,
    support::{Workplace, requirements},
};

const USERS: [&str; 4] = ["--user", "qa1:pw-of-qa1", "--user", "qa2:pw-of-qa2"];

/// A stand-in that keeps its state in a file, on a port of its own.
pub(crate) struct Restarted {
    process: Child,
    pub(crate) workplace: Workplace,
    address: String,
    options: Vec<String>,
}

impl Restarted {
    pub(crate) fn start(options: &[&str]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr()).expect("a port is free").port();
        let address = format!("127.0.0.1:{port}");
        let configuration = format!(
            "[targets.served]\nbase_url = \"http://{address}/proftrading/rest\"\nlogin = \"qa1\"\n\
             password = {{ env = \"FIRST\" }}\nprobe = \"/accounts?limit=1\"\nprobe_login = \"/0/owner\"\n\
             requests_per_second = 0\nmax_wait = \"2s\"\nmargin = \"300ms\"\n\
             second_user = {{ login = \"qa2\", password = {{ env = \"SECOND\" }} }}\n\
             [targets.served.ott]\nlogin = \"qa1\"\nlifetime = \"30s\"\ncommand = [\"python3\", \"-c\", \"import sys, \
             urllib.request as r; print(r.urlopen(sys.argv[1]).read().decode())\", \"http://{address}/external-link/qa1\"]\n"
        );
        let workplace = Workplace::new().with_file("bo-conformance.toml", &configuration);
        let workplace = workplace.with_variable("FIRST", "pw-of-qa1").with_variable("SECOND", "pw-of-qa2");
        let state = workplace.path("state").display().to_string();
        let workplace = workplace.with_variable("XDG_STATE_HOME", &state);
        let options: Vec<String> = options.iter().map(|it| (*it).to_owned()).collect();
        let process = launch(&workplace, &address, &options, &[]);
        Self { process, workplace, address, options }
    }

    fn restart(&mut self, faults: &[&str]) {
        self.kill();
        self.process = launch(&self.workplace, &self.address, &self.options, faults);
    }

    fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it ends");
    }

    fn begin(&self) {
        self.workplace.run(&["survival", "begin", "--state", "kept"]).expect_code(0);
    }

    /// The requirements that `end` finds broken.
    fn broken(&self) -> Vec<String> {
        self.end(&[]);
        let results = self.workplace.results();
        [requirements(&results, "fail"), requirements(&results, "warn")].concat()
    }

    fn end(&self, options: &[&str]) -> Option<i32> {
        self.workplace.run(&[&["survival", "end", "--state", "kept"], options].concat()).code
    }
}

impl Drop for Restarted {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn launch(workplace: &Workplace, address: &str, options: &[String], faults: &[&str]) -> Child {
    let mut arguments = vec!["standin", "--listen", address, "--state", "server.json"];
    arguments.extend(USERS);
    arguments.extend(options.iter().map(String::as_str));
    arguments.extend(faults);
    let mut process = workplace.command(&arguments).stdout(Stdio::piped()).spawn().expect("it is built");
    let mut first = String::new();
    let mut lines = BufReader::new(process.stdout.take().expect("it is piped"));
    lines.read_line(&mut first).expect("it can be read");
    assert!(first.starts_with("listening "), "{first}");
    // The pipe stays open as long as the process writes.
    thread::spawn(move || while lines.read_line(&mut String::new()).is_ok_and(|read| read > 0) {});
    process
}

/// The faults of a restart, and the requirements that must break: all of them, and no other.
const FAULTS: [(&[&str], &[&str]); 9] = [
    (&["state-lost"], &["SURVIVE-3", "SURVIVE-4", "SURVIVE-2"]),
    (&["access-lost"], &["SURVIVE-3"]),
    (&["refresh-lost"], &["SURVIVE-4"]),
    (&["one-time-lost"], &["SURVIVE-2"]),
    (&["one-time-uses-forgotten"], &["SURVIVE-1"]),
    (&["spent-forgotten"], &["SURVIVE-5"]),
    (&["clock-ahead"], &["SURVIVE-3", "SURVIVE-6", "SURVIVE-2"]),
    (&["users-swapped"], &["SURVIVE-7"]),
    (&[], &[]),
];

#[test]
fn a_restart_that_loses_or_revives_tokens_breaks_the_requirement_about_it() {
    let mut served = Restarted::start(&[]);
    for (faults, broken) in FAULTS {
        served.begin();
        let options: Vec<&str> = faults.iter().flat_map(|fault| ["--restart-fault", fault]).collect();
        served.restart(&options);
        assert_eq!(served.broken(), broken, "{faults:?}");
        assert!(!served.workplace.path("kept/survival.state").exists());
    }
}

#[test]
fn short_lives_settings_and_counters_are_compared_over_a_restart() {
    let mut served = Restarted::start(&["--access-lifetime", "1"]);
    served.begin();
    served.restart(&["--restart-fault", "expired-return"]);
    assert!(served.broken().contains(&"SURVIVE-5".to_owned()));
    served.begin();
    served.restart(&["--restart-fault", "clock-back"]);
    assert_eq!(served.broken(), ["SURVIVE-5", "SURVIVE-6"]);
    served.options.extend(["--fault".to_owned(), "issue-access-token-counted".to_owned()]);
    served.restart(&["--restart-fault", "state-lost"]);
    served.begin();
    // The lifetimes of the start are others now, and sessions are counted from one again.
    "9".clone_into(&mut served.options[1]);
    served.restart(&["--restart-fault", "state-lost"]);
    let broken = served.broken();
    assert!(["SURVIVE-4", "SURVIVE-6", "SURVIVE-7"].iter().all(|id| broken.iter().any(|it| it == id)), "{broken:?}");
}

#[test]
fn settings_of_the_start_and_a_counter_that_begins_again_are_found() {
    for (fault, broken) in [("settings-reset", "SURVIVE-6"), ("counter-restarted", "SURVIVE-7")] {
        let mut served = Restarted::start(&["--access-lifetime", "300", "--fault", "issue-access-token-counted"]);
        served.begin();
        if fault == "settings-reset" {
            "600".clone_into(&mut served.options[1]);
        }
        served.restart(&["--restart-fault", fault]);
        assert_eq!(served.broken(), [broken]);
    }
}

#[test]
fn old_and_new_nodes_that_serve_together_are_watched_each_by_itself() {
    let run = |fault: &str| {
        let cluster = Cluster::start(&["--fault", fault, "--later", "--balance", "request"]);
        let workplace = cluster.workplace(true);
        let state = workplace.path("state").display().to_string();
        let workplace = workplace.with_variable("XDG_STATE_HOME", &state);
        let command = format!("{}; import time; time.sleep(1)", cluster.command_to_begin());
        workplace.run(&["survival", "run", "--", "python3", "-c", &command]);
        workplace.results()
    };
    // A node that is taken out of the pool breaks no promise.
    let results = run("down");
    assert_eq!(requirements(&results, "fail"), [""; 0]);
    let answers: Vec<&str> =
        results["observations"].as_array().into_iter().flatten().filter_map(|it| it["answer"].as_str()).collect();
    assert_eq!(answers.len(), 4, "{answers:?}");
    assert!(answers[..3].iter().all(|answer| answer.starts_with("never; ")), "{answers:?}");
    assert!(answers[3].starts_with("to the end of the watch (first refusal "), "{answers:?}");
    // A new build with a key of its own refuses the tokens of the old ones, which still serve.
    assert!(requirements(&run("other-key"), "fail").contains(&"SURVIVE-8".to_owned()));
}

#[test]
fn sessions_may_end_where_that_is_declared() {
    let mut served = Restarted::start(&[]);
    served.begin();
    served.restart(&["--restart-fault", "access-lost", "--restart-fault", "refresh-lost"]);
    served.workplace.run(&["survival", "end", "--state", "kept", "--sessions-end-at-restart"]).expect_code(0);
    served.begin();
    served.restart(&[]);
    assert_eq!(served.end(&["--sessions-end-at-restart"]), Some(1));
    assert_eq!(requirements(&served.workplace.results(), "fail"), ["SURVIVE-3", "SURVIVE-4"]);
}

/// Runs a command of the program around a shell command that waits, while the test restarts the server; the true outage comes with it.
pub(crate) fn around(served: &mut Restarted, run: &[&str], away: Duration, faults: &[&str]) -> (i32, f64) {
    let mut process = served
        .workplace
        .command(&[run, &["--", "sh", "-c", "touch began; sleep 2"]].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it is built");
    while !served.workplace.path("began").exists() {
        thread::sleep(Duration::from_millis(10));
    }
    thread::sleep(Duration::from_millis(450));
    served.kill();
    let killed = Instant::now();
    thread::sleep(away);
    served.process = launch(&served.workplace, &served.address, &served.options, faults);
    let outage = killed.elapsed().as_secs_f64();
    let code = process.wait().expect("it ends").code().expect("no signal ended it");
    std::fs::remove_file(served.workplace.path("began")).expect("it was made");
    (code, outage)
}

#[test]
fn the_outage_around_a_command_agrees_with_the_true_one_and_wrong_answers_are_named() {
    let mut served = Restarted::start(&[]);
    let (code, outage) = around(&mut served, &["survival", "run"], Duration::from_millis(700), &[]);
    let results = served.workplace.results();
    assert_eq!((code, requirements(&results, "fail")), (0, Vec::new()));
    let answer = results["observations"][0]["answer"].as_str().expect("it is text");
    let seen = answer.strip_prefix("for ").and_then(|it| it.split(' ').next()).and_then(|it| it.parse::<f64>().ok());
    let seen = seen.unwrap_or_else(|| panic!("{answer}"));
    assert!((seen - outage).abs() <= 0.2, "seen {seen}, true {outage}: {answer}");
    let (code, _) = around(&mut served, &["survival", "run"], Duration::from_millis(100), &["--starting", "400ms"]);
    assert_eq!(code, 0, "503 while it starts");
    let (code, _) = around(
        &mut served,
        &["survival", "run"],
        Duration::from_millis(100),
        &["--starting", "400ms", "--starting-status", "500"],
    );
    assert_eq!((code, requirements(&served.workplace.results(), "fail")), (1, vec!["SURVIVE-8".to_owned()]));
}

#[test]
fn a_state_of_somebody_else_is_refused_and_nothing_of_it_can_be_read() {
    let served = Restarted::start(&[]);
    served.begin();
    let text = std::fs::read_to_string(served.workplace.path("kept/survival.state")).expect("it is there");
    let saved = std::fs::read_to_string(served.workplace.path("server.json")).expect("it is there");
    let saved: serde_json::Value = serde_json::from_str(&saved).expect("it is JSON");
    for kind in ["access", "refresh", "oneTime"] {
        for token in saved[kind].as_array().expect("it is a list") {
            assert!(!text.contains(token["token"].as_str().expect("it is text")));
        }
    }
    let stolen =
        served.workplace.command(&["survival", "end", "--state", "kept"]).env("XDG_STATE_HOME", "/nowhere").output();
    let stolen = stolen.expect("it is built");
    let told = String::from_utf8_lossy(&stolen.stderr).into_owned();
    assert!(stolen.status.code() == Some(2) && told.contains("only where it was made"), "{told}");
    assert_eq!(served.workplace.run(&["survival", "begin", "--state", "kept"]).code, Some(2));
}
