//! What a run will cost a server, to be printed.

use std::time::Duration;

/// What a run will cost, near enough to decide on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Requests.
    pub(crate) requests: u64,
    /// Logins that will be refused, each because the run means it to be.
    pub(crate) failed_logins: u64,
    /// From the first request to the last.
    pub(crate) duration: Duration,
    /// The longest single wait for lifetimes.
    pub(crate) longest_wait: Duration,
    /// One-time tokens of the first and of the second user.
    pub(crate) one_time: [u64; 2],
    /// What else whoever starts a run should know, one line each.
    pub(crate) notes: Vec<String>,
}
