//! The machine and the versions of a measurement.

use std::{fs, process::Command};

use serde_json::{Value, json};

/// The machine, the commit and the versions of a run.
pub(crate) fn described() -> Value {
    json!({
        "commit": said("git", &["describe", "--always", "--dirty", "--abbrev=10"]),
        "rustc": said("rustc", &["--version"]),
        "kernel": said("uname", &["-sr"]),
        "processor": after("/proc/cpuinfo", "model name"),
        "cores": std::thread::available_parallelism().map_or(1, usize::from),
        "memory": after("/proc/meminfo", "MemTotal"),
        "load": fs::read_to_string("/proc/loadavg").unwrap_or_default().trim(),
    })
}

/// The output of a command.
pub(crate) fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

fn after(file: &str, name: &str) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.split_once(':'));
    value.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}
