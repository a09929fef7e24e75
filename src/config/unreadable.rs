//! Why a value is not what its key wants, in words that continue a sentence beginning with the key.

use std::time::Duration;

use steps::target::{BaseUrlError, PointerError};
use thiserror::Error;

use super::duration::DurationError;

/// Why a value is not what its key wants.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Another type.
    #[error("wants {wanted}, and this is {found}")]
    Type {
        /// What the key takes, with an example.
        wanted: &'static str,
        /// What stands there.
        found: &'static str,
    },
    /// Nothing in it.
    #[error("is empty; write a value or leave the key out")]
    Empty,
    /// A number out of bounds.
    #[error("wants a whole number from {least} to {most}, and this is {found}")]
    Bounds {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
        /// What stands there.
        found: String,
    },
    /// Neither true nor false.
    #[error("wants true or false, and this is `{0}`")]
    Switch(String),
    /// No address to listen on.
    #[error("wants an address and a port like \"127.0.0.1:8787\", and this is `{0}`")]
    Address(String),
    /// No path below the base URL.
    #[error("wants a path below the base URL that begins with a slash, like \"/accounts?limit=1\", and this is `{0}`")]
    ProbePath(String),
    /// No name of a header.
    #[error("wants the name of a request header, like \"token\", and this is `{0}`")]
    HeaderName(String),
    /// No proxy.
    #[error("wants a URL like \"http://proxy.example:3128\", without a login or password in it")]
    Proxy,
    /// None of the profiles.
    #[error("wants \"documented\" or \"hardened\", and this is `{0}`")]
    Profile(String),
    /// Not three lengths of time.
    #[error("wants the lifetimes of access, refresh and one-time tokens, like 4s,8s,4s, and this is `{0}`")]
    Lifetimes(String),
    /// A lifetime no setting can express.
    #[error("wants whole seconds, as lifetimes are set in seconds")]
    FractionOfSecond,
    /// A lifetime with no room for both sides of its end.
    #[error("must be longer than twice the margin of {} ms, to be tried on both sides of its end; make it longer or lower `margin`", .0.as_millis())]
    WithinMargin(Duration),
    /// No length of time.
    #[error(transparent)]
    Duration(#[from] DurationError),
    /// No base URL.
    #[error("cannot be used: {0}")]
    BaseUrl(#[from] BaseUrlError),
    /// No JSON pointer.
    #[error("cannot be used: {0}")]
    Pointer(#[from] PointerError),
}
