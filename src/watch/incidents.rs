//! Which checks fail at the moment, and what is news about them. A wrong answer is reported at once; no answer once two rounds in
//! succession have none, since networks lose a request now and then.

use std::{collections::BTreeMap, fmt};

use super::{
    checks::{Check, CheckOutcome},
    facts::ProfileChange,
};

/// The rounds without an answer after which that is reported.
const PATIENCE: u32 = 2;

/// What a round has to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A check fails that did not.
    Begun(Check, String),
    /// A check passes again.
    Resolved(Check),
    /// The server differs from the baseline.
    Changed(ProfileChange),
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begun(check, text) => write!(f, "incident: {}{text}", requirement(*check)),
            Self::Resolved(check) => {
                write!(f, "resolved: {}{}", requirement(*check), check.name().replace('_', " "))
            }
            Self::Changed(ProfileChange { fact, before, now }) => write!(f, "changed: {fact} was {before}; is {now}"),
        }
    }
}

fn requirement(check: Check) -> String {
    Some(check.names().1).filter(|id| !id.is_empty()).map(|id| format!("{id}: ")).unwrap_or_default()
}

/// The state of a target after the last round, worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TargetHealth {
    /// Every check that was tried passed.
    Good,
    /// Something could not be judged.
    Unanswered,
    /// A check fails, or the server differs from the baseline.
    Wrong,
}

/// The state of a check.
#[derive(Clone, Debug, Default)]
pub(crate) struct CheckState {
    /// The last outcome that was judged; `None` before the first.
    pub(crate) is_ok: Option<bool>,
    /// Rounds in succession without an answer.
    pub(crate) unanswered: u32,
    /// Whether its failure has been reported.
    pub(crate) told: bool,
    /// Its requirement was broken, rather than no answer given.
    is_wrong: bool,
    /// The round that tried it last.
    round: u64,
}

/// The states of all checks that were tried.
#[derive(Debug, Default)]
pub(crate) struct Incidents {
    states: BTreeMap<Check, CheckState>,
    round: u64,
    /// Incidents reported so far.
    pub(crate) told: u64,
}

impl Incidents {
    /// Begins a round.
    pub(crate) fn begin_round(&mut self) {
        self.round += 1;
    }

    /// Takes the outcome of a check in, and gives what is news.
    pub(crate) fn record(&mut self, check: Check, outcome: CheckOutcome) -> Option<Event> {
        let state = self.states.entry(check).or_default();
        state.round = self.round;
        state.unanswered = if matches!(outcome, CheckOutcome::Unanswered(_)) { state.unanswered + 1 } else { 0 };
        let (is_ok, text) = match outcome {
            CheckOutcome::Passed => (true, String::new()),
            CheckOutcome::Failed(text) => {
                state.is_wrong = true;
                (false, text)
            }
            CheckOutcome::Unanswered(_) if state.unanswered < PATIENCE => return None,
            CheckOutcome::Unanswered(text) => (false, text),
        };
        state.is_ok = Some(is_ok);
        let was_told = std::mem::replace(&mut state.told, !is_ok);
        if is_ok {
            state.is_wrong = false;
            return was_told.then_some(Event::Resolved(check));
        }
        if was_told {
            return None;
        }
        self.told += 1;
        Some(Event::Begun(check, text))
    }

    /// The states of the checks that were tried.
    pub(crate) fn states(&self) -> impl Iterator<Item = (Check, &CheckState)> {
        self.states.iter().map(|(check, state)| (*check, state))
    }

    /// How many checks fail at the moment.
    pub(crate) fn in_force(&self) -> usize {
        self.states.values().filter(|state| state.told).count()
    }

    pub(crate) fn standing(&self) -> TargetHealth {
        let standing = |state: &CheckState| match (state.is_ok, state.unanswered) {
            (Some(false), _) if state.is_wrong => TargetHealth::Wrong,
            (_, 1..) if state.round == self.round => TargetHealth::Unanswered,
            (Some(false), _) => TargetHealth::Unanswered,
            _ => TargetHealth::Good,
        };
        self.states.values().map(standing).max().unwrap_or(TargetHealth::Unanswered)
    }
}
