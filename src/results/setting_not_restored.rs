//! A lifetime that the run may have left changed.

use std::fmt;

use serde::{Deserialize, Serialize};
use steps::Masked;

/// A lifetime that the run may have left changed on the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SettingNotRestored {
    /// `access`, `refresh` or `one-time`.
    pub(crate) lifetime: String,
    /// The lifetime before the run, in seconds; `None` where it is not known for certain.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) before_seconds: Option<f64>,
    /// Why it is not known to be restored.
    pub(crate) reason: Masked,
    /// The command that restores it.
    pub(crate) command: String,
}

impl fmt::Display for SettingNotRestored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lifetime, before_seconds, reason, command } = self;
        write!(f, "The {lifetime} lifetime of the server is not known to be restored")?;
        if let Some(seconds) = before_seconds {
            write!(f, " (it was {seconds} s)")?;
        }
        write!(f, ": {}; run `{command}`.", reason.trim_end_matches('.'))
    }
}
