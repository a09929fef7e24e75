//! Requirements and what became of them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a violation of a requirement means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// The documentation promises it.
    Must,
    /// Good practice; the catalogue names the source.
    Should,
    /// Open; what the server does is recorded.
    Observe,
}

/// One statement of the contract and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Requirement {
    /// Its id, like `OTT-2`.
    pub(crate) id: String,
    /// What a violation means.
    pub(crate) level: Level,
    /// The statement, in the catalogue's words.
    pub(crate) statement: String,
    /// Where the statement comes from.
    pub(crate) source: String,
    /// What it comes to.
    pub(crate) verdict: RequirementVerdict,
    /// The waiver that covers a failure.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) waived: Option<Waiver>,
    /// Why it was skipped, is inconclusive or only partly judged.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) reason: Option<String>,
    /// Ids of the scenarios that judge it.
    pub(crate) scenarios: Vec<String>,
}

/// What a requirement comes to.
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

/// A known deviation, accepted for now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waiver {
    /// Why it is accepted.
    pub(crate) reason: String,
    /// Who answers for it.
    pub(crate) owner: String,
    /// The last day it holds, as `2027-03-31`.
    pub(crate) expires: String,
}

/// A waiver with what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deviation {
    /// The requirement that is deviated from.
    pub(crate) requirement: String,
    /// Why, who and until when.
    #[serde(flatten)]
    pub(crate) waiver: Waiver,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::Observe => "observe",
        })
    }
}
