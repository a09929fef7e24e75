//! Scenarios with their steps and exchanges.

use std::ops::Not;

use serde::{Deserialize, Serialize};
use steps::Masked;

use super::judged_answer::JudgedAnswer;

/// The outcome of a scenario or step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// Every expectation was met.
    Passed,
    /// A need is missing, or an earlier step did not pass.
    Skipped,
    /// The harness or the network prevented the judgement.
    Inconclusive,
    /// The server's answer was wrong.
    Failed,
}

/// The result of one scenario.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScenarioResult {
    /// Stable over runs: the feature's path, the scenario's name and, for an outline, the row.
    pub(crate) id: String,
    /// Path of the feature file.
    pub(crate) feature: String,
    /// Line in it, counted from 1; for an outline, the line of the row.
    pub(crate) line: usize,
    /// Its name.
    pub(crate) name: String,
    /// All its tags, those of feature and rule included, without `@`.
    pub(crate) tags: Vec<String>,
    /// The requirements it judges.
    pub(crate) requirements: Vec<String>,
    /// Its outcome.
    pub(crate) verdict: Outcome,
    /// Why it did not pass.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) reason: Option<Masked>,
    /// When it began, in milliseconds after the start of the run.
    pub(crate) started_ms: f64,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: f64,
    /// Its steps, in order.
    pub(crate) steps: Vec<StepResult>,
    /// Its exchanges in order, masked.
    pub(crate) exchanges: Vec<RecordedExchange>,
}

/// The result of one step.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StepResult {
    /// `Given`, `When`, `Then`, `And` or `But`, as written.
    pub(crate) keyword: String,
    /// Its text.
    pub(crate) text: String,
    /// Line in the feature file, counted from 1.
    pub(crate) line: usize,
    /// Its outcome.
    pub(crate) verdict: Outcome,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: f64,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) failure: Option<Failure>,
    /// A remark of a step that passed, such as that a snapshot was recorded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) note: Option<Masked>,
}

/// An expectation and the answer that contradicts it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// What the contract expects.
    pub(crate) expected: Masked,
    /// What the server answered.
    pub(crate) answered: Masked,
    /// Position of the answer in [`ScenarioResult::exchanges`].
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) exchange: Option<usize>,
}

/// One request and its answer, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecordedExchange {
    /// Position in [`ScenarioResult::steps`] of the step that sent it.
    pub(crate) step: usize,
    /// When it was sent, in milliseconds after the start of the run.
    pub(crate) at_ms: f64,
    /// Until the last byte of the answer, in milliseconds.
    pub(crate) duration_ms: f64,
    /// Milliseconds that the pacer held it back.
    pub(crate) paced_ms: f64,
    /// Whether it was sent in a race: at one moment with others.
    #[serde(skip_serializing_if = "Not::not", default)]
    pub(crate) race: bool,
    /// The request.
    pub(crate) request: RecordedRequest,
    /// The answer; `None` when none came.
    pub(crate) answer: Option<RecordedAnswer>,
    /// Why no answer came.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) trouble: Option<Masked>,
    /// What a client reads from the answer, for an answer that the scenario judges.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) judged: Option<JudgedAnswer>,
}

/// A request, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RecordedRequest {
    /// The method.
    pub(crate) method: String,
    /// The whole URL.
    pub(crate) url: Masked,
    /// Headers in the order sent.
    pub(crate) headers: Vec<(Masked, Masked)>,
    /// The body as text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) body: Option<Masked>,
}

/// An answer, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RecordedAnswer {
    /// The status code.
    pub(crate) status: u16,
    /// Headers in the order received.
    pub(crate) headers: Vec<(Masked, Masked)>,
    /// The body as text, cut at 16 kB.
    pub(crate) body: Masked,
}

impl ScenarioResult {
    /// Every text that may contain words of a server.
    pub(crate) fn server_strings(&mut self) -> impl Iterator<Item = &mut Masked> {
        let exchanges = self.exchanges.iter_mut().flat_map(RecordedExchange::server_strings);
        exchanges.chain(self.steps.iter_mut().flat_map(StepResult::server_strings)).chain(self.reason.as_mut())
    }
}

impl RecordedExchange {
    fn server_strings(&mut self) -> impl Iterator<Item = &mut Masked> {
        let (headers, body) = self.answer.as_mut().map(|answer| (&mut answer.headers, &mut answer.body)).unzip();
        let headers = self.request.headers.iter_mut().chain(headers.into_iter().flatten()).map(|(_, value)| value);
        let code = self.judged.as_mut().and_then(|judged| judged.error_code.as_mut());
        let texts = [Some(&mut self.request.url), self.request.body.as_mut(), body, self.trouble.as_mut(), code];
        headers.chain(texts.into_iter().flatten())
    }
}

impl StepResult {
    fn server_strings(&mut self) -> impl Iterator<Item = &mut Masked> {
        let failure = self.failure.as_mut().map(|failure| [&mut failure.expected, &mut failure.answered]);
        failure.into_iter().flatten().chain(self.note.as_mut())
    }
}
