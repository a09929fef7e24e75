//! What the server does where the contract leaves a choice and a check must know the choice to be fair. State only: the requests
//! that probe it are in `api`.

use std::sync::atomic::AtomicBool;

use tokio::sync::OnceCell;

/// The behaviour probed so far. Each part is probed once for a site, when a check first needs it.
#[derive(Debug, Default)]
pub(crate) struct ServerBehaviour {
    /// Whether an earlier pair of a user is still accepted after another login.
    pub(crate) many_sessions: OnceCell<bool>,
    pub(crate) refresh: OnceCell<RefreshBehaviour>,
    pub(crate) superseded: OnceCell<Superseded>,
    /// Set when a fresh refresh token has given a pair.
    pub(crate) refreshes: OnceCell<()>,
    /// Whether a verification needs an access token beside the one-time token.
    pub(crate) verify_needs_access_token: OnceCell<bool>,
    /// Whether there is no endpoint that verifies one-time tokens.
    pub(crate) verify_is_missing: OnceCell<bool>,
    /// Whether a login was answered with JSON that is not written as such.
    pub(crate) login_is_misencoded: AtomicBool,
}

/// What a second use of a refresh token right after the first, as in a race, ends of the pair that the first use gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Superseded {
    pub(crate) access: bool,
    pub(crate) refresh: bool,
}

/// What a refresh does to the tokens that were there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RefreshBehaviour {
    /// The old access token is still accepted.
    pub(crate) keeps_access: bool,
    /// The new refresh token gives a pair in turn.
    pub(crate) chainable: bool,
    /// Reuse of the spent refresh token revokes the newest pair (RFC 9700, section 4.14.2).
    pub(crate) reuse_revokes: bool,
}

impl ServerBehaviour {
    /// Whether a login is known to end the pairs of earlier ones.
    pub(crate) fn keeps_one_session(&self) -> bool {
        self.many_sessions.get() == Some(&false)
    }
}
