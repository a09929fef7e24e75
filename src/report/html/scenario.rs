//! Scenarios as the report shows them: each once in full, under the requirement it is named after first.

use std::collections::HashMap;

use serde::Serialize;

use super::{wire::Wire, words};
use crate::{
    report::figures::short,
    results::{Results, Scenario, Step},
};

/// The place of every scenario in the report, by its id.
pub(super) struct Numbers<'a>(HashMap<&'a str, usize>);

impl<'a> Numbers<'a> {
    pub(super) fn of(results: &'a Results) -> Self {
        Self(results.scenarios.iter().zip(1..).map(|(scenario, number)| (scenario.id.as_str(), number)).collect())
    }

    /// The number that its place is named after; 0 for a scenario that the results do not have.
    pub(super) fn number(&self, id: &str) -> usize {
        self.0.get(id).copied().unwrap_or_default()
    }
}

/// A scenario with all that happened.
#[derive(Serialize)]
pub(super) struct Told<'a> {
    number: usize,
    name: &'a str,
    place: String,
    verdict: &'static str,
    took: String,
    reason: Option<&'a str>,
    steps: Vec<ToldStep<'a>>,
}

#[derive(Serialize)]
struct ToldStep<'a> {
    keyword: &'a str,
    text: &'a str,
    verdict: &'static str,
    took: String,
    expected: Option<&'a str>,
    answered: Option<&'a str>,
    note: Option<&'a str>,
    exchanges: Vec<Wire<'a>>,
}

impl<'a> Told<'a> {
    pub(super) fn of(scenario: &'a Scenario, numbers: &Numbers<'a>) -> Self {
        let mut sent: Vec<Vec<Wire<'a>>> = scenario.steps.iter().map(|_| Vec::new()).collect();
        for exchange in &scenario.exchanges {
            if let Some(step) = sent.get_mut(exchange.step) {
                step.push(Wire::of(exchange));
            }
        }
        // A failed step says itself what was expected and answered.
        let told = scenario.steps.iter().any(|step| step.failure.is_some());
        Self {
            number: numbers.number(&scenario.id),
            name: &scenario.name,
            place: place(scenario),
            verdict: words::outcome(scenario.verdict),
            took: short(scenario.duration_ms),
            reason: scenario.reason.as_deref().filter(|_| !told),
            steps: scenario.steps.iter().zip(sent).map(|(step, exchanges)| ToldStep::of(step, exchanges)).collect(),
        }
    }
}

impl<'a> ToldStep<'a> {
    fn of(step: &'a Step, exchanges: Vec<Wire<'a>>) -> Self {
        Self {
            keyword: &step.keyword,
            text: &step.text,
            verdict: words::outcome(step.verdict),
            took: short(step.duration_ms),
            expected: step.failure.as_ref().map(|failure| failure.expected.as_str()),
            answered: step.failure.as_ref().map(|failure| failure.answered.as_str()),
            note: step.note.as_deref(),
            exchanges,
        }
    }
}

/// File and line.
pub(super) fn place(scenario: &Scenario) -> String {
    format!("{}:{}", scenario.feature, scenario.line)
}
