//! A server for a test, apart from the stand-in, with a configuration that describes it, and the program run against it.

use std::{fs, time::Duration};

use tempfile::TempDir;

use crate::program::foreign::Running;

/// Longest time for the program to end, far above every limit that it states.
const PATIENCE: Duration = Duration::from_secs(90);

/// Starts the test server with two users and these arguments; it ends when it is dropped.
pub(crate) fn start(arguments: &[&str]) -> Running {
    Running::with_users(&[("alice", "s3cret-of-alice"), ("bob", "s3cret-of-bob")], arguments)
}

/// A folder with a configuration, and what the program does in it.
pub(crate) struct Certifier {
    pub(crate) folder: TempDir,
    pub(crate) config: String,
}

/// How the program ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Certifier {
    /// Somebody who certifies the API at this address, unpaced, with a patience of two seconds for a request.
    pub(crate) fn of(base_url: &str) -> Self {
        let config = format!(
            "default_target = \"t\"\n[targets.t]\nbase_url = \"{base_url}\"\nlogin = \"alice\"\n\
             password = {{ env = \"ALICE\" }}\nprobe = \"/accounts?limit=1\"\nrequests_per_second = 0\n\
             request_timeout = \"2s\"\n"
        );
        Self { folder: tempfile::tempdir().expect("a temporary folder"), config }
    }

    /// The same with these lines in the target.
    pub(crate) fn with(mut self, lines: &str) -> Self {
        self.config.push_str(lines);
        self.config.push('\n');
        self
    }

    /// The same with another text in place of one that is there.
    pub(crate) fn but(mut self, there: &str, instead: &str) -> Self {
        assert!(self.config.contains(there), "{there} is not in the configuration");
        self.config = self.config.replace(there, instead);
        self
    }

    /// Runs the program in the folder.
    pub(crate) fn runs(&self, arguments: &[&str]) -> Ended {
        fs::write(self.folder.path().join("bo-conformance.toml"), &self.config).expect("a configuration");
        let output = assert_cmd::Command::cargo_bin("bo-conformance")
            .expect("it is built")
            .current_dir(self.folder.path())
            .env("ALICE", "s3cret-of-alice")
            .env("BOB", "s3cret-of-bob")
            .env("WRONG", "no-such-password")
            .args(arguments)
            .timeout(PATIENCE)
            .output()
            .expect("it runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}
