//! What can go wrong between the harness and the server, in words that say what to look at. Never the server's fault as
//! far as a verdict goes.

use std::{error::Error as _, time::Duration};

use thiserror::Error;

use crate::StepError;

/// Why a request has no answer that could be judged.
#[derive(Debug, Error)]
pub(crate) enum Trouble {
    #[error("no connection to the server: {0}")]
    Connect(String),
    #[error("the server did not answer within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    #[error("the connection broke before the answer was complete: {0}")]
    Broken(String),
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    #[error("the server says 429 (too many requests) even after {0} waits; set a lower `requests_per_second`")]
    Throttled(u32),
    #[error("the server has stopped answering")]
    GivenUp,
    #[error("the request cannot be sent: {0}")]
    Unsendable(String),
}

impl Trouble {
    pub(super) fn from_reqwest(error: &reqwest::Error, patience: Duration) -> Self {
        if error.is_timeout() {
            Self::Timeout(patience)
        } else if error.is_connect() {
            Self::Connect(root_cause(error))
        } else if error.is_builder() {
            Self::Unsendable(root_cause(error))
        } else {
            Self::Broken(root_cause(error))
        }
    }
}

impl From<Trouble> for StepError {
    fn from(trouble: Trouble) -> Self {
        Self::inconclusive(trouble.to_string())
    }
}

/// The innermost cause of an error: reqwest's own words name the URL, which says nothing new and may hold a secret.
pub(super) fn root_cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if error.source().is_none() { "request failed".to_owned() } else { cause.to_string() }
}
