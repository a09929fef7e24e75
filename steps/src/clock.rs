//! The time that lifetimes are measured in. Steps only read it and wait on it; whether waiting takes real time is
//! decided by whoever hands the clock over.

use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::Instant;

/// The clock of the server under judgement, as far as a client can know it.
pub trait Clock: Send + Sync {
    /// Time since this clock was started.
    fn now(&self) -> Duration;

    /// Lets this much time pass.
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
