//! The server's own clock. It says how long the server has been up, and can be turned, so that a lifetime passes without
//! anybody waiting for it.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// A clock that starts at zero with its server. A turned clock moves only by [`Clock::turn`]; a running one moves with
/// real time as well.
#[derive(Debug)]
pub struct Clock {
    turned: AtomicU64,
    running_since: Option<Instant>,
}

impl Clock {
    /// A clock that stands still until it is turned.
    #[must_use]
    pub fn turned() -> Self {
        Self { turned: AtomicU64::new(0), running_since: None }
    }

    /// A clock that follows real time from now on, and can be turned ahead of it.
    #[must_use]
    pub fn running() -> Self {
        Self { turned: AtomicU64::new(0), running_since: Some(Instant::now()) }
    }

    /// Turns the clock ahead, to the microsecond. It cannot be turned back, and stops some 500,000 years after its start.
    pub fn turn(&self, ahead: Duration) {
        let ahead = u64::try_from(ahead.as_micros()).unwrap_or(u64::MAX);
        let mut seen = self.turned.load(Ordering::SeqCst);
        while let Err(newer) =
            self.turned.compare_exchange(seen, seen.saturating_add(ahead), Ordering::SeqCst, Ordering::SeqCst)
        {
            seen = newer;
        }
    }

    /// How long the server has been up by this clock.
    #[must_use]
    pub fn now(&self) -> Duration {
        let run = self.running_since.map_or(Duration::ZERO, |start| start.elapsed());
        Duration::from_micros(self.turned.load(Ordering::SeqCst)).saturating_add(run)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_clock_moves_by_what_it_is_turned_and_no_more() {
        let clock = Clock::turned();
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(clock.now(), Duration::ZERO);
        clock.turn(Duration::from_secs(5));
        clock.turn(Duration::from_millis(1));
        assert_eq!(clock.now(), Duration::from_millis(5001));
    }

    #[test]
    fn a_running_clock_moves_by_itself_and_can_be_turned_ahead() {
        let clock = Clock::running();
        clock.turn(Duration::from_secs(60));
        let seen = clock.now();
        std::thread::sleep(Duration::from_millis(2));
        assert!(seen >= Duration::from_secs(60) && clock.now() > seen);
    }

    #[test]
    fn turning_beyond_the_end_of_time_stops_there() {
        let clock = Clock::turned();
        clock.turn(Duration::MAX);
        clock.turn(Duration::MAX);
        assert_eq!(clock.now(), Duration::from_micros(u64::MAX));
    }
}
