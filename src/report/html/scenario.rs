//! Scenarios, each once in full under the first requirement that it judges, with its steps and exchanges.

use std::collections::HashMap;

use serde::Serialize;

use crate::{
    hex::sha256,
    report::{
        class::outcome_class,
        exchange::{Direction, WireLine, wire_lines},
        format::short_duration,
    },
    results::{RecordedExchange, Results, ScenarioResult, StepResult},
};

/// Times below this, in milliseconds, are the pacer's own and not waiting.
const NO_WAIT: f64 = 1.0;

/// The end of every scenario's anchor, by id. Made from the id alone, so that links to a report last from run to run.
pub(super) struct ScenarioAnchors<'a>(HashMap<&'a str, String>);

/// Characters of an anchor's end: enough that no two of 10,000 scenarios share one.
const ANCHOR_LENGTH: usize = 12;

/// A link to a scenario that is shown elsewhere.
#[derive(Serialize)]
pub(super) struct ScenarioLink<'a> {
    anchor: String,
    name: &'a str,
}

impl<'a> ScenarioAnchors<'a> {
    pub(super) fn new(results: &'a Results) -> Self {
        let anchor = |scenario: &'a ScenarioResult| {
            let digest = sha256(scenario.id.as_bytes());
            (scenario.id.as_str(), digest[..ANCHOR_LENGTH].to_owned())
        };
        Self(results.scenarios.iter().map(anchor).collect())
    }

    /// The end of the anchor of a scenario; empty for one that the results lack.
    pub(super) fn anchor(&self, id: &str) -> String {
        self.0.get(id).cloned().unwrap_or_default()
    }

    /// A link to a scenario.
    pub(super) fn link(&self, scenario: &'a ScenarioResult) -> ScenarioLink<'a> {
        ScenarioLink { anchor: self.anchor(&scenario.id), name: &scenario.name }
    }
}

/// A scenario in full.
#[derive(Serialize)]
pub(super) struct ScenarioView<'a> {
    anchor: String,
    name: &'a str,
    place: String,
    verdict: &'static str,
    took: String,
    reason: Option<&'a str>,
    steps: Vec<StepView<'a>>,
}

#[derive(Serialize)]
struct StepView<'a> {
    keyword: &'a str,
    text: &'a str,
    verdict: &'static str,
    took: String,
    expected: Option<&'a str>,
    answered: Option<&'a str>,
    note: Option<&'a str>,
    exchanges: Vec<ExchangeView<'a>>,
}

/// One line for an exchange, and both messages.
#[derive(Serialize)]
pub(super) struct ExchangeView<'a> {
    method: &'a str,
    url: &'a str,
    /// The status, or that no answer came.
    status: String,
    trouble: Option<&'a str>,
    took: String,
    /// How long the pacer held it back, where it did.
    paced: Option<String>,
    sent: String,
    received: String,
}

impl<'a> ScenarioView<'a> {
    pub(super) fn new(scenario: &'a ScenarioResult, anchors: &ScenarioAnchors<'a>) -> Self {
        let mut by_step: Vec<Vec<ExchangeView<'a>>> = scenario.steps.iter().map(|_| Vec::new()).collect();
        for exchange in &scenario.exchanges {
            if let Some(step) = by_step.get_mut(exchange.step) {
                step.push(ExchangeView::new(exchange));
            }
        }
        // A failed step shows what was expected and answered.
        let has_failure = scenario.steps.iter().any(|step| step.failure.is_some());
        Self {
            anchor: anchors.anchor(&scenario.id),
            name: &scenario.name,
            place: location(scenario),
            verdict: outcome_class(scenario.verdict),
            took: short_duration(scenario.duration_ms),
            reason: scenario.reason.as_deref().filter(|_| !has_failure),
            steps: scenario.steps.iter().zip(by_step).map(|(step, exchanges)| StepView::new(step, exchanges)).collect(),
        }
    }
}

impl<'a> StepView<'a> {
    fn new(step: &'a StepResult, exchanges: Vec<ExchangeView<'a>>) -> Self {
        Self {
            keyword: &step.keyword,
            text: &step.text,
            verdict: outcome_class(step.verdict),
            took: short_duration(step.duration_ms),
            expected: step.failure.as_ref().map(|failure| &*failure.expected),
            answered: step.failure.as_ref().map(|failure| &*failure.answered),
            note: step.note.as_deref(),
            exchanges,
        }
    }
}

impl<'a> ExchangeView<'a> {
    pub(super) fn new(exchange: &'a RecordedExchange) -> Self {
        let (sent, received): (Vec<WireLine>, Vec<WireLine>) =
            wire_lines(exchange).into_iter().partition(|line| line.direction == Direction::Sent);
        let trouble = exchange.trouble.as_deref().filter(|_| exchange.answer.is_none());
        Self {
            method: &exchange.request.method,
            url: &exchange.request.url,
            status: exchange.answer.as_ref().map_or_else(|| "no answer".to_owned(), |answer| answer.status.to_string()),
            trouble,
            took: short_duration(exchange.duration_ms),
            paced: (exchange.paced_ms >= NO_WAIT).then(|| short_duration(exchange.paced_ms)),
            sent: join_lines(&sent),
            received: join_lines(&received),
        }
    }
}

fn join_lines(lines: &[WireLine]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// File and line.
pub(super) fn location(scenario: &ScenarioResult) -> String {
    format!("{}:{}", scenario.feature, scenario.line)
}
