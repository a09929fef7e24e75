//! The command `standin`: a run judges the served stand-in like any deployment.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
};

use serde_json::json;

use crate::support::{Workplace, browser::Browser, requirements};

/// The stand-in as a process, and the first lines that it prints.
pub(crate) struct StandInProcess {
    process: Child,
    lines: Vec<String>,
}

impl StandInProcess {
    pub(crate) fn start(options: &[&str]) -> Self {
        let arguments =
            [&["standin", "--listen", "127.0.0.1:0", "--user", "qa1:pw-of-qa1", "--user", "qa2:pw-of-qa2"], options];
        let mut process =
            Workplace::new().command(&arguments.concat()).stdout(Stdio::piped()).spawn().expect("it is built");
        let prints = |flag: &str| options.contains(&flag);
        let last = if prints("--nodes") {
            "node "
        } else if prints("--control") {
            "control "
        } else {
            "document "
        };
        let mut lines = Vec::new();
        for line in BufReader::new(process.stdout.take().expect("it is piped")).lines() {
            lines.push(line.expect("it can be read"));
            if lines.last().is_some_and(|line| line.starts_with(last)) {
                break;
            }
        }
        Self { process, lines }
    }

    /// The rest of the line that begins with these words.
    pub(crate) fn value_of(&self, words: &str) -> &str {
        let found = self.lines.iter().find_map(|line| line.strip_prefix(words));
        found.unwrap_or_else(|| panic!("no {words:?} in {:?}", self.lines))
    }
}

