//! What a server remembers between requests, and the changes that a race fault applies late.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use crate::{
    memory::Memory,
    options::TokenLifetimes,
    tokens::{AccessRecord, OneTimeRecord, RefreshRecord, TokenGrant, TokenStore, TokenText},
    variations::Variations,
};

/// The state of a server.
pub(crate) struct ServerState {
    /// The lifetimes that new tokens get.
    pub(crate) effective: TokenLifetimes,
    /// The lifetimes that responses announce: the effective ones, unless a fault separates them.
    pub(crate) announced: TokenLifetimes,
    /// Both at the start, and those of single nodes, where a fault keeps settings apart.
    pub(crate) initial: (TokenLifetimes, TokenLifetimes),
    pub(crate) settings_of_nodes: HashMap<usize, (TokenLifetimes, TokenLifetimes)>,
    /// Whether the settings have been changed since the start.
    pub(crate) reconfigured: bool,
    /// When the settings were changed last.
    pub(crate) changed_at: Option<Duration>,
    /// The differences from the documented server, at the moment.
    pub(crate) variations: Variations,
    pub(crate) access: TokenStore<AccessRecord>,
    pub(crate) refresh: TokenStore<RefreshRecord>,
    pub(crate) one_time: TokenStore<OneTimeRecord>,
    /// The number of sessions begun so far.
    pub(crate) sessions: u64,
    /// The pair issued last, and the index of its user.
    pub(crate) latest: Option<(usize, TokenGrant)>,
    /// The number of one-time tokens refused since the last accepted one.
    pub(crate) refused_in_a_row: u32,
    /// What only a server with unforeseen faults remembers.
    pub(crate) memory: Memory,
    pending: Vec<(Instant, PendingChange)>,
}

/// A change that a race fault applies late.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum PendingChange {
    /// Marks a one-time token as used.
    SpendOneTime(TokenText),
    /// Marks a refresh token as spent.
    SpendRefresh(TokenText),
    /// Ends a user's login. Changes nothing; while it is pending, other logins overlap with this one.
    FinishLogin(usize, TokenGrant),
    /// Ends a use of an access token. Changes nothing; while it is pending, other uses overlap with this one.
    FinishUse,
}

impl ServerState {
    pub(crate) fn new(lifetimes: TokenLifetimes, variations: Variations) -> Self {
        Self {
            effective: lifetimes,
            announced: lifetimes,
            initial: (lifetimes, lifetimes),
            settings_of_nodes: HashMap::new(),
            reconfigured: false,
            changed_at: None,
            variations,
            access: TokenStore::new(),
            refresh: TokenStore::new(),
            one_time: TokenStore::new(),
            sessions: 0,
            latest: None,
            refused_in_a_row: 0,
            memory: Memory::default(),
            pending: Vec::new(),
        }
    }

    /// Begins a session and returns its number.
    pub(crate) fn begin_session(&mut self) -> u64 {
        self.sessions += 1;
        self.sessions
    }

    /// Queues a change.
    pub(crate) fn add_pending(&mut self, due: Instant, change: PendingChange) {
        self.pending.push((due, change));
    }

    /// The changes not yet applied, newest first.
    pub(crate) fn pending(&self) -> impl Iterator<Item = &PendingChange> {
        self.pending.iter().rev().map(|(_, change)| change)
    }

    /// Applies the changes that are due.
    pub(crate) fn apply_due(&mut self, now: Instant) {
        for (due, change) in std::mem::take(&mut self.pending) {
            if due <= now { self.apply(&change) } else { self.pending.push((due, change)) }
        }
    }

    fn apply(&mut self, change: &PendingChange) {
        match change {
            PendingChange::SpendOneTime(token) => {
                self.one_time.get_mut(token).into_iter().for_each(|record| record.uses += 1);
            }
            PendingChange::SpendRefresh(token) => {
                self.refresh.get_mut(token).into_iter().for_each(|record| {
                    record.spent.get_or_insert(Duration::ZERO);
                });
            }
            PendingChange::FinishLogin(..) | PendingChange::FinishUse => {}
        }
    }
}
