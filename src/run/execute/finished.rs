//! How a scenario ended, step by step, before it counts and goes into the ledger.

use std::time::{Duration, Instant};

use cucumber::gherkin;
use steps::{Masked, Redactor, ScenarioRecord, Sensitive, StepError, Trace};

use super::step::StepEnd;
use crate::results::{self, Outcome};

/// Most characters of a reason or of what a server answered that a report shows.
const LONGEST: usize = 2_000;

/// A scenario that has ended.
pub(super) struct Finished {
    pub(super) began: Instant,
    pub(super) took: Duration,
    pub(super) outcome: Outcome,
    pub(super) reason: Option<Masked>,
    /// Whether scenarios beside it may have brought the outcome about.
    pub(super) may_be_interference: bool,
    /// Whether it passed on a refusal that they may have brought about.
    pub(super) refusal_may_be_interference: bool,
    pub(super) steps: Vec<StepRecord>,
    pub(super) record: ScenarioRecord,
    /// What it did to the server.
    pub(super) trace: Trace,
    /// Why what it saw proves nothing, if a token came to the server too late.
    pub(super) late: Option<Masked>,
}

/// A step that has ended, or was not reached.
#[derive(Clone)]
pub(super) struct StepRecord {
    keyword: String,
    text: String,
    line: usize,
    outcome: Outcome,
    took: Duration,
    failure: Option<results::Failure>,
}

impl Finished {
    pub(super) fn at(began: Instant) -> Self {
        Self {
            began,
            took: Duration::ZERO,
            outcome: Outcome::Passed,
            reason: None,
            may_be_interference: false,
            refusal_may_be_interference: false,
            steps: Vec::new(),
            record: ScenarioRecord::default(),
            trace: Trace::new(),
            late: None,
        }
    }

    /// What a twin with these steps comes to, as far as it has gone together with this one.
    pub(super) fn for_twin<'a>(&self, steps: impl Iterator<Item = &'a gherkin::Step>) -> Self {
        let steps = steps.zip(&self.steps).map(|(step, done)| StepRecord {
            outcome: done.outcome,
            took: done.took,
            failure: done.failure.clone(),
            ..StepRecord::not_reached(step)
        });
        Self {
            took: self.took,
            outcome: self.outcome,
            reason: self.reason.clone(),
            may_be_interference: self.may_be_interference,
            refusal_may_be_interference: self.refusal_may_be_interference,
            steps: steps.collect(),
            ..Self::at(self.began)
        }
    }

    pub(super) fn step_ended(
        &mut self,
        step: &gherkin::Step,
        ended: Result<(), StepEnd>,
        took: Duration,
        redactor: &Redactor,
    ) {
        let (outcome, reason, failure) = match ended {
            Ok(()) => (Outcome::Passed, None, None),
            Err(StepEnd { error, may_be_interference }) => {
                self.may_be_interference = may_be_interference;
                outcome(error, redactor)
            }
        };
        self.outcome = outcome;
        self.reason = reason;
        self.steps.push(StepRecord { outcome, took, failure, ..StepRecord::not_reached(step) });
    }

    /// Whether it holds, and the server refused something meanwhile.
    pub(super) fn passed_on_a_refusal(&self) -> bool {
        self.outcome == Outcome::Passed && self.statuses().any(|status| status >= 300)
    }

    /// Whether nothing was judged, and the server refused a token meanwhile.
    pub(super) fn ended_on_a_refusal(&self) -> bool {
        self.outcome == Outcome::Inconclusive && self.statuses().any(|status| matches!(status, 401 | 403))
    }

    fn statuses(&self) -> impl Iterator<Item = u16> {
        self.record.exchanges.iter().filter_map(|exchange| Some(exchange.answer.as_ref().ok()?.status))
    }

    /// Lets nothing count that was seen: a token came to the server too late.
    pub(super) fn becomes_inconclusive(&mut self) {
        let Some(late) = self.late.take() else { return };
        self.outcome = Outcome::Inconclusive;
        self.reason = Some(late);
        self.record.observations.clear();
        for exchange in &mut self.record.exchanges {
            exchange.judged = None;
        }
        for step in &mut self.steps {
            if step.failure.take().is_some() {
                step.outcome = Outcome::Inconclusive;
            }
        }
    }

    /// Masks again what may hold a secret that a later step was the first to know.
    pub(super) fn mask(&mut self, redactor: &Redactor) {
        self.reason = self.reason.take().map(|reason| redactor.mask(&reason));
        for failure in self.steps.iter_mut().filter_map(|step| step.failure.as_mut()) {
            failure.expected = redactor.mask(&failure.expected);
            failure.answered = redactor.mask(&failure.answered);
        }
        for (_, note) in &mut self.record.notes {
            *note = redactor.mask(note);
        }
    }
}

fn outcome(error: StepError, redactor: &Redactor) -> (Outcome, Option<Masked>, Option<results::Failure>) {
    let reason = shown(&error.reason(), redactor);
    match error {
        StepError::Skipped(_) => (Outcome::Skipped, Some(reason), None),
        StepError::Inconclusive(_) => (Outcome::Inconclusive, Some(reason), None),
        StepError::Failed(mismatch) => {
            let (expected, answered) = (redactor.mask(mismatch.expected.expose()), shown(&mismatch.answered, redactor));
            let exchange = mismatch.exchange;
            (Outcome::Failed, Some(reason), Some(results::Failure { expected, answered, exchange }))
        }
    }
}

/// Text that may quote the server: masked like what it sends, and of bounded length.
fn shown(text: &Sensitive, redactor: &Redactor) -> Masked {
    let text = text.expose();
    let masked = redactor.mask_received(&text[..text.floor_char_boundary(LONGEST * 2)], "");
    if masked.len() > LONGEST { masked.first_chars(LONGEST).joined("…", &Masked::default()) } else { masked }
}

impl StepRecord {
    pub(super) fn not_reached(step: &gherkin::Step) -> Self {
        Self {
            keyword: step.keyword.trim().to_owned(),
            text: step.value.clone(),
            line: step.position.line,
            outcome: Outcome::Skipped,
            took: Duration::ZERO,
            failure: None,
        }
    }

    pub(super) fn into_result(self) -> results::StepResult {
        results::StepResult {
            keyword: self.keyword,
            text: self.text,
            line: self.line,
            verdict: self.outcome,
            duration_ms: millis(self.took),
            failure: self.failure,
            note: None,
        }
    }
}

/// Milliseconds to a hundredth; more would only make files longer.
pub(super) fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 100_000.0).round() / 100.0
}
