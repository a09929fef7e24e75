//! A BO server in another language on the loopback interface, and the program run against it. The server ends with its test.

#![allow(dead_code, reason = "no test file uses all of it")]

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::foreign::Running;

/// The server, and a folder with the configuration that describes it as the target `foreign`.
pub(crate) struct Server {
    _process: Running,
    pub(crate) base_url: String,
    pub(crate) folder: TempDir,
}

impl Server {
    /// Starts one with these options of tests/foreign/bo_server.py. Its lifetimes are too long to be waited for.
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::with_lifetimes(["60", "120", "30"], options)
    }

    /// The same with these lifetimes of access, refresh and one-time tokens, in seconds.
    pub(crate) fn with_lifetimes([access, refresh, ott]: [&str; 3], options: &[&str]) -> Self {
        let lifetimes = ["--access-lifetime", access, "--refresh-lifetime", refresh, "--ott-lifetime", ott];
        let options = [&lifetimes[..], options].concat();
        let process = Running::with_users(&[("qa1", "pass-of-qa1"), ("qa2", "pass-of-qa2")], &options);
        let folder = tempfile::tempdir().expect("there is room");
        let server = Self { base_url: process.base_url.clone(), _process: process, folder };
        server.configure(&format!("requests_per_second = 0\nmax_wait = \"1s\"\n{}", server.source(ott)));
        server
    }

    /// Where its one-time tokens come from, as lines of the configuration.
    pub(crate) fn source(&self, lifetime: &str) -> String {
        format!(
            "ott = {{ command = [\"python3\", \"{}/tests/foreign/mint_ott.py\", \"{}\", \"{{login}}\"], login = \"qa1\", \
             second_login = \"qa2\", lifetime = \"{lifetime}s\" }}",
            env!("CARGO_MANIFEST_DIR"),
            self.base_url
        )
    }

    /// Writes the configuration: what every test needs, and these lines.
    pub(crate) fn configure(&self, lines: &str) {
        let text = format!(
            "[targets.foreign]\nbase_url = \"{}\"\nlogin = \"qa1\"\npassword = {{ env = \"FOREIGN_PASSWORD\" }}\n\
             probe = \"/whoami\"\nprobe_login = \"/user/name\"\n\
             second_user = {{ login = \"qa2\", password = {{ env = \"FOREIGN_PASSWORD_2\" }} }}\n{lines}\n",
            self.base_url
        );
        std::fs::write(self.folder.path().join("bo-conformance.toml"), text).expect("there is room");
    }

    /// The program, not yet started, in the folder of the configuration.
    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bo-conformance"));
        command.args(arguments).current_dir(self.folder.path());
        command.env("FOREIGN_PASSWORD", "pass-of-qa1").env("FOREIGN_PASSWORD_2", "pass-of-qa2");
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Judges the server, with these arguments of `run` besides.
    pub(crate) fn run(&self, arguments: &[&str]) -> Judged {
        let output = self.program(&["run", "--target", "foreign"]).args(arguments).output().expect("it runs");
        Judged { output, results: read(&self.folder.path().join("reports/results.json")) }
    }

    /// What the server counted.
    pub(crate) fn statistics(&self) -> Value {
        let (host, path) = self.base_url.trim_start_matches("http://").split_once('/').expect("there is a path");
        let mut stream = TcpStream::connect(host).expect("it listens");
        write!(stream, "GET /{path}/_stats HTTP/1.0\r\nHost: {host}\r\n\r\n").expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (_, body) = answer.split_once("\r\n\r\n").expect("there is a body");
        serde_json::from_str(body).expect("it is JSON")
    }
}

/// A run that has ended.
pub(crate) struct Judged {
    pub(crate) output: Output,
    /// `Null` when there are none.
    pub(crate) results: Value,
}

impl Judged {
    pub(crate) fn code(&self) -> Option<i32> {
        self.output.status.code()
    }

    /// The ids of the requirements with this verdict.
    pub(crate) fn with(&self, verdict: &str) -> Vec<&str> {
        let requirements = self.results["requirements"].as_array().into_iter().flatten();
        requirements.filter(|entry| entry["verdict"] == verdict).filter_map(|entry| entry["id"].as_str()).collect()
    }

    /// Everything that was printed.
    pub(crate) fn said(&self) -> String {
        let (out, err) = (&self.output.stdout, &self.output.stderr);
        format!("{}\n{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
    }
}

fn read(path: &Path) -> Value {
    std::fs::read_to_string(path).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}
