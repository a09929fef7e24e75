//! What the server does where the contract leaves a choice and a check must know the choice to be fair. State only: the requests
//! that probe it are in `api`.

use std::{fmt, sync::atomic::AtomicBool, time::Duration};

use tokio::sync::OnceCell;

use crate::lifetimes::Lifetimes;

/// The behaviour probed so far. Each part is probed once for a site, when a check first needs it.
#[derive(Debug, Default)]
pub(crate) struct ServerBehaviour {
    /// Whether an earlier pair of a user is still accepted after another login.
    pub(crate) many_sessions: OnceCell<bool>,
    pub(crate) refresh: OnceCell<RefreshBehaviour>,
    pub(crate) superseded: OnceCell<Superseded>,
    /// How long a spent refresh token is still answered; measured only on a server that answers one.
    pub(crate) spent_grace: OnceCell<SpentGrace>,
    /// The status that every change of a lifetime is refused with, where even its present value cannot be set.
    pub(crate) refuses_change: Lifetimes<OnceCell<u16>>,
    /// Set when a good change of a lifetime has been tried, before a wrong one is judged.
    pub(crate) change_tried: Lifetimes<OnceCell<()>>,
    /// Set when a fresh refresh token has given a pair.
    pub(crate) refreshes: OnceCell<()>,
    /// Whether a verification needs an access token beside the one-time token.
    pub(crate) verify_needs_access_token: OnceCell<bool>,
    /// Whether the endpoint that verifies one-time tokens is missing.
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

/// How long a spent refresh token is still answered with a pair: ages of the token, counted from the refresh that spent it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SpentGrace {
    /// The greatest age at which it was answered with a pair when it was presented again.
    pub(crate) accepted: Option<Duration>,
    /// The age at which it was refused; `None` if it never was.
    pub(crate) refused: Option<Duration>,
}

/// The longest grace that a target can declare.
const LONGEST_GRACE: u64 = 60;

impl fmt::Display for SpentGrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let accepted = self.accepted.unwrap_or_default().as_secs();
        let Some(refused) = self.refused else {
            return write!(f, "it still works {accepted} s after it was spent");
        };
        if refused < Duration::from_secs(1) {
            return f.write_str("it works once more and is refused then");
        }
        let refused = refused.as_secs_f64().ceil() as u64;
        write!(f, "it works {accepted} s after it was spent and is refused after {refused} s")?;
        if accepted < LONGEST_GRACE {
            let grace = refused.min(LONGEST_GRACE);
            write!(f, "; if this grace is intended, declare it: `refresh_grace = \"{grace}s\"`")?;
        }
        Ok(())
    }
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
