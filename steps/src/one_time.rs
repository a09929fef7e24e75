//! The source of fresh one-time tokens. No documented call mints one, so the program provides the source; this module defines
//! its interface.

use std::time::Duration;

use futures::future::BoxFuture;
use thiserror::Error;

use crate::Secret;

/// A source of fresh one-time tokens.
pub trait OneTimeTokens: Send + Sync {
    /// Whether there are as many tokens as are asked for, so that races may take more of them than they must.
    fn is_plentiful(&self) -> bool {
        false
    }

    /// A fresh one-time token of this user.
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

/// Why a source gave no token; free of secrets.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct SourceError(pub String);
