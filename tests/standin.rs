//! The stand-in on a port is a server like any other: developers of clients use it, and a run judges it as a deployment.

mod program;

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
};

use program::{Workplace, requirements};

/// The stand-in as a process, and what it says at its start.
struct Served {
    process: Child,
    said: Vec<String>,
}

impl Served {
    fn start(options: &[&str]) -> Self {
        let arguments =
            [&["standin", "--listen", "127.0.0.1:0", "--user", "qa1:pw-of-qa1", "--user", "qa2:pw-of-qa2"], options];
        let mut process =
            Workplace::new().command(&arguments.concat()).stdout(Stdio::piped()).spawn().expect("it is built");
        let lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let said = lines.take(3).map(|line| line.expect("it can be read")).collect();
        Self { process, said }
    }

    /// What follows these words.
    fn told(&self, words: &str) -> &str {
        let found = self.said.iter().find_map(|line| line.strip_prefix(words));
        found.unwrap_or_else(|| panic!("no {words:?} in {:?}", self.said))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_run_judges_it_with_one_time_tokens_from_its_external_links() {
    let served = Served::start(&[]);
    let (base_url, link) = (served.told("listening "), served.told("external link "));
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
        .with(0);
    assert_eq!(requirements(&workplace.results(), "pass"), ["ISSUE-1", "USE-1", "OTT-1", "OTT-2", "OTT-9"]);
}

#[test]
fn an_address_that_is_none_is_refused() {
    let ended = Workplace::new().run(&["standin", "--external-link", "welcome"]).with(2);
    assert!(ended.stderr.contains("invalid value 'welcome' for '--external-link <URL>'"), "{}", ended.stderr);
}
