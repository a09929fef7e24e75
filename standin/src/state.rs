//! What changes while a server is up, and the changes that a server with a race makes too late.

use std::time::{Duration, Instant};

use crate::{
    Lifetimes,
    tokens::{Access, OneTime, Pair, Refresh, Store, Text},
};

/// Everything a server remembers between two requests.
pub(crate) struct State {
    /// The lifetimes that new tokens get.
    pub(crate) kept: Lifetimes,
    /// The lifetimes that answers tell. The same, unless something is wrong.
    pub(crate) announced: Lifetimes,
    /// Whether the settings have been changed since the start.
    pub(crate) reconfigured: bool,
    pub(crate) access: Store<Access>,
    pub(crate) refresh: Store<Refresh>,
    pub(crate) one_time: Store<OneTime>,
    /// How many sessions there have been.
    pub(crate) sessions: u64,
    /// The pair given out last, and to whom.
    pub(crate) latest: Option<(usize, Pair)>,
    /// How many one-time tokens have been refused since the last good one.
    pub(crate) refused_in_a_row: u32,
    deferred: Vec<(Instant, Change)>,
}

/// Something that a server with a race does too late.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Change {
    /// A one-time token becomes used.
    SpendOneTime(Text),
    /// A refresh token becomes spent.
    SpendRefresh(Text),
    /// The login of this user is over. Nothing becomes of it; until then it can be met.
    FinishLogin(usize, Pair),
}

impl State {
    pub(crate) fn new(lifetimes: Lifetimes) -> Self {
        Self {
            kept: lifetimes,
            announced: lifetimes,
            reconfigured: false,
            access: Store::new(),
            refresh: Store::new(),
            one_time: Store::new(),
            sessions: 0,
            latest: None,
            refused_in_a_row: 0,
            deferred: Vec::new(),
        }
    }

    /// The number of a session that begins.
    pub(crate) fn begin_session(&mut self) -> u64 {
        self.sessions += 1;
        self.sessions
    }

    /// Leaves a change for later.
    pub(crate) fn defer(&mut self, due: Instant, change: Change) {
        self.deferred.push((due, change));
    }

    /// The changes that are decided but have not happened yet, the newest first.
    pub(crate) fn in_flight(&self) -> impl Iterator<Item = &Change> {
        self.deferred.iter().rev().map(|(_, change)| change)
    }

    /// Makes the changes that are due.
    pub(crate) fn settle(&mut self, now: Instant) {
        if self.deferred.is_empty() {
            return;
        }
        let (due, later) = std::mem::take(&mut self.deferred).into_iter().partition(|(due, _)| *due <= now);
        self.deferred = later;
        let due: Vec<(Instant, Change)> = due;
        due.into_iter().for_each(|(_, change)| self.make(&change));
    }

    fn make(&mut self, change: &Change) {
        match change {
            Change::SpendOneTime(token) => {
                if let Some(record) = self.one_time.get_mut(token) {
                    record.uses += 1;
                }
            }
            Change::SpendRefresh(token) => {
                if let Some(record) = self.refresh.get_mut(token) {
                    record.spent.get_or_insert(Duration::ZERO);
                }
            }
            Change::FinishLogin(..) => {}
        }
    }
}
