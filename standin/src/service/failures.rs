//! Answers that fail on request: the next requests to a path get a status of the operator's choice, or no answer at all.

use std::collections::VecDeque;

use serde_json::json;

use crate::response::ApiResponse;

/// The most failures that may wait at one time.
pub(super) const MAX_WAITING: usize = 100;

/// What the next requests get.
#[derive(Clone, Debug)]
pub(super) struct ServiceFailure {
    /// How the path ends that it is for; empty for any.
    pub(super) path: String,
    pub(super) status: u16,
    /// Whether the server acts on the request and the connection is closed before its answer.
    pub(super) is_lost: bool,
    pub(super) retry_after: Option<u64>,
    /// How many more requests get it.
    pub(super) times: u32,
}

impl ServiceFailure {
    pub(super) fn response(&self) -> ApiResponse {
        let body = json!({"message": "This failure was asked for at the control address"});
        let response = ApiResponse::json(self.status, &body);
        match self.retry_after {
            Some(seconds) => response.with("Retry-After", &seconds.to_string()),
            None => response,
        }
    }
}

/// The failures that wait for their requests.
#[derive(Default)]
pub(super) struct Failures(VecDeque<ServiceFailure>);

impl Failures {
    /// Adds a failure. False if too many wait already.
    pub(super) fn add(&mut self, failure: ServiceFailure) -> bool {
        let fits = self.0.len() < MAX_WAITING;
        if fits {
            self.0.push_back(failure);
        }
        fits
    }

    /// The failure that a request for this path gets.
    pub(super) fn next(&mut self, path: &str) -> Option<ServiceFailure> {
        let at = self.0.iter().position(|failure| path.ends_with(&failure.path))?;
        let failure = self.0.get_mut(at)?;
        failure.times = failure.times.saturating_sub(1);
        let taken = failure.clone();
        if taken.times == 0 {
            self.0.remove(at);
        }
        Some(taken)
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// How many requests will still fail.
    pub(super) fn waiting(&self) -> u64 {
        self.0.iter().map(|failure| u64::from(failure.times)).sum()
    }
}
