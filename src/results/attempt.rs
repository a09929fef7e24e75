//! The note that a run of one target of a fleet keeps beside its reports: when it began and how it ended. It distinguishes
//! results of an earlier run from those of a run that was killed or could not judge.

use std::{fmt, fs, path::Path};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The name of its file.
pub(crate) const ATTEMPT_FILE: &str = "attempt.json";
/// The value of [`Attempt::format`].
const ATTEMPT_FORMAT: &str = "bo-conformance/attempt/v1";

/// One attempt to judge a target.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attempt {
    format: String,
    /// The target's name in the configuration.
    pub(crate) target: String,
    /// When it began.
    pub(crate) started_at: Timestamp,
    /// How it ended; `None` while it runs, and if it was killed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) ended: Option<AttemptEnd>,
}

/// How an attempt ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AttemptEnd {
    /// The exit code that `run` would have for this target alone.
    pub(crate) code: u8,
    /// Why the target was not judged.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) reason: Option<String>,
}

impl Attempt {
    /// Creates one that begins now.
    pub(crate) fn begin(target: &str) -> Self {
        Self { format: ATTEMPT_FORMAT.to_owned(), target: target.to_owned(), started_at: Timestamp::now(), ended: None }
    }

    /// Records how it ended.
    pub(crate) fn end(self, code: u8, reason: Option<String>) -> Self {
        Self { ended: Some(AttemptEnd { code, reason }), ..self }
    }

    /// Reads an attempt; `None` if the file does not hold one.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        let attempt: Self = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
        (attempt.format == ATTEMPT_FORMAT).then_some(attempt)
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string_pretty(self).map_err(|_| fmt::Error)?;
        writeln!(f, "{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_read_as_it_was_written() {
        let home = tempfile::tempdir().expect("there is room");
        let file = home.path().join(ATTEMPT_FILE);
        let ended = Attempt::begin("alpha").end(3, Some("it is silent".to_owned()));
        fs::write(&file, ended.to_string()).expect("it can be written");
        let read = Attempt::read(&file).expect("it is an attempt");
        assert_eq!((read.target, read.started_at), (ended.target, ended.started_at));
        let end = read.ended.expect("it has ended");
        assert_eq!((end.code, end.reason.as_deref()), (3, Some("it is silent")));
    }

    #[test]
    fn another_format_is_no_attempt() {
        let home = tempfile::tempdir().expect("there is room");
        let file = home.path().join(ATTEMPT_FILE);
        fs::write(&file, Attempt::begin("alpha").to_string().replace("/v1", "/v9")).expect("it can be written");
        assert!(Attempt::read(&file).is_none());
    }
}
