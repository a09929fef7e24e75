//! The note that a run of one target of a fleet leaves beside its reports: that it began, and how it ended. Results of an
//! earlier day are told apart by it from those of a run that was killed or could not judge.

use std::{fmt, fs, path::Path};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::exit::ExitStatus;

/// What the file is called.
pub(crate) const FILE: &str = "attempt.json";
/// The value of [`Attempt::format`].
const FORMAT: &str = "bo-conformance/attempt/v1";

/// One attempt to judge a target.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attempt {
    format: String,
    /// The target's name in the configuration.
    pub(crate) target: String,
    /// When it began.
    pub(crate) started_at: Timestamp,
    /// How it ended; `None` while it goes on, and for ever when it was killed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) ended: Option<Ended>,
}

/// How an attempt ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ended {
    /// The exit code that the run alone would have.
    pub(crate) code: u8,
    /// Why nothing was judged.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) reason: Option<String>,
}

impl Attempt {
    /// One that begins now.
    pub(crate) fn begin(target: &str) -> Self {
        Self { format: FORMAT.to_owned(), target: target.to_owned(), started_at: Timestamp::now(), ended: None }
    }

    /// The same when it has ended.
    pub(crate) fn ended(self, status: ExitStatus, reason: Option<String>) -> Self {
        Self { ended: Some(Ended { code: status.code(), reason }), ..self }
    }

    /// The note in this file, if it is one.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        let attempt: Self = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
        (attempt.format == FORMAT).then_some(attempt)
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string_pretty(self).map_err(|_| fmt::Error)?;
        writeln!(f, "{text}")
    }
}
