//! What became of every scenario, in the terms of the results. Filled while a run goes on, read when it has ended.

use std::{
    cell::RefCell,
    collections::HashMap,
    fmt, mem, thread,
    time::{Duration, Instant},
};

use steps::{Masked, NotRestored, Redactor, Trace};

use super::finished::{Finished, StepRecord, millis};
use crate::{results, run::exploring::Explored, suite::Scenario};

/// The records of one run.
pub(crate) struct Ledger {
    began: Instant,
    keeps_traces: bool,
    entries: RefCell<Entries>,
}

#[derive(Default)]
struct Entries {
    scenarios: Vec<(usize, results::ScenarioResult)>,
    observations: Vec<(usize, results::Observation)>,
    left_changed: Vec<NotRestored>,
    traces: HashMap<String, Trace>,
    explored: Option<Explored>,
}

/// What is in a ledger at the end of a run.
pub(crate) struct Closed {
    /// In the order of the features.
    pub(crate) scenarios: Vec<results::ScenarioResult>,
    /// In the order of the features.
    pub(crate) observations: Vec<results::Observation>,
    /// Lifetimes that are not known to be restored.
    pub(crate) left_changed: Vec<NotRestored>,
    /// What each scenario did to the server, by its id; only of a ledger that keeps it.
    pub(crate) traces: HashMap<String, Trace>,
    /// What exploring came to; its scenarios and observations are among the others.
    pub(crate) exploration: Option<results::ExplorationInfo>,
}

impl Closed {
    /// Adds the scenarios that the run did not come to, or did not end, as inconclusive. All that were selected are given, in the
    /// order of the features.
    pub(crate) fn add_unjudged<'a>(&mut self, selected: impl Iterator<Item = &'a Scenario>, reason: &Masked) {
        let judged = mem::take(&mut self.scenarios);
        let mut judged: HashMap<String, _> = judged.into_iter().map(|result| (result.id.clone(), result)).collect();
        let unjudged = |it: &Scenario| it.to_result(results::Outcome::Inconclusive, Some(reason.clone()));
        self.scenarios = selected.map(|it| judged.remove(&it.id).unwrap_or_else(|| unjudged(it))).collect();
        self.scenarios.extend(judged.into_values());
    }

    /// Masks what was recorded before it was known to be a secret.
    pub(crate) fn mask(&mut self, redactor: &Redactor) {
        let mask = |text: &mut Masked| *text = redactor.mask(text);
        self.observations.iter_mut().for_each(|it| mask(&mut it.answer));
        let half = self.scenarios.len() / 2;
        let (one, other) = self.scenarios.split_at_mut(half);
        let mask = |scenarios: &mut [results::ScenarioResult]| {
            scenarios.iter_mut().flat_map(results::ScenarioResult::server_strings).for_each(mask);
        };
        thread::scope(|scope| {
            scope.spawn(|| mask(other));
            mask(one);
        });
    }
}

impl Ledger {
    /// An empty ledger of a run that begins now.
    pub(crate) fn open() -> Self {
        Self { began: Instant::now(), keeps_traces: false, entries: RefCell::default() }
    }

    /// The same, which keeps what each scenario did to the server.
    pub(crate) fn open_with_traces() -> Self {
        Self { keeps_traces: true, ..Self::open() }
    }

