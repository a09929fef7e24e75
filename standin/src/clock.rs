//! The server's clock. It can be advanced, so that a lifetime passes without waiting.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// A clock that starts at zero with its server. A manual clock moves only by [`ServerClock::advance`]; a real-time clock also
/// follows real time.
#[derive(Debug)]
pub struct ServerClock {
    /// Microseconds.
    advanced: AtomicU64,
    running_since: Option<Instant>,
}

impl ServerClock {
    /// A clock that moves only when it is advanced.
    #[must_use]
    pub fn manual() -> Self {
        Self { advanced: AtomicU64::new(0), running_since: None }
    }

    /// A clock that follows real time from now on and can also be advanced.
    #[must_use]
    pub fn real_time() -> Self {
        Self { advanced: AtomicU64::new(0), running_since: Some(Instant::now()) }
    }

    /// Advances the clock, to the microsecond. It stops about 500,000 years after its start.
    pub fn advance(&self, time: Duration) {
        let time = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let mut seen = self.advanced.load(Ordering::SeqCst);
        while let Err(newer) =
            self.advanced.compare_exchange(seen, seen.saturating_add(time), Ordering::SeqCst, Ordering::SeqCst)
        {
            seen = newer;
        }
    }

    /// The time since the server's start by this clock.
    #[must_use]
    pub fn now(&self) -> Duration {
        let elapsed = self.running_since.map_or(Duration::ZERO, |start| start.elapsed());
        Duration::from_micros(self.advanced.load(Ordering::SeqCst)).saturating_add(elapsed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_moves_only_when_advanced() {
        let clock = ServerClock::manual();
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(clock.now(), Duration::ZERO);
        clock.advance(Duration::from_secs(5));
        clock.advance(Duration::from_millis(1));
        assert_eq!(clock.now(), Duration::from_millis(5001));
    }

    #[test]
    fn a_real_time_clock_follows_real_time_and_can_be_advanced() {
        let clock = ServerClock::real_time();
        clock.advance(Duration::from_secs(60));
        let seen = clock.now();
        std::thread::sleep(Duration::from_millis(2));
        assert!(seen >= Duration::from_secs(60) && clock.now() > seen);
    }

    #[test]
    fn advancing_beyond_the_maximum_stops_at_it() {
        let clock = ServerClock::manual();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), Duration::from_micros(u64::MAX));
    }
}
