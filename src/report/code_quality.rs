//! `gl-code-quality-report.json`: failures as GitLab's Code Quality report, which merge requests show at file and line.

use std::io;

use serde::Serialize;

use super::class::{FailureClass, RequirementIndex};
use crate::{hex::sha256, results::Results, sanitize::sanitize};

#[derive(Serialize)]
struct QualityIssue {
    description: String,
    check_name: String,
    /// Equal in every run, so that GitLab distinguishes old findings from new ones.
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

/// Writes the violations and warnings of a run.
pub(super) fn render(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let index = RequirementIndex::new(results);
    let kinds = [(FailureClass::Violation, "critical"), (FailureClass::Warning, "minor")];
    let mut findings = Vec::new();
    for (class, severity) in kinds {
        for scenario in index.failures(results, class) {
            let reason = scenario.reason.as_deref().unwrap_or_default();
            findings.push(QualityIssue {
                description: sanitize(&format!("{}: {reason}", scenario.name)).into_owned(),
                check_name: scenario.requirements.join(" "),
                fingerprint: sha256(format!("{}\n{}", results.target.name, scenario.id).as_bytes()),
                severity,
                location: Location { path: scenario.feature.clone(), lines: Lines { begin: scenario.line } },
            });
        }
    }
    serde_json::to_writer_pretty(&mut *out, &findings)?;
    writeln!(out)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::results::sample;

    fn findings(results: &Results) -> Value {
        serde_json::from_str(&sample::rendered(render, results)).expect("it is JSON")
    }

    #[test]
    fn violations_and_warnings_are_findings_at_their_scenario() {
        let found = findings(&sample::failing());
        assert_eq!(found.as_array().map(Vec::len), Some(2));
        assert_eq!(found[0]["check_name"], "OTT-2");
        assert_eq!(found[0]["severity"], "critical");
        assert_eq!(found[0]["location"]["path"], "features/one-time/single-use.feature");
        assert_eq!(found[0]["location"]["lines"]["begin"], 33);
        assert_eq!(found[1]["severity"], "minor");
        assert_ne!(found[0]["fingerprint"], found[1]["fingerprint"]);
        assert_eq!(findings(&sample::passing()), serde_json::json!([]));
    }
}