    /// How long the run has been going on.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    pub(super) fn explored(&self, explored: Option<Explored>) {
        self.entries.borrow_mut().explored = explored;
    }

    pub(crate) fn left_changed(&self, what: Vec<NotRestored>) {
        self.entries.borrow_mut().left_changed.extend(what);
    }

    pub(super) fn finish(&self, position: usize, scenario: &Scenario, mut finished: Finished) {
        let mut entries = self.entries.borrow_mut();
        if self.keeps_traces {
            entries.traces.insert(scenario.id.clone(), mem::take(&mut finished.trace));
        }
        for (question, answer) in &finished.record.observations {
            for requirement in &scenario.requirements {
                let observation = results::Observation {
                    requirement: requirement.to_string(),
                    question: question.clone(),
                    answer: answer.clone(),
                    scenario: Some(scenario.id.clone()),
                };
                entries.observations.push((position, observation));
            }
        }
        entries.scenarios.push((position, self.entry(scenario, finished)));
    }

    fn entry(&self, scenario: &Scenario, finished: Finished) -> results::ScenarioResult {
        let Finished { record, .. } = finished;
        let mut steps: Vec<results::StepResult> = finished.steps.into_iter().map(StepRecord::into_result).collect();
        for (position, note) in record.notes {
            if let Some(step) = steps.get_mut(position) {
                step.note = Some(note);
            }
        }
        let reason = finished.reason.map(|reason| drop_own_reference(reason, &scenario.requirements));
        results::ScenarioResult {
            started_ms: self.millis(finished.began),
            duration_ms: millis(finished.took),
            steps,
            exchanges: record.exchanges.into_iter().map(|exchange| self.exchange(exchange)).collect(),
            ..scenario.to_result(finished.outcome, reason)
        }
    }

    fn exchange(&self, exchange: steps::ExchangeRecord) -> results::RecordedExchange {
        let (answer, trouble) = match exchange.answer {
            Ok(answer) => {
                let (status, headers, body) = (answer.status, answer.headers, answer.body);
                (Some(results::RecordedAnswer { status, headers, body }), None)
            }
            Err(trouble) => (None, Some(trouble)),
        };
        results::RecordedExchange {
            step: exchange.step,
            at_ms: self.millis(exchange.sent),
            duration_ms: millis(exchange.took),
            paced_ms: millis(exchange.paced),
            race: exchange.race,
            request: results::RecordedRequest {
                method: exchange.method.to_owned(),
                url: exchange.url,
                headers: exchange.request_headers,
                body: exchange.request_body,
            },
            answer,
            trouble,
            judged: exchange.judged.map(Into::into),
        }
    }

    fn millis(&self, moment: Instant) -> f64 {
        millis(moment.saturating_duration_since(self.began))
    }

    /// Ends the run.
    pub(crate) fn close(&self) -> Closed {
        self.entries.take().close()
    }

    /// What would be in it if the run ended now.
    pub(crate) fn copy(&self) -> Closed {
        let entries = self.entries.borrow();
        let (scenarios, observations) = (entries.scenarios.clone(), entries.observations.clone());
        Entries { scenarios, observations, ..Entries::default() }.close()
    }
}

impl Entries {
    fn close(self) -> Closed {
        let Self { mut scenarios, mut observations, left_changed, traces, explored } = self;
        scenarios.sort_by_key(|(position, _)| *position);
        observations.sort_by_key(|(position, _)| *position);
        let mut closed = Closed {
            scenarios: scenarios.into_iter().map(|(_, scenario)| scenario).collect(),
            observations: observations.into_iter().map(|(_, observation)| observation).collect(),
            left_changed,
            traces,
            exploration: None,
        };
        if let Some(explored) = explored {
            closed.scenarios.extend(explored.scenarios);
            closed.observations.extend(explored.observations);
            closed.exploration = Some(explored.info);
        }
        closed
    }
}

/// A reason without ` (see ISSUE-1)` at its end, where the scenario judges that requirement itself.
fn drop_own_reference(reason: Masked, requirements: &[impl fmt::Display]) -> Masked {
    let without = |id: &_| Some(reason.as_str().strip_suffix(&format!(" (see {id})"))?.chars().count());
    match requirements.iter().find_map(without) {
        Some(kept) => reason.first_chars(kept),
        None => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_refers_to_no_requirement_that_is_judged_by_the_same_scenario() {
        let reason = |text: &str| {
            drop_own_reference(Redactor::default().mask(text), &["USE-1".to_owned(), "USE-2".to_owned()]).to_string()
        };
        assert_eq!(reason("nothing is judged (see USE-2)"), "nothing is judged");
        assert_eq!(reason("nothing is judged (see ISSUE-1)"), "nothing is judged (see ISSUE-1)");
    }
}
