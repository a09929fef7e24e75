//! The command `watch` on a served stand-in: exit codes, metrics, the state, and its end on a signal.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Command, Stdio},
};

use crate::{
    standin::{StandInProcess, post},
    support::Workplace,
};

/// A configuration of this server.
fn workplace(base_url: &str) -> Workplace {
    let configuration = format!(
        "[targets.served]\nbase_url = \"{base_url}\"\nlogin = \"qa1\"\npassword = {{ env = \"FIRST\" }}\n\
         probe = \"/accounts?limit=1\"\nprobe_login = \"/0/owner\"\nrequests_per_second = 0\n"
    );
    Workplace::new().with_file("bo-conformance.toml", &configuration).with_variable("FIRST", "pw-of-qa1")
}

const ROUND: [&str; 6] = ["watch", "--rounds", "1", "--state", "watch.json", "--metrics"];

#[test]
fn single_rounds_tell_what_is_wrong_and_what_has_changed_since() {
    let served = StandInProcess::start(&["--control", "127.0.0.1:0"]);
    let control = served.value_of("control http://").trim_end_matches('/');
    let workplace = workplace(served.value_of("listening "));
    let round = || workplace.run(&[&ROUND[..], &["watch.prom"]].concat());
    let good = round().expect_code(0);
    assert!(good.stdout.contains("0 fail, 0 changes"), "{}", good.stdout);
    post(control, "/faults", r#"{"names": ["use-open-to-all"]}"#);
    let wrong = round().expect_code(1);
    assert!(
        wrong.stdout.contains("incident: USE-3: a protected call without a token is answered 200"),
        "{}",
        wrong.stdout
    );
    let metrics = std::fs::read_to_string(workplace.path("watch.prom")).expect("it is written");
    assert!(metrics.contains("bo_conformance_watch_check_ok{target=\"served\",check=\"no_token\"} 0\n"), "{metrics}");
    let state = std::fs::read_to_string(workplace.path("watch.json")).expect("it is written");
    assert!(state.contains("the lifetime of access tokens") && !state.contains("pw-of-qa1"), "{state}");
}

#[test]
fn a_server_that_is_not_there_cannot_be_judged() {
    let ended = workplace("http://127.0.0.1:9").run(&["watch", "--rounds", "1"]).expect_code(3);
    assert!(ended.stdout.contains("0 checks pass"), "{}", ended.stdout);
}

#[test]
fn it_serves_metrics_and_ends_on_a_signal() {
    let served = StandInProcess::start(&[]);
    let workplace = workplace(served.value_of("listening "));
    let mut watching = workplace.command(&["watch", "--metrics-listen", "127.0.0.1:0"]);
    let mut watching = watching.stdout(Stdio::piped()).spawn().expect("it is built");
    let mut lines = BufReader::new(watching.stdout.take().expect("it is piped")).lines();
    let mut line = || lines.next().expect("it goes on").expect("it is text");
    assert_eq!(line(), "watching served every 300 s");
    let address = line().strip_prefix("metrics http://").and_then(|it| it.strip_suffix("/metrics")).map(str::to_owned);
    assert!(line().contains(" served: "), "the first round is summed up");
    let metrics = get(&address.expect("it is told"), "/metrics");
    assert!(metrics.starts_with("HTTP/1.1 200") && metrics.contains("bo_conformance_watch_up{"), "{metrics}");
    let told = Command::new("kill").args(["-TERM", &watching.id().to_string()]).status().expect("there is kill");
    assert!(told.success());
    assert_eq!(watching.wait().expect("it ends").code(), Some(0));
}

fn get(authority: &str, path: &str) -> String {
    let mut stream = std::net::TcpStream::connect(authority).expect("it listens");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
    std::io::Write::write_all(&mut stream, request.as_bytes()).expect("it is read");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it is text");
    answer
}
