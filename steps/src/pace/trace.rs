//! What a scenario does to a server, without what it means: requests and the tokens they carry, tokens that begin to live, and
//! waits. Recorded while a scenario runs; read to foresee when it would do the same at another pace.

use std::time::Duration;

use crate::lifetimes::LifetimeKind;

/// What a wait waits for, in the life of one token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Until {
    /// The last moment at which the token must be good, but for the margin.
    NearlyOver,
    /// The first moment at which it must not be, plus the margin.
    Passed,
    /// This part of its lifetime.
    Part(f64),
}

/// One thing that a scenario did. Tokens are numbered in the order in which they began to live.
#[derive(Clone, Debug, PartialEq)]
pub enum TraceEvent {
    /// Sent requests, all at one moment, that carried these of its tokens.
    Sent {
        /// How many.
        requests: u32,
        /// Which of the scenario's tokens each of them carried.
        carries: Vec<usize>,
        /// Whether each was a login that the server refused.
        is_failed_login: bool,
    },
    /// Kept permits for what follows until they are used.
    Held {
        /// How many.
        permits: u32,
    },
    /// Gave back the permits that were kept and not used.
    Released,
    /// Sent a change of the settings; names the lifetime where the server accepted it.
    Changed(Option<LifetimeKind>),
    /// Used the session that scenarios share, which may take a login.
    SharedSession,
    /// A token began to live.
    Born {
        /// Which lifetime it has.
        kind: LifetimeKind,
        /// The login it belongs to; one-time tokens of a login come from one source.
        is_second_user: bool,
    },
    /// Waited.
    Waited {
        /// For which of its tokens.
        token: usize,
        /// For which moment of its life.
        until: Until,
        /// The lifetime that was waited for.
        lifetime: Duration,
    },
}

/// What a scenario did, in order.
pub type Trace = Vec<TraceEvent>;
