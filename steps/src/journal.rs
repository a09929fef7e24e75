//! The journal of one scenario: its exchanges, observations and notes, all masked. Steps write it and the runner reads it, so
//! that it survives a step that timed out.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::{AnswerSummary, Masked, pace::Progress};

/// A scenario's record; clones share it.
#[derive(Clone, Debug)]
pub struct Journal {
    record: Arc<Mutex<ScenarioRecord>>,
    progress: Progress,
    id: u64,
}

/// The contents of a journal.
#[derive(Clone, Debug, Default)]
pub struct ScenarioRecord {
    /// Position of the step that is running.
    step: usize,
    /// What went over the wire, in the order sent.
    pub exchanges: Vec<ExchangeRecord>,
    /// What the server chose where the contract leaves a choice: question and answer.
    pub observations: Vec<(String, Masked)>,
    /// Notes of steps, whether they passed or not: position of the step, and the note.
    pub notes: Vec<(usize, Masked)>,
}

/// One request and its answer, masked.
#[derive(Clone, Debug)]
pub struct ExchangeRecord {
    /// Position of the step that sent it.
    pub step: usize,
    /// When it was sent.
    pub sent: std::time::Instant,
    /// From sending to the last byte of the answer.
    pub took: Duration,
    /// How long it waited for its turn before it was sent.
    pub paced: Duration,
    /// Whether it was sent in a race: at one moment with others.
    pub race: bool,
    /// The method.
    pub method: &'static str,
    /// The whole URL.
    pub url: Masked,
    /// Request headers in the order sent.
    pub request_headers: Vec<(Masked, Masked)>,
    /// The request body.
    pub request_body: Option<Masked>,
    /// The answer, or why none came.
    pub answer: Result<AnswerRecord, Masked>,
    /// The summary of the answer, if a step judges it; most exchanges only prepare for one that is judged.
    pub judged: Option<AnswerSummary>,
}

/// An answer, masked.
#[derive(Clone, Debug)]
pub struct AnswerRecord {
    /// The status code.
    pub status: u16,
    /// Headers in the order received.
    pub headers: Vec<(Masked, Masked)>,
    /// The body as text, cut to what a report can use.
    pub body: Masked,
}

impl Default for Journal {
    /// An empty one.
    fn default() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { record: Arc::default(), progress: Progress::default(), id: NEXT.fetch_add(1, Ordering::Relaxed) }
    }
}

impl Journal {
    /// How long an exchange took, from sending to the last byte of the answer.
    pub(crate) fn took(&self, exchange: usize) -> Duration {
        self.record().exchanges.get(exchange).map_or(Duration::ZERO, |exchange| exchange.took)
    }

    /// A number unique to this journal and its clones within the process.
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// How far the scenario has come.
    #[must_use]
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Sets the running step.
    pub fn begin_step(&self, position: usize) {
        self.record().step = position;
    }

    /// Adds an exchange of the running step and returns its position.
    pub(crate) fn exchange(&self, mut exchange: ExchangeRecord) -> usize {
        let mut record = self.record();
        exchange.step = record.step;
        record.exchanges.push(exchange);
        record.exchanges.len() - 1
    }

    /// Marks the answer of an exchange as judged, unless an earlier step sent it.
    pub(crate) fn judged(&self, exchange: usize, summary: AnswerSummary) {
        let mut record = self.record();
        let step = record.step;
        if let Some(exchange) = record.exchanges.get_mut(exchange).filter(|exchange| exchange.step == step) {
            exchange.judged = Some(summary);
        }
    }

    pub(crate) fn observe(&self, question: &str, answer: Masked) {
        self.record().observations.push((question.to_owned(), answer));
    }

    /// Adds a note to the running step.
    pub fn note(&self, note: impl Into<Masked>) {
        let mut record = self.record();
        let step = record.step;
        record.notes.push((step, note.into()));
    }

    /// Puts contents back that were taken out, in place of what it has.
    pub fn put_back(&self, record: ScenarioRecord) {
        *self.record() = record;
    }

    /// Takes the contents out.
    #[must_use]
    pub fn take(&self) -> ScenarioRecord {
        std::mem::take(&mut *self.record())
    }

    fn record(&self) -> MutexGuard<'_, ScenarioRecord> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
