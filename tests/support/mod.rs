//! Runs the built program as a user does: in its own folder, with the files and environment of the test. Uses only what the
//! program shows to its users.

#![allow(dead_code, reason = "each test binary uses a part of this")]

pub(crate) mod bo_server;
pub(crate) mod browser;
pub(crate) mod catalogue;
pub(crate) mod document;
pub(crate) mod wiretap;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

/// The folder of this repository.
pub(crate) const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// The limit for one command, far above what any takes; only a program that hangs reaches it.
const TIMEOUT: Duration = Duration::from_secs(600);

/// The configuration file of a workplace.
const CONFIGURATION: &str = "bo-conformance.toml";

/// A folder in which the program runs, removed at the end of the test.
pub(crate) struct Workplace {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// The outcome of a command. In its output, the path of the folder is replaced by `HERE`.
#[derive(Debug)]
pub(crate) struct ProgramRun {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workplace {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder"), environment: Vec::new() }
    }

    /// Adds a file and its parent folders.
    pub(crate) fn with_file(self, name: &str, text: &str) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("folders can be made");
        fs::write(path, text).expect("the file can be written");
        self
    }

    /// Adds lines to the configuration.
    pub(crate) fn with_lines(self, lines: &str) -> Self {
        let configuration = self.configuration();
        self.with_file(CONFIGURATION, &format!("{configuration}{lines}\n"))
    }

    /// Replaces a text in the configuration, which must contain it.
    #[track_caller]
    pub(crate) fn with_replaced(self, old: &str, new: &str) -> Self {
        let configuration = self.configuration();
        assert!(configuration.contains(old), "{old} is not in the configuration");
        self.with_file(CONFIGURATION, &configuration.replace(old, new))
    }

    fn configuration(&self) -> String {
        fs::read_to_string(self.path(CONFIGURATION)).unwrap_or_default()
    }

    /// Adds an environment variable.
    pub(crate) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> ProgramRun {
        let mut command = assert_cmd::Command::from_std(self.command(arguments));
        let output = command.timeout(TIMEOUT).output().expect("the program can be started");
        let folder = self.folder.path().to_str().expect("the path is UTF-8");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(folder, "HERE");
        ProgramRun { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// The program, not started yet, without the variables of this machine that it reads.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("bo-conformance"));
        for (name, _) in std::env::vars_os() {
            if is_read_by_program(&name.to_string_lossy()) {
                command.env_remove(name);
            }
        }
        // Walks differ from run to run; tests that are about them ask for them.
        command.env("BO_CONFORMANCE_EXPLORE", "0").env("XDG_STATE_HOME", self.folder.path().join(".state"));
        command.args(arguments).current_dir(self.folder.path()).envs(self.environment.iter().cloned());
        command
    }

    /// The results of the last run.
    pub(crate) fn results(&self) -> Value {
        let text = fs::read_to_string(self.path("reports/results.json")).expect("there are results");
        serde_json::from_str(&text).expect("results are JSON")
    }

    /// Every file below the folder.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        files_below(self.folder.path())
    }
}

/// Variables that change what the program does or prints: its own, those of CI services, colours and proxies.
fn is_read_by_program(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let prefixes = ["BO_", "GITHUB_", "GITLAB_", "CI_", "JOB_"];
    name == "CI" || name.contains("COLOR") || name.ends_with("_PROXY") || prefixes.iter().any(|it| name.starts_with(it))
}

impl ProgramRun {
    /// Checks the exit code, and shows all output if it differs.
    #[track_caller]
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.output());
        self
    }

    /// Everything that was printed.
    pub(crate) fn output(&self) -> String {
        format!("--- standard output\n{}\n--- standard error\n{}", self.stdout, self.stderr)
    }

    /// The last line of standard output, which has the verdict.
    pub(crate) fn verdict_line(&self) -> &str {
        self.stdout.lines().last().unwrap_or_default()
    }
}

/// The ids of the requirements with this verdict, in the order of the catalogue.
pub(crate) fn requirements(results: &Value, verdict: &str) -> Vec<String> {
    let all = results["requirements"].as_array().expect("requirements are listed");
    let matching = all.iter().filter(|requirement| requirement["verdict"] == verdict);
    matching.map(|requirement| requirement["id"].as_str().expect("ids are text").to_owned()).collect()
}

/// Every file below a folder, sorted.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
