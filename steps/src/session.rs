//! The session that scenarios share when they only read, because a login costs the server more than any other request. State
//! only: `api` fills it.

use std::time::Duration;

use tokio::sync::Mutex;

use crate::tokens::Pair;

/// The shared pair of the certifier's user, if there is one.
#[derive(Debug, Default)]
pub(crate) struct SharedSession(pub(crate) Mutex<Option<Pair>>);

/// Whether a pair is in the first half of its life.
pub(crate) fn is_young(pair: &Pair, now: Duration) -> bool {
    let age = now.saturating_sub(pair.issued.earliest);
    pair.access_lifetime.is_some_and(|lifetime| age < lifetime / 2)
}
