//! The records that a server keeps of its tokens.

mod store;

use std::time::Duration;

pub(crate) use store::{TokenStore, TokenText};

/// The user and session that a token belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TokenOwner {
    /// The index of the user in the server's list.
    pub(crate) user: usize,
    /// The session, the same across refreshes.
    pub(crate) session: u64,
}

/// The record of an access token.
#[derive(Clone)]
pub(crate) struct AccessRecord {
    pub(crate) owner: TokenOwner,
    pub(crate) issued: Duration,
    pub(crate) expires: Duration,
    /// The number of protected calls made with it.
    pub(crate) calls: u32,
    /// Whether it was issued by a login rather than a refresh.
    pub(crate) from_login: bool,
    /// The node that issued it.
    pub(crate) node: usize,
}

/// The record of a refresh token.
#[derive(Clone)]
pub(crate) struct RefreshRecord {
    pub(crate) owner: TokenOwner,
    pub(crate) expires: Duration,
    /// The number of refreshes between the login and this token.
    pub(crate) generation: u32,
    /// When it was exchanged for a new pair.
    pub(crate) spent: Option<Duration>,
    /// The node that exchanged it.
    pub(crate) spent_on: usize,
    /// How often it was presented after the exchange.
    pub(crate) replays: u32,
    /// The access token issued with it.
    pub(crate) access: TokenText,
}

/// The record of a one-time token.
#[derive(Clone)]
pub(crate) struct OneTimeRecord {
    pub(crate) user: usize,
    pub(crate) expires: Duration,
    /// How often it was presented before its expiry.
    pub(crate) uses: u32,
    /// The node that accepted it, and when.
    pub(crate) used_on: Option<(usize, Duration)>,
}

/// An access token and a refresh token issued together.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct TokenGrant {
    pub(crate) access: TokenText,
    pub(crate) refresh: TokenText,
    /// The remaining lifetime of the refresh token, as the response announces it.
    pub(crate) refresh_lifetime: Duration,
}

/// The call that a pair is issued for.
#[derive(Clone)]
pub(crate) enum PairOrigin {
    /// A login.
    Login,
    /// A refresh with this token.
    Refresh(TokenText, RefreshRecord),
}

impl PairOrigin {
    /// The number of refreshes between the login and the new pair.
    pub(crate) fn generation(&self) -> u32 {
        match self {
            Self::Login => 0,
            Self::Refresh(_, spent) => spent.generation + 1,
        }
    }
}
