//! Scenarios, their steps, and what became of them.

use serde::{Deserialize, Serialize};
use steps::Masked;

use super::Exchange;

/// What a scenario or step comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// Everything held.
    Passed,
    /// A need is missing, or (of a step) an earlier one did not pass.
    Skipped,
    /// The harness or the network could not carry it out.
    Inconclusive,
    /// The server's answer was wrong.
    Failed,
}

/// One scenario and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Scenario {
    /// Stable over runs: the feature's path, the scenario's name and, of an outline, the row.
    pub(crate) id: String,
    /// Path of the feature file.
    pub(crate) feature: String,
    /// Line in it, counted from 1; of an outline, the row's.
    pub(crate) line: usize,
    /// What it is called.
    pub(crate) name: String,
    /// All its tags, those of feature and rule included, without `@`.
    pub(crate) tags: Vec<String>,
    /// The requirements it judges.
    pub(crate) requirements: Vec<String>,
    /// What it comes to.
    pub(crate) verdict: Outcome,
    /// Why, when it did not pass.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) reason: Option<Masked>,
    /// When it began, in milliseconds after the run did.
    pub(crate) started_ms: f64,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: f64,
    /// Its steps, in order.
    pub(crate) steps: Vec<Step>,
    /// What went over the wire, in order, masked.
    pub(crate) exchanges: Vec<Exchange>,
}

/// One step and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Step {
    /// `Given`, `When`, `Then`, `And` or `But`, as written.
    pub(crate) keyword: String,
    /// The sentence.
    pub(crate) text: String,
    /// Line in the feature file, counted from 1.
    pub(crate) line: usize,
    /// What it comes to.
    pub(crate) verdict: Outcome,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: f64,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) failure: Option<Failure>,
    /// What it has to say although it passed, as that a snapshot was recorded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) note: Option<Masked>,
}

/// An expectation and what came instead.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// What the contract says.
    pub(crate) expected: Masked,
    /// What the server answered.
    pub(crate) answered: Masked,
    /// Position in [`Scenario::exchanges`] of the answer in question.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) exchange: Option<usize>,
}
