//! The requirements of a run with their verdicts, as a certificate lists them.

use serde::{Deserialize, Serialize};

use crate::results::{RequirementVerdict, Results};

/// A requirement and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Listed {
    pub(crate) id: String,
    pub(crate) verdict: RequirementVerdict,
}

/// The requirements of results with their verdicts.
pub(super) fn listed(results: &Results) -> Vec<Listed> {
    results.requirements.iter().map(|it| Listed { id: it.id.clone(), verdict: it.verdict }).collect()
}
