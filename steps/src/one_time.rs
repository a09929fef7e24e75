//! Where fresh one-time tokens come from. No documented call mints one, so the program brings the source; this module
//! only says what a source is.

use std::time::Duration;

use futures::future::BoxFuture;
use thiserror::Error;

use crate::Secret;

/// A source of fresh one-time tokens.
pub trait OneTimeTokens: Send + Sync {
    /// A one-time token of this user that nobody has used.
    fn mint<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Minted, SourceError>>;
}

/// A fresh one-time token.
#[derive(Clone, Debug)]
pub struct Minted {
    /// The token.
    pub token: Secret,
    /// How long ago it was made, at most.
    pub age: Duration,
}

/// Why a source gave no token, in its own words; safe to show.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct SourceError(pub String);
