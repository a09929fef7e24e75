//! Runs the built program as a user does: in a folder of its own, with the files and the environment that a test gives it, and
//! shows how it ended. Knows the program's outside only.

#![allow(dead_code, reason = "each test file is a crate of its own and uses a part of this")]

pub(crate) mod catalogue;
pub(crate) mod document;
pub(crate) mod foreign;
pub(crate) mod wiretap;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use tempfile::TempDir;

/// Where this repository is.
pub(crate) const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// A folder in which the program is run. It goes when the test ends.
pub(crate) struct Workplace {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// How the program ended, and what it said. Wherever it named the folder, `HERE` stands.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Workplace {
    /// An empty folder, and no variable that the program reads.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("there is room for a folder"), environment: Vec::new() }
    }

    /// With a file, whose folders are made.
    pub(crate) fn with_file(self, name: &str, text: &str) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("folders can be made");
        fs::write(path, text).expect("the file can be written");
        self
    }

    /// With a variable in the environment.
    pub(crate) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        let ended = self.command(arguments).output().expect("the program can be started");
        let text = |bytes: &[u8]| {
            String::from_utf8_lossy(bytes).replace(self.folder.path().to_str().expect("it is UTF-8"), "HERE")
        };
        Ended { code: ended.status.code(), stdout: text(&ended.stdout), stderr: text(&ended.stderr) }
    }

    /// The program about to be run; what this machine has set for it or for colours is not there.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("bo-conformance"));
        for (name, _) in std::env::vars_os() {
            let known = name.to_string_lossy().into_owned();
            if known.starts_with("BO_") || known.starts_with("GITHUB_") || known.contains("COLOR") {
                command.env_remove(name);
            }
        }
        command.args(arguments).current_dir(self.folder.path()).envs(self.environment.iter().cloned());
        command
    }

    /// The results of the last run.
    pub(crate) fn results(&self) -> Value {
        let text = fs::read_to_string(self.path("reports/results.json")).expect("there are results");
        serde_json::from_str(&text).expect("results are JSON")
    }

    /// Every file below the folder, however deep.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        files_below(self.folder.path())
    }
}

impl Ended {
    /// Checks the exit code, and shows everything where it is another.
    #[track_caller]
    pub(crate) fn with(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "\n--- standard output\n{}\n--- standard error\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// The last line of the output, in which the verdict is.
    pub(crate) fn verdict_line(&self) -> &str {
        self.stdout.lines().last().unwrap_or_default()
    }
}

/// The ids of requirements that came out like this, in the catalogue's order.
pub(crate) fn requirements(results: &Value, verdict: &str) -> Vec<String> {
    let all = results["requirements"].as_array().expect("requirements are listed");
    let alike = all.iter().filter(|requirement| requirement["verdict"] == verdict);
    alike.map(|requirement| requirement["id"].as_str().expect("ids are text").to_owned()).collect()
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
