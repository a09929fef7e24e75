//! What random walks over the contract's model came to, beside the scenarios. A finding is a scenario of the results too, of the feature
//! [`EXPLORED`], so that verdicts and reports treat it like any other.

use serde::{Deserialize, Serialize};
use steps::Masked;

use super::scenario::{Failure, Outcome, ScenarioResult, StepResult};

/// The feature of scenarios that were found by exploring.
pub(crate) const EXPLORED: &str = "explored.feature";

/// The walks of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExplorationInfo {
    /// The seed that gives the same walks again.
    pub(crate) seed: u64,
    /// Steps that were carried out.
    pub(crate) operations: u64,
    /// Requests that were sent for them, and for learning what the contract leaves open.
    pub(crate) requests: u64,
    /// Transitions of the model that were taken.
    pub(crate) transitions: usize,
    /// Classes of input that were tried.
    pub(crate) input_classes: usize,
    /// Steps without an answer.
    pub(crate) unanswered: u64,
    /// How many different violations were found.
    pub(crate) findings: usize,
}

impl ExplorationInfo {
    /// Before the first step.
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, operations: 0, requests: 0, transitions: 0, input_classes: 0, unanswered: 0, findings: 0 }
    }
}

/// A finding as a scenario: its steps in words, the last of which failed. `number` distinguishes findings of one requirement.
pub(crate) fn explored_scenario(
    requirement: &str,
    number: usize,
    lines: &[String],
    wanted: Masked,
    answered: Masked,
    frequency: &str,
    mask: impl Fn(&str) -> Masked,
) -> ScenarioResult {
    let last = lines.len().saturating_sub(1);
    let step = |(at, line): (usize, &String)| StepResult {
        keyword: if at == last {
            "When"
        } else if at == 0 {
            "Given"
        } else {
            "And"
        }
        .to_owned(),
        text: line.clone(),
        line: at + 3,
        verdict: if at == last { Outcome::Failed } else { Outcome::Passed },
        duration_ms: 0.0,
        failure: (at == last).then(|| Failure { expected: wanted.clone(), answered: answered.clone(), exchange: None }),
        note: None,
    };
    ScenarioResult {
        id: format!("{EXPLORED}:{requirement} {number}"),
        feature: EXPLORED.to_owned(),
        line: 2,
        name: format!("{requirement}, found by exploring ({number}, {frequency})"),
        tags: vec![requirement.to_owned(), "explored".to_owned()],
        requirements: vec![requirement.to_owned()],
        verdict: Outcome::Failed,
        reason: Some(mask(&format!("{answered}; {frequency}"))),
        started_ms: 0.0,
        duration_ms: 0.0,
        steps: lines.iter().enumerate().map(step).collect(),
        exchanges: Vec::new(),
    }
}
