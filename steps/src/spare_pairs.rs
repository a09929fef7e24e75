//! Pairs from logins whose tokens no request has carried. A scenario that needs just any pair takes one over, because a login costs the
//! server more than any other request. State only: `api` fills it.

use std::{
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{session::is_young, tokens::Pair};

/// Most pairs that are kept: a server may end the older sessions of a user when there are many.
const MOST: usize = 4;

/// The pairs that nobody has used, the newest last.
#[derive(Debug, Default)]
pub(crate) struct SparePairs(Mutex<Vec<Pair>>);

impl SparePairs {
    /// Keeps a pair for others.
    pub(crate) fn keep(&self, pair: Pair) {
        let mut pairs = self.pairs();
        pairs.push(pair);
        if pairs.len() > MOST {
            pairs.remove(0);
        }
    }

    /// Takes the newest pair of this user in the first half of its life.
    pub(crate) fn take(&self, login: &str, now: Duration) -> Option<Pair> {
        let mut pairs = self.pairs();
        pairs.retain(|pair| is_young(pair, now));
        let at = pairs.iter().rposition(|pair| pair.login == login)?;
        Some(pairs.remove(at))
    }

    /// Forgets all pairs: what they announce is not in force any more, or others may have ended them.
    pub(crate) fn clear(&self) {
        drop(mem::take(&mut *self.pairs()));
    }

    fn pairs(&self) -> MutexGuard<'_, Vec<Pair>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
