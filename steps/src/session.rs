//! The session that scenarios share when they only read, because a login costs the server more than any other request. State
//! only: `api` fills it.

use std::{sync::OnceLock, time::Duration};

use tokio::sync::Mutex;

use crate::tokens::Pair;

/// The shared pair of the certifier's user, if there is one.
#[derive(Debug, Default)]
pub(crate) struct SharedSession(pub(crate) Mutex<Option<Pair>>);

impl SharedSession {
    /// When the session began; now while it is just beginning.
    pub(crate) fn began(&self, now: Duration) -> Option<Duration> {
        match self.0.try_lock() {
            Ok(pair) => pair.as_ref().map(|pair| pair.issued.earliest),
            Err(_) => Some(now),
        }
    }
}

/// The first pair that a login gave the certifier's user in this run: whether it still works shows more the longer the run takes.
#[derive(Debug, Default)]
pub(crate) struct OldestPair(pub(crate) OnceLock<Pair>);

impl OldestPair {
    /// Keeps the pair if it is the first.
    pub(crate) fn keep(&self, pair: &Pair) {
        self.0.get_or_init(|| pair.clone());
    }
}

/// Whether a pair is in the first half of its life.
pub(crate) fn is_young(pair: &Pair, now: Duration) -> bool {
    let age = now.saturating_sub(pair.issued.earliest);
    pair.access_lifetime.is_some_and(|lifetime| age < lifetime / 2)
}
