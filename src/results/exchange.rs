//! What went over the wire, masked.

use std::ops::Not;

use serde::{Deserialize, Serialize};
use steps::Masked;

/// One request and its answer, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Exchange {
    /// Position in [`Scenario::steps`] of the step that sent it.
    pub(crate) step: usize,
    /// When it was sent, in milliseconds after the run began.
    pub(crate) at_ms: f64,
    /// Until the last byte of the answer, in milliseconds.
    pub(crate) duration_ms: f64,
    /// Milliseconds it waited for its turn before it was sent.
    pub(crate) paced_ms: f64,
    /// Whether it was sent in a race: at one moment with others.
    #[serde(skip_serializing_if = "Not::not", default)]
    pub(crate) race: bool,
    /// The request.
    pub(crate) request: Request,
    /// The answer; `None` when none came.
    pub(crate) answer: Option<Answer>,
    /// Why no answer came.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) trouble: Option<Masked>,
    /// What a client reads from the answer, where the scenario judges it; most exchanges only lead there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) judged: Option<steps::AnswerSummary>,
}

/// A request, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Request {
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
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// Headers in the order received.
    pub(crate) headers: Vec<(Masked, Masked)>,
    /// The body as text, cut at 16 kB.
    pub(crate) body: Masked,
}
