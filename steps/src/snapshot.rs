//! Answers as files that a reviewer can read, without tokens and logins, in insta's file format. Compared here, because insta's
//! assertions obey environment variables that would let a difference pass.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use similar::TextDiff;

use crate::{
    message::Answer,
    target::{Dialect, LifetimeUnit},
};

/// The reviewed snapshots of a target, by name; none for a target that has none yet.
#[derive(Debug, Default)]
pub struct Snapshots(BTreeMap<String, String>);

/// How an answer compares with its snapshot.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SnapshotComparison {
    /// It is the same.
    Same,
    /// The snapshot to compare with is missing.
    Recorded,
    /// It differs; the difference, line by line.
    Changed(String),
}

impl Snapshots {
    /// Takes over snapshot files, given as file name and text.
    #[must_use]
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let named = |(file, text): (&str, &str)| {
            let name = file.strip_suffix(".snap").unwrap_or(file).to_owned();
            (name, contents(text).to_owned())
        };
        Self(files.into_iter().map(named).collect())
    }

    pub(crate) fn compare(&self, name: &str, rendered: &str) -> SnapshotComparison {
        match self.0.get(&name.replace(' ', "-")) {
            None => SnapshotComparison::Recorded,
            Some(reviewed) if reviewed.trim_end() == rendered.trim_end() => SnapshotComparison::Same,
            Some(reviewed) => SnapshotComparison::Changed(
                TextDiff::from_lines(reviewed.trim_end(), rendered.trim_end())
                    .unified_diff()
                    .context_radius(1)
                    .missing_newline_hint(false)
                    .to_string(),
            ),
        }
    }
}

/// What follows the header of a snapshot file.
#[must_use]
pub fn contents(file: &str) -> &str {
    file.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map_or(file, |(_, body)| body)
}

/// Status, the headers a client reads, and the body, without anything that differs between two logins.
pub(crate) fn render(answer: &Answer, dialect: &Dialect) -> String {
    let places = [
        (&dialect.access_token, "[access token]"),
        (&dialect.refresh_token, "[refresh token]"),
        (&dialect.ott_login, "[login]"),
    ];
    let moments = [(&dialect.access_lifetime, "[end]"), (&dialect.refresh_lifetime, "[end]")];
    let moments = moments.into_iter().filter(|_| dialect.lifetime_unit == LifetimeUnit::Moment);
    let mut body = answer.json.clone().unwrap_or_default();
    for (place, name) in places.into_iter().chain(moments) {
        if let Some(there) = place.find_mut(&mut body) {
            *there = Value::from(name);
        }
    }
    let view = json!({
        "status": answer.status,
        "headers": { "content-type": answer.header("content-type"), "cache-control": answer.header("cache-control") },
        "body": body,
    });
    format!("{:#}", sorted(view))
}

/// The order of keys means nothing in JSON.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> = fields.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_that_differs_shows_the_lines() {
        let snapshots = Snapshots::new([("token-answer.snap", "---\ndescription: x\n---\n{\n  \"status\": 200\n}\n")]);
        assert_eq!(snapshots.compare("token answer", "{\n  \"status\": 200\n}"), SnapshotComparison::Same);
        assert_eq!(snapshots.compare("another answer", "{}"), SnapshotComparison::Recorded);
        let SnapshotComparison::Changed(diff) = snapshots.compare("token answer", "{\n  \"status\": 201\n}") else {
            panic!("it differs");
        };
        assert!(diff.contains("-  \"status\": 200\n+  \"status\": 201\n"), "{diff}");
    }
}
