//! What a run costs the server, counted while it goes on.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// The counters of one run.
#[derive(Debug, Default)]
pub struct Meter {
    requests: AtomicU64,
    failed_logins: AtomicU64,
    rate: Mutex<Rate>,
    waits: Mutex<Waits>,
}

/// What a run cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Requests sent.
    pub requests: u64,
    /// Logins that the server refused.
    pub failed_logins: u64,
    /// Most requests in any one second.
    pub peak_per_second: u64,
    /// Time in which at least one scenario waited for a lifetime to pass.
    pub waited: Duration,
}

#[derive(Debug, Default)]
struct Rate {
    last_second: VecDeque<Instant>,
    peak: u64,
}

#[derive(Debug, Default)]
struct Waits {
    total: Duration,
    waiting: usize,
    since: Option<Instant>,
}

/// A wait that is going on; it ends when this is dropped.
pub(crate) struct Waiting<'a>(&'a Meter);

impl Meter {
    pub(crate) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut rate = self.rate.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        rate.last_second.push_back(now);
        while rate.last_second.front().is_some_and(|sent| now.duration_since(*sent) >= Duration::from_secs(1)) {
            rate.last_second.pop_front();
        }
        rate.peak = rate.peak.max(rate.last_second.len() as u64);
    }

    pub(crate) fn failed_login(&self) {
        self.failed_logins.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a wait that begins now; what overlaps another is counted once.
    pub(crate) fn wait(&self) -> Waiting<'_> {
        let mut waits = self.waits();
        waits.waiting += 1;
        waits.since.get_or_insert_with(Instant::now);
        Waiting(self)
    }

    fn waits(&self) -> MutexGuard<'_, Waits> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the run has cost up to now.
    #[must_use]
    pub fn cost(&self) -> Cost {
        Cost {
            requests: self.requests.load(Ordering::Relaxed),
            failed_logins: self.failed_logins.load(Ordering::Relaxed),
            peak_per_second: self.rate.lock().unwrap_or_else(PoisonError::into_inner).peak,
            waited: self.waits().total,
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut waits = self.0.waits();
        waits.waiting -= 1;
        if waits.waiting == 0 {
            let waited = waits.since.take().map(|since| since.elapsed()).unwrap_or_default();
            waits.total += waited;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread::sleep;

    use super::*;

    #[test]
    fn waits_that_overlap_count_once() {
        let meter = Meter::default();
        let (long, short) = (meter.wait(), meter.wait());
        sleep(Duration::from_millis(20));
        drop(short);
        assert_eq!(meter.cost().waited, Duration::ZERO, "one still waits");
        drop(long);
        let waited = meter.cost().waited;
        assert!(waited >= Duration::from_millis(20) && waited < Duration::from_millis(40), "{waited:?}");
    }
}
