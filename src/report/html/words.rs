//! The words that verdicts are shown with; style sheet and filter know them by the same names.

use crate::results::{Outcome, RequirementVerdict};

/// What a requirement came to, worst first.
pub(in crate::report) const VERDICTS: [RequirementVerdict; 6] = [
    RequirementVerdict::Fail,
    RequirementVerdict::Warn,
    RequirementVerdict::Inconclusive,
    RequirementVerdict::Skip,
    RequirementVerdict::Pass,
    RequirementVerdict::Observed,
];

/// A requirement's verdict.
pub(in crate::report) fn verdict(verdict: RequirementVerdict) -> &'static str {
    match verdict {
        RequirementVerdict::Observed => "observed",
        RequirementVerdict::Pass => "pass",
        RequirementVerdict::Skip => "skip",
        RequirementVerdict::Inconclusive => "inconclusive",
        RequirementVerdict::Warn => "warn",
        RequirementVerdict::Fail => "fail",
    }
}

/// A scenario's or step's verdict, in the words of requirements, so that the same thing looks the same.
pub(in crate::report) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "pass",
        Outcome::Skipped => "skip",
        Outcome::Inconclusive => "inconclusive",
        Outcome::Failed => "fail",
    }
}

/// The area that an id belongs to: what stands before its number.
pub(in crate::report) fn area(id: &str) -> &str {
    id.rsplit_once('-').map_or(id, |(area, _)| area)
}

/// What an area is about. Areas of catalogues to come are called as their ids are.
pub(in crate::report) fn title(area: &str) -> &str {
    match area {
        "ISSUE" => "Issue of tokens",
        "USE" => "Use of access tokens",
        "EXPIRY" => "Expiry",
        "REFRESH" => "Refresh",
        "OTT" => "One-time tokens",
        "SETTINGS" => "Settings",
        "ERROR" => "Errors",
        other => other,
    }
}
