//! The clock that lifetimes are measured on. Steps read it and wait on it; the backend decides whether waiting takes real time.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::Instant;

/// The clock of the server, as far as a client knows it.
pub trait Clock: Send + Sync {
    /// Time since this clock was started.
    fn now(&self) -> Duration;

    /// Waits for this long.
    fn pass(&self, time: Duration) -> BoxFuture<'_, ()>;
}

/// Real time.
#[derive(Debug)]
pub struct WallClock(Instant);

impl WallClock {
    /// A clock that starts now.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }
}

impl Clock for WallClock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn pass(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}
