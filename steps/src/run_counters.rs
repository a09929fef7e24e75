//! Counters of a run: what it costs the server, and whether the server still answers.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::sync::watch;

/// The counters of one run.
#[derive(Debug, Default)]
pub struct RunCounters {
    requests: AtomicU64,
    failed_logins: AtomicU64,
    unanswered: AtomicU64,
    one_time_accepted: AtomicBool,
    aborted: watch::Sender<bool>,
    rate: Mutex<Rate>,
    waits: Mutex<Waits>,
}

/// What a run cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunCost {
    /// Requests sent.
    pub requests: u64,
    /// Logins that the server refused.
    pub failed_logins: u64,
    /// Most requests in any one second.
    pub peak_per_second: u64,
    /// Time in which at least one scenario waited for a lifetime to pass.
    pub waited: Duration,
    /// Whether the server has accepted a one-time token at least once.
    pub one_time_accepted: bool,
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

/// A wait in progress; it ends when this is dropped.
pub(crate) struct WaitGuard<'a>(&'a RunCounters);

impl RunCounters {
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

    /// Records whether a request got an answer.
    pub(crate) fn answered(&self, is_answered: bool) {
        if is_answered {
            self.unanswered.store(0, Ordering::Relaxed);
        } else {
            self.unanswered.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Records that the server has accepted a one-time token.
    pub(crate) fn one_time_accepted(&self) {
        self.one_time_accepted.store(true, Ordering::Relaxed);
    }

    /// Requests without an answer since the last one that got one.
    #[must_use]
    pub fn unanswered(&self) -> u64 {
        self.unanswered.load(Ordering::Relaxed)
    }

    /// Stops all further requests and ends all waits, because the server is gone.
    pub fn abort(&self) {
        self.aborted.send_replace(true);
    }

    /// Lets requests be sent again after [`abort`](Self::abort): lifetimes are restored even on a server that was gone for a while.
    pub(crate) fn resume(&self) {
        self.aborted.send_replace(false);
    }

    /// Completes when the run is aborted.
    pub(crate) async fn aborted(&self) {
        // The sender lives as long as the counters, so the channel cannot close.
        let _ = self.aborted.subscribe().wait_for(|aborted| *aborted).await;
    }

    pub(crate) fn failed_login(&self) {
        self.failed_logins.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a wait that begins now. Overlapping time counts once.
    pub(crate) fn wait(&self) -> WaitGuard<'_> {
        let mut waits = self.waits();
        waits.waiting += 1;
        waits.since.get_or_insert_with(Instant::now);
        WaitGuard(self)
    }

    fn waits(&self) -> MutexGuard<'_, Waits> {
        self.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cost of the run so far.
    #[must_use]
    pub fn cost(&self) -> RunCost {
        RunCost {
            requests: self.requests.load(Ordering::Relaxed),
            failed_logins: self.failed_logins.load(Ordering::Relaxed),
            peak_per_second: self.rate.lock().unwrap_or_else(PoisonError::into_inner).peak,
            waited: self.waits().total,
            one_time_accepted: self.one_time_accepted.load(Ordering::Relaxed),
        }
    }
}

impl Drop for WaitGuard<'_> {
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

    #[tokio::test]
    async fn abort_ends_present_and_later_waits() {
        let counters = RunCounters::default();
        let soon = Duration::from_secs(5);
        let early = tokio::time::timeout(soon, async { tokio::join!(counters.aborted(), async { counters.abort() }) });
        assert!(early.await.is_ok());
        assert!(tokio::time::timeout(soon, counters.aborted()).await.is_ok());
    }

    #[test]
    fn an_answer_resets_the_count_of_unanswered_requests() {
        let counters = RunCounters::default();
        counters.answered(false);
        counters.answered(false);
        assert_eq!(counters.unanswered(), 2);
        counters.answered(true);
        counters.answered(false);
        assert_eq!(counters.unanswered(), 1);
    }

    #[test]
    fn overlapping_waits_count_once() {
        let counters = RunCounters::default();
        let began = Instant::now();
        let (long, short) = (counters.wait(), counters.wait());
        sleep(Duration::from_millis(20));
        drop(short);
        assert_eq!(counters.cost().waited, Duration::ZERO, "one still waits");
        drop(long);
        let waited = counters.cost().waited;
        assert!(waited >= Duration::from_millis(20) && waited <= began.elapsed(), "{waited:?}");
    }
}
