//! Messages as lines of JSON, the ids by which they refer to each other, and their times. Everything with an id has a line of
//! its own in a document, so that document and line make an id.

use std::io;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The id of the one run that a file has.
pub(super) const RUN: &str = "run";

/// Writes one message.
pub(super) fn write_message(out: &mut dyn io::Write, kind: &str, content: Value) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &json!({ kind: content }))?;
    out.write_all(b"\n")
}

/// The node of a document that begins at a line.
pub(super) fn node_id(document: usize, line: usize) -> String {
    format!("{document}:{line}")
}

/// A tag; several may share a line.
pub(super) fn tag_id(document: usize, line: usize, name: &str) -> String {
    format!("{document}:{line}@{name}")
}

/// A scenario of the run: the number of its document and its position among the scenarios of that document.
#[derive(Clone, Copy)]
pub(super) struct CaseId {
    pub(super) document: usize,
    pub(super) position: usize,
}

impl CaseId {
    /// The scenario to run.
    pub(super) fn pickle(self) -> String {
        format!("pickle {}.{}", self.document, self.position)
    }

    /// A step of it.
    pub(super) fn pickle_step(self, step: usize) -> String {
        format!("pickle {}.{}.{step}", self.document, self.position)
    }

    /// How it runs.
    pub(super) fn test_case(self) -> String {
        format!("case {}.{}", self.document, self.position)
    }

    /// A step of how it runs.
    pub(super) fn test_step(self, step: usize) -> String {
        format!("case {}.{}.{step}", self.document, self.position)
    }

    /// Its one attempt.
    pub(super) fn started(self) -> String {
        format!("started {}.{}", self.document, self.position)
    }
}

/// The moment so many milliseconds after the start of the run.
pub(super) fn timestamp(began: Timestamp, after_ms: f64) -> Value {
    let moment = began.saturating_add(to_duration(after_ms)).unwrap_or(began).as_duration();
    json!({ "seconds": moment.as_secs(), "nanos": moment.subsec_nanos() })
}

/// A duration of so many milliseconds.
pub(super) fn duration(ms: f64) -> Value {
    let duration = to_duration(ms);
    json!({ "seconds": duration.as_secs(), "nanos": duration.subsec_nanos() })
}

/// Zero for a number that is not a time.
fn to_duration(ms: f64) -> SignedDuration {
    SignedDuration::try_from_secs_f64(ms.max(0.0) / 1_000.0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_whole_seconds_and_the_rest() {
        let began = Timestamp::constant(1_795_000_000, 999_000_000);
        assert_eq!(timestamp(began, 2_500.0), json!({ "seconds": 1_795_000_003, "nanos": 499_000_000 }));
        assert_eq!(duration(1_250.5), json!({ "seconds": 1, "nanos": 250_500_000 }));
        assert_eq!(duration(-1.0), json!({ "seconds": 0, "nanos": 0 }));
        assert_eq!(duration(f64::NAN), json!({ "seconds": 0, "nanos": 0 }));
    }
}
