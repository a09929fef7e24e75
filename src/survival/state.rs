//! What `begin` leaves for `end`: tokens in every state with what is known of them. Moments are milliseconds since the epoch, for
//! the two may be different processes. It holds secrets, so only [`super::sealed`] writes it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use steps::Secret;

/// Everything that `begin` leaves behind.
#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    /// When `begin` ended.
    pub(super) begun: u64,
    pub(super) users: Vec<UserState>,
    /// What was refused before.
    pub(super) refused: Vec<RefusedToken>,
    pub(super) one_time: Vec<OneTimeState>,
    /// Every token that was issued before.
    pub(super) issued: Vec<String>,
    /// The server's time less the own one, in milliseconds.
    pub(super) clock_offset: Option<i64>,
    /// States that could not be left, with the reason.
    pub(super) missing: Vec<String>,
}

/// A user with the pairs that were live.
#[derive(Serialize, Deserialize)]
pub(super) struct UserState {
    pub(super) login: String,
    /// Whether the server keeps several sessions of the user.
    pub(super) many_sessions: bool,
    /// The announced lifetimes in seconds.
    pub(super) access_lifetime: Option<f64>,
    pub(super) refresh_lifetime: Option<f64>,
    pub(super) pairs: Vec<LivePair>,
}

/// A pair that was live when `begin` ended.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct LivePair {
    /// What it has been through.
    pub(super) name: String,
    pub(super) access: String,
    pub(super) access_end: Option<End>,
    pub(super) refresh: String,
    pub(super) refresh_end: Option<End>,
    /// Whether its refresh token was certainly live.
    pub(super) refresh_is_live: bool,
}

/// When a token ends: not before one moment and not after the other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct End {
    pub(super) earliest: u64,
    pub(super) latest: u64,
}

/// The call that a refused token was presented to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum RefusedKind {
    Access,
    Refresh,
    OneTime,
}

/// A token that was refused.
#[derive(Serialize, Deserialize)]
pub(super) struct RefusedToken {
    /// What it is, like "a spent refresh token".
    pub(super) name: String,
    pub(super) kind: RefusedKind,
    pub(super) token: String,
}

/// A one-time token.
#[derive(Serialize, Deserialize)]
pub(super) struct OneTimeState {
    pub(super) login: String,
    pub(super) token: String,
    pub(super) end: Option<End>,
    pub(super) is_spent: bool,
}

/// What a moment means for a token with an end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TokenPhase {
    Live,
    /// Within the margin of its end, or of unknown end.
    Unclear,
    Ended,
}

impl End {
    /// The end of a token that was issued between two moments.
    pub(super) fn new(asked: u64, answered: u64, lifetime: Duration) -> Self {
        let lifetime = millis(lifetime);
        Self { earliest: asked.saturating_add(lifetime), latest: answered.saturating_add(lifetime) }
    }

    /// What this moment means for the token.
    pub(super) fn phase(self, now: u64, margin: Duration) -> TokenPhase {
        let margin = millis(margin);
        if now.saturating_add(margin) < self.earliest {
            TokenPhase::Live
        } else if now > self.latest.saturating_add(margin) {
            TokenPhase::Ended
        } else {
            TokenPhase::Unclear
        }
    }
}

impl State {
    /// States that could not be left, with the reason.
    pub(crate) fn missing(&self) -> impl Iterator<Item = &str> {
        self.missing.iter().map(String::as_str)
    }

    /// The access token of the newest live pair of the first user: the token of a client that is at work.
    pub(super) fn working_pair(&self) -> Option<&LivePair> {
        self.users.first()?.pairs.last()
    }

    /// Every token, for the redactor.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = Secret> {
        let refused = self.refused.iter().map(|it| &it.token);
        let one_time = self.one_time.iter().map(|it| &it.token);
        self.issued.iter().chain(refused).chain(one_time).map(|token| Secret::new(token.as_str()))
    }
}

/// Now.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, millis)
}

/// A time in milliseconds.
pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_live_or_ended_only_outside_the_margin() {
        let (end, margin) = (End::new(1_000, 1_200, Duration::from_secs(5)), Duration::from_millis(500));
        let phase = |now| end.phase(now, margin);
        assert_eq!((phase(5_400), phase(5_600)), (TokenPhase::Live, TokenPhase::Unclear));
        assert_eq!((phase(6_600), phase(6_800)), (TokenPhase::Unclear, TokenPhase::Ended));
    }
}
