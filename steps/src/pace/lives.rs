//! When the tokens of a site end, so that a request with one of them knows how long it may wait.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::Secret;

/// Servers may count in whole seconds: a token is only surely good until one second before its end.
pub(crate) const WHOLE_SECOND: Duration = Duration::from_secs(1);

/// Why an answer proves nothing that came `at` for a token that ends at `end`.
pub(crate) fn late(at: Duration, end: Duration) -> String {
    let (distance, side) = if at > end { (at - end, "after") } else { (end - at, "before") };
    format!(
        "a token came to the server {:.1} s {side} its end: the server, its source of tokens or the pace was too slow; set a \
         higher `requests_per_second` or longer lifetimes (`short_lifetimes`)",
        distance.as_secs_f64()
    )
}

/// The ends of all tokens of one site, on the target's clock.
#[derive(Debug, Default)]
pub(crate) struct TokenLives(Mutex<HashMap<Secret, Duration>>);

impl TokenLives {
    /// A token lives until then; one that is known, at least that long.
    pub(crate) fn record(&self, token: &Secret, end: Duration) {
        let mut lives = self.lives();
        let known = lives.entry(token.clone()).or_insert(end);
        *known = end.max(*known);
    }

    /// The earliest end among these tokens, of those that were not meant to end before `passed`.
    pub(crate) fn first_end(&self, tokens: &[Secret], passed: Duration) -> Option<Duration> {
        let lives = self.lives();
        tokens.iter().filter_map(|token| lives.get(token).copied()).filter(|end| *end > passed).min()
    }

    fn lives(&self) -> MutexGuard<'_, HashMap<Secret, Duration>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
