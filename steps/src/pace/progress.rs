//! How far a scenario has come: what it did, in the terms of a trace, and its tokens with the ends of their lives. The client
//! writes it while the scenario runs; whoever plans what else may begin reads it.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{Trace, TraceEvent, Until};
use crate::{Secret, lifetimes::LifetimeKind};

/// The progress of one scenario; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Mutex<ProgressState>>);

#[derive(Debug, Default)]
struct ProgressState {
    trace: Trace,
    tokens: Vec<(Secret, LifetimeKind, Duration)>,
    passed: Duration,
    /// What it waits for instead of sending, if it does.
    pause: Option<Pause>,
    /// Above zero while what is done belongs to no scenario.
    muted: u32,
    late: Option<String>,
}

/// What a scenario waits for that sends nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// A moment in the life of a token.
    Lifetime,
    /// A one-time token from the source.
    Source,
    /// A login of another scenario.
    Login,
}

/// A look at the progress of a scenario. Times are on the target's clock.
#[derive(Clone, Debug)]
pub struct ProgressMark {
    /// How many events are behind it.
    pub events: usize,
    /// How many of them were waits for a lifetime.
    pub waits: usize,
    /// What it waits for instead of sending, if it does.
    pub pause: Option<Pause>,
    /// Its tokens in the order in which they began to live, with the earliest moment at which that may have been.
    pub births: Vec<(LifetimeKind, Duration)>,
    /// Tokens that ended before this moment were meant to.
    pub passed: Duration,
}

impl Progress {
    /// What the scenario did.
    #[must_use]
    pub fn trace(&self) -> Trace {
        self.state().trace.clone()
    }

    /// How far it is.
    #[must_use]
    pub fn mark(&self) -> ProgressMark {
        let state = self.state();
        let births = state.tokens.iter().map(|(_, kind, at)| (*kind, *at)).collect();
        let waits = state.trace.iter().filter(|event| matches!(event, TraceEvent::Waited { .. })).count();
        ProgressMark { events: state.trace.len(), waits, pause: state.pause, births, passed: state.passed }
    }

    /// Why what it saw proves nothing, if a token came to the server too late.
    #[must_use]
    pub fn late(&self) -> Option<String> {
        self.state().late.clone()
    }

    pub(crate) fn sent(&self, requests: u32, secrets: &[Secret], is_failed_login: bool) {
        let mut state = self.state();
        let carries = |secret: &Secret| state.tokens.iter().position(|(token, ..)| token == secret);
        let carries = secrets.iter().filter_map(carries).collect();
        state.record(TraceEvent::Sent { requests, carries, is_failed_login });
    }

    /// A change of the settings was sent; `accepted` is the lifetime that it has changed.
    pub(crate) fn changed(&self, accepted: Option<LifetimeKind>) {
        self.state().record(TraceEvent::Changed(accepted));
    }

    /// Whether a request of the scenario carried this token.
    pub(crate) fn was_sent(&self, token: &Secret) -> bool {
        let state = self.state();
        let Some(at) = state.tokens.iter().position(|(known, ..)| known == token) else { return true };
        state.trace.iter().any(|event| matches!(event, TraceEvent::Sent { carries, .. } if carries.contains(&at)))
    }

    pub(crate) fn held(&self, permits: u32) {
        self.state().record(TraceEvent::Held { permits });
    }

    pub(crate) fn released(&self) {
        self.state().record(TraceEvent::Released);
    }

    /// The scenario sends nothing until a wait has ended or a one-time token is there.
    pub(crate) fn pause(&self, pause: Pause) {
        self.state().pause = Some(pause);
    }

    /// A wait has ended that no event tells of.
    pub(crate) fn resume(&self) {
        self.state().pause = None;
    }

    /// Whether the scenario has tokens.
    pub(crate) fn has_tokens(&self) -> bool {
        !self.state().tokens.is_empty()
    }

    /// A token began to live. One that is known goes on living.
    pub(crate) fn born(&self, token: &Secret, kind: LifetimeKind, earliest: Duration, is_second_user: bool) {
        let mut state = self.state();
        if kind == LifetimeKind::OneTime {
            state.pause = None;
        }
        if state.muted == 0 && !state.tokens.iter().any(|(known, ..)| known == token) {
            state.tokens.push((token.clone(), kind, earliest));
            state.record(TraceEvent::Born { kind, is_second_user });
        }
    }

    /// A wait for a moment in the life of the token that began to live then has ended.
    pub(crate) fn waited(&self, earliest: Duration, kind: LifetimeKind, until: Until, lifetime: Duration) {
        let mut state = self.state();
        state.pause = None;
        if let Some(token) = state.tokens.iter().rposition(|(_, known, at)| (*known, *at) == (kind, earliest)) {
            state.record(TraceEvent::Waited { token, until, lifetime });
        }
    }

    /// Tokens that end before this moment are meant to.
    pub(crate) fn let_pass(&self, moment: Duration) {
        let mut state = self.state();
        state.passed = state.passed.max(moment);
    }

    /// Tokens that ended before this moment were meant to.
    pub(crate) fn passed(&self) -> Duration {
        self.state().passed
    }

    /// A token came to the server too late, or may have been used by an attempt without an answer.
    pub(crate) fn note_late(&self, why: String) {
        self.state().late.get_or_insert(why);
    }

    /// The shared session is used; what is done until the end belongs to no scenario.
    pub(crate) fn begin_shared_session(&self) {
        let mut state = self.state();
        state.record(TraceEvent::SharedSession);
        state.muted += 1;
    }

    pub(crate) fn end_shared_session(&self) {
        let mut state = self.state();
        state.muted = state.muted.saturating_sub(1);
    }

    fn state(&self) -> MutexGuard<'_, ProgressState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ProgressState {
    fn record(&mut self, event: TraceEvent) {
        if self.muted == 0 {
            self.trace.push(event);
        }
    }
}