impl Drop for StandInProcess {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_run_judges_it_with_one_time_tokens_from_its_external_links() {
    let served = StandInProcess::start(&[]);
    let (base_url, link) = (served.value_of("listening "), served.value_of("external link "));
    let links = link.strip_suffix("qa1").expect("it is that of the first user");
    let configuration = format!(
        "[targets.served]\nbase_url = \"{base_url}\"\nlogin = \"qa1\"\npassword = {{ env = \"FIRST\" }}\n\
         probe = \"/accounts?limit=1\"\nprobe_login = \"/0/owner\"\nrequests_per_second = 0\nmax_wait = \"1s\"\n\
         second_user = {{ login = \"qa2\", password = {{ env = \"SECOND\" }} }}\n\
         [targets.served.ott]\nlogin = \"qa1\"\nsecond_login = \"qa2\"\n\
         command = [\"python3\", \"-c\", \"import sys, urllib.request as r; print(r.urlopen(sys.argv[1]).read().decode())\", \
         \"{links}{{login}}\"]\n"
    );
    let workplace = Workplace::new().with_file("bo-conformance.toml", &configuration);
    let workplace = workplace.with_variable("FIRST", "pw-of-qa1").with_variable("SECOND", "pw-of-qa2");
    workplace
        .run(&["run", "--target", "served", "--requirement", "ISSUE-1", "USE-1", "OTT-1", "OTT-2", "OTT-9"])
        .expect_code(0);
    assert_eq!(requirements(&workplace.results(), "pass"), ["ISSUE-1", "USE-1", "OTT-1", "OTT-2", "OTT-9"]);
}

#[test]
fn a_run_judges_it_over_tls_and_the_control_address_is_obeyed() {
    let workplace = Workplace::new();
    let authority = workplace.path("ca.pem").display().to_string();
    let served = StandInProcess::start(&["--tls", "--tls-ca", &authority, "--nodes", "2", "--control", "127.0.0.1:0"]);
    let configuration = format!(
        "[targets.served]\nbase_url = \"{}\"\nlogin = \"qa1\"\npassword = {{ env = \"FIRST\" }}\n\
         probe = \"/accounts?limit=1\"\nrequests_per_second = 0\nca_certificate = \"ca.pem\"\n",
        served.value_of("listening ")
    );
    let workplace = workplace.with_file("bo-conformance.toml", &configuration).with_variable("FIRST", "pw-of-qa1");
    let arguments = ["run", "--target", "served", "--requirement", "ISSUE-1", "USE-1", "USE-3"];
    workplace.run(&arguments).expect_code(0);
    let control = served.value_of("control http://").trim_end_matches('/');
    let answer = post(control, "/faults", r#"{"names": ["use-open-to-all"]}"#);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let node = served.value_of("node ");
    assert!(node.starts_with("https://"), "{node}");
    workplace.run(&[&arguments[..], &["--base-url", node]].concat()).expect_code(1);
    assert_eq!(requirements(&workplace.results(), "fail"), ["USE-3"]);
}

/// Sends JSON and returns the whole answer.
pub(crate) fn post(authority: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(authority).expect("it listens");
    let length = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes()).expect("it is read");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it is text");
    answer
}

#[test]
fn a_control_address_that_others_reach_is_refused() {
    let ended = Workplace::new().run(&["standin", "--listen", "127.0.0.1:0", "--control", "0.0.0.0:0"]).expect_code(2);
    assert!(ended.stderr.contains("--control must be an address of this machine"), "{}", ended.stderr);
}

#[test]
fn an_address_that_is_none_is_refused() {
    let ended = Workplace::new().run(&["standin", "--external-link", "welcome"]).expect_code(2);
    assert!(ended.stderr.contains("invalid value 'welcome' for '--external-link <URL>'"), "{}", ended.stderr);
}

/// What a page does: logs in, calls, refreshes, calls again, shows the spent token, and verifies a token of the external link.
const WHOLE_FLOW: &str = r#"async () => {
    const json = { "Content-Type": "application/json" };
    const ask = async (path, headers = {}, body) => {
        const answer = await fetch(path.startsWith("http") ? path : "BASE" + path, { method: body ? "POST" : "GET", headers, body });
        const text = await answer.text();
        return { status: answer.status, text, challenge: answer.headers.get("WWW-Authenticate") };
    };
    try {
        const first = JSON.parse((await ask("/auth/token", json, JSON.stringify({ login: "qa1", password: "pw-of-qa1" }))).text);
        const called = await ask("/accounts", { Authorization: "Bearer " + first.accessToken });
        const second = JSON.parse((await ask("/auth/token/refresh", { token: first.refreshToken })).text);
        const again = await ask("/accounts", { Authorization: "Bearer " + second.accessToken });
        const spent = await ask("/auth/token/refresh", { token: first.refreshToken });
        const refused = await ask("/accounts");
        const token = (await ask("LINK")).text.trim();
        const verified = await ask("/external/token/verify", json, JSON.stringify({ token }));
        return {
            statuses: [called, again, spent, refused, verified].map((answer) => answer.status),
            login: JSON.parse(verified.text).login, challenge: refused.challenge,
        };
    } catch (failure) {
        return { failure: String(failure) };
    }
}"#;

#[test]
fn a_page_of_another_origin_does_the_whole_flow_where_it_may() {
    let Some(browser) = Browser::here() else { return };
    let page = "<!doctype html><title>A shop</title>\n<meta http-equiv=\"Content-Security-Policy\" content=\"\">\n<body></body>\n";
    let workplace = Workplace::new().with_file("page.html", page);
    let ask = |options: &[&str]| {
        let served = StandInProcess::start(options);
        let script = WHOLE_FLOW.replace("BASE", served.value_of("listening "));
        browser.ask(&workplace.path("page.html"), &script.replace("LINK", served.value_of("external link ")))
    };
    let seen = ask(&["--cors"]);
    assert_eq!(seen["statuses"], json!([200, 200, 401, 401, 200]), "{seen}");
    assert_eq!(seen["login"], "qa1");
    assert!(seen["challenge"].as_str().is_some_and(|challenge| challenge.starts_with("Bearer")), "{seen}");
    let other = ask(&["--cors", "https://shop.example"]);
    assert!(other["failure"].as_str().is_some_and(|failure| failure.contains("Failed to fetch")), "{other}");
}
