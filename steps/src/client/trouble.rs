//! Failures between the harness and the server, with a hint where to look. They make a scenario inconclusive, never failed.

use std::time::Duration;

use thiserror::Error;

use crate::{StepError, transport::root_cause};

/// Why a request has no answer to judge.
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
    #[error("the answer has more than {0} values under the names of secrets")]
    TooManySecrets(usize),
    #[error("the server answers {status} again and again{}", slower(*.status, *.found_rate))]
    Hindered { status: u16, found_rate: Option<f64> },
    #[error("the node does not serve at the moment: {0} is answered for it")]
    Absent(u16),
    #[error("the server has been given up: it stopped answering, or kept refusing to be asked")]
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

/// What to do about an answer that asks to go slower.
fn slower(status: u16, found_rate: Option<f64>) -> String {
    match found_rate {
        Some(rate) => format!(", at {rate:.2} requests a second still; set a lower `requests_per_second`"),
        None if matches!(status, 429 | 503) => "; set a lower `requests_per_second`".to_owned(),
        None => ": something between here and the server answers for it".to_owned(),
    }
}
