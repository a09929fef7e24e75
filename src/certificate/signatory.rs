//! Who signs, where and when. Told by the machine and the command line; the signature proves only who has the key.

use std::process::{Command, Stdio};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::results::Tool;

/// Who signed a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Signatory {
    /// Those who answer for it, as given.
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

impl Signatory {
    /// Whoever runs this, now.
    pub(crate) fn here(by: Vec<String>) -> Self {
        Self {
            by,
            user: told("id", "-un", &["USER", "USERNAME"]),
            host: told("uname", "-n", &["COMPUTERNAME", "HOSTNAME"]),
            at: Timestamp::now(),
            tool: Tool::this(),
        }
    }
}

/// What a program of the system says, or else a variable: containers often set none.
fn told(program: &str, option: &str, variables: &[&str]) -> String {
    let said = Command::new(program).arg(option).stdin(Stdio::null()).stderr(Stdio::null()).output().ok();
    let said = said.filter(|said| said.status.success()).and_then(|said| String::from_utf8(said.stdout).ok());
    let variable = || variables.iter().find_map(|name| std::env::var(name).ok());
    let name = said.map(|said| said.trim().to_owned()).filter(|said| !said.is_empty()).or_else(variable);
    name.unwrap_or_else(|| "unknown".to_owned())
}
