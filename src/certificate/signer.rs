//! The signer: who, where and when. From the machine and the command line; the signature proves only who has the key.

use std::process::{Command, Stdio};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::results::Tool;

/// Who signed a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Signer {
    /// The responsible people, as given.
    pub(crate) by: Vec<String>,
    /// The user of the machine.
    pub(crate) user: String,
    /// The machine.
    pub(crate) host: String,
    /// When.
    pub(crate) at: Timestamp,
    /// What it was signed with.
    pub(crate) tool: Tool,
}

impl Signer {
    /// The user of this process, now.
    pub(crate) fn here(by: Vec<String>) -> Self {
        Self {
            by,
            user: system_name("id", "-un", &["USER", "USERNAME"]),
            host: system_name("uname", "-n", &["COMPUTERNAME", "HOSTNAME"]),
            at: Timestamp::now(),
            tool: Tool::this(),
        }
    }
}

/// The output of a system program, or else a variable: containers often have neither.
fn system_name(program: &str, option: &str, variables: &[&str]) -> String {
    let output = Command::new(program).arg(option).stdin(Stdio::null()).stderr(Stdio::null()).output().ok();
    let text = output.filter(|it| it.status.success()).and_then(|it| String::from_utf8(it.stdout).ok());
    let variable = || variables.iter().find_map(|name| std::env::var(name).ok());
    let name = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).or_else(variable);
    name.unwrap_or_else(|| "unknown".to_owned())
}
