//! The newest pairs that logins of a run gave, whatever they were for: what only compares the tokens of many logins need not make its
//! own. State only: `api` fills it.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use crate::tokens::Pair;

/// Most pairs that are kept.
const MOST: usize = 32;

/// The pairs of the newest logins, in their order.
#[derive(Debug, Default)]
pub(crate) struct RecentLogins(Mutex<VecDeque<Pair>>);

impl RecentLogins {
    /// Keeps the pair of a login.
    pub(crate) fn record(&self, pair: Pair) {
        let mut pairs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pairs.push_back(pair);
        if pairs.len() > MOST {
            pairs.pop_front();
        }
    }

    /// The newest pairs of this user in their order, at most so many.
    pub(crate) fn newest(&self, login: &str, most: usize) -> Vec<Pair> {
        let pairs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own: Vec<Pair> = pairs.iter().filter(|pair| pair.login == login).cloned().collect();
        own[own.len().saturating_sub(most)..].to_vec()
    }
}
