//! Requirements with their verdicts and waivers.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::catalogue::{Level, Need, RequirementId};

/// The result of one requirement.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequirementResult {
    /// Its id, like `OTT-2`.
    pub(crate) id: String,
    /// What a violation means.
    pub(crate) level: Level,
    /// The statement, in the catalogue's words.
    pub(crate) statement: String,
    /// Where the statement comes from.
    pub(crate) source: String,
    /// What a target must offer so that it can be judged, by the catalogue's names.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) needs: Vec<String>,
    /// Its verdict.
    pub(crate) verdict: RequirementVerdict,
    /// The waiver that covers a failure.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) waived: Option<WaiverTerms>,
    /// Why it was skipped, is inconclusive or only partly judged.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) reason: Option<String>,
    /// Ids of the scenarios that judge it.
    pub(crate) scenarios: Vec<String>,
}

/// The verdict of a requirement, ordered by how much it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RequirementVerdict {
    /// Recorded, not judged.
    Observed,
    /// Kept.
    Pass,
    /// Not testable on this target.
    Skip,
    /// Could not be judged.
    Inconclusive,
    /// A recommendation is broken.
    Warn,
    /// Broken.
    Fail,
}

/// A known deviation from a requirement, accepted until a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waiver {
    /// The requirement that is waived.
    pub(crate) requirement: RequirementId,
    /// Why, by whom and until when.
    #[serde(flatten)]
    pub(crate) terms: WaiverTerms,
}

/// The terms of a waiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WaiverTerms {
    /// Why the deviation is accepted.
    pub(crate) reason: String,
    /// Who is responsible for it.
    pub(crate) owner: String,
    /// The last day on which it counts.
    pub(crate) expires: Date,
}

impl RequirementResult {
    /// Whether a target must offer this so that it can be judged.
    pub(crate) fn needs(&self, need: Need) -> bool {
        self.needs.iter().any(|name| name == need.name())
    }

    /// Adds to what its verdict alone does not show.
    pub(crate) fn add_reason(&mut self, text: &str) {
        self.reason = Some(match self.reason.take() {
            Some(reason) => format!("{reason}; {text}"),
            None => text.to_owned(),
        });
    }
}

impl WaiverTerms {
    /// Whether the waiver still counts on this day.
    pub(crate) fn is_valid_on(&self, day: Date) -> bool {
        day <= self.expires
    }
}
