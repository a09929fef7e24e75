//! The verdict of a run, and what it is counted from.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The verdict of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// No requirement fails, and every `must` could be judged or was skipped with a reason.
    Conformant,
    /// A requirement fails that no valid waiver covers.
    Nonconformant,
    /// A `must` is inconclusive, or nothing was judged.
    Inconclusive,
}

/// Requirements and scenarios by verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    /// Requirements by verdict.
    pub(crate) requirements: RequirementCounts,
    /// Scenarios by verdict.
    pub(crate) scenarios: ScenarioCounts,
}

/// Requirements by verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RequirementCounts {
    /// Kept.
    pub(crate) pass: usize,
    /// Broken; waived ones too.
    pub(crate) fail: usize,
    /// Recommendations broken.
    pub(crate) warn: usize,
    /// Not testable on this target.
    pub(crate) skip: usize,
    /// Could not be judged.
    pub(crate) inconclusive: usize,
    /// Recorded without judging.
    pub(crate) observed: usize,
    /// Broken ones that a valid waiver covers.
    pub(crate) waived: usize,
}

/// Scenarios by verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScenarioCounts {
    /// Every step passed.
    pub(crate) passed: usize,
    /// The server's answer was wrong.
    pub(crate) failed: usize,
    /// A need is missing.
    pub(crate) skipped: usize,
    /// The harness or the network prevented the judgement.
    pub(crate) inconclusive: usize,
}

/// What the run cost the server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Traffic {
    /// Requests sent.
    pub(crate) requests: u64,
    /// Logins that failed as intended.
    pub(crate) failed_logins: u64,
    /// Most requests in any one second.
    pub(crate) peak_per_second: u64,
    /// Milliseconds that scenarios waited for lifetimes to end; overlapping waits count once.
    pub(crate) waited_ms: u64,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Conformant => "conformant",
            Self::Nonconformant => "not conformant",
            Self::Inconclusive => "inconclusive",
        })
    }
}
