//! The pacer: keeps requests within the rate and the burst of the target, and pauses all of them after a 429.

use std::{
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::{Instant, sleep_until};

use crate::target::Pace;

/// Longest pause, however long the server asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Slows the rate a little, because requests sent evenly arrive unevenly and the server counts arrivals.
const STRETCH: f64 = 1.05;

/// The pace of one target, shared by all its scenarios.
pub(crate) struct Pacer {
    limiter: Option<DefaultDirectRateLimiter>,
    burst: u32,
    paused_until: Mutex<Option<Instant>>,
}

impl Pacer {
    pub(crate) fn new(pace: Pace) -> Self {
        let limiter = pace.per_second.and_then(|rate| {
            let period = Duration::try_from_secs_f64(STRETCH / rate).ok()?;
            Some(RateLimiter::direct(Quota::with_period(period)?.allow_burst(pace.burst)))
        });
        Self { limiter, burst: pace.burst.get(), paused_until: Mutex::new(None) }
    }

    /// Waits until this many requests may go at one moment.
    pub(crate) async fn turn(&self, requests: u32) {
        let until = *self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = until {
            sleep_until(until).await;
        }
        if let (Some(limiter), Some(requests)) = (&self.limiter, NonZeroU32::new(requests.min(self.burst))) {
            // Cannot fail: `requests` is at most the burst.
            let _ = limiter.until_n_ready(requests).await;
        }
    }

    /// Pauses the requests of every scenario for this long.
    pub(crate) async fn pause(&self, time: Duration) {
        let until = Instant::now() + time;
        {
            let mut paused = self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
            *paused = Some(paused.map_or(until, |earlier| earlier.max(until)));
        }
        sleep_until(until).await;
    }
}

/// How long to wait after a 429: as long as its `Retry-After` asks for (RFC 9110, section 10.2.3), else longer each time.
pub(crate) fn pause_after(retry_after: Option<&str>, attempt: u32) -> Duration {
    let asked = retry_after.and_then(|value| value.trim().parse().ok()).map(Duration::from_secs);
    asked.unwrap_or_else(|| Duration::from_millis(500) * 2_u32.pow(attempt)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pacer(per_second: Option<f64>, burst: u32) -> Pacer {
        let burst = NonZeroU32::new(burst).expect("not zero");
        Pacer::new(Pace { per_second, burst })
    }

    async fn time_of(turns: impl Future<Output = ()>) -> Duration {
        let began = Instant::now();
        turns.await;
        began.elapsed()
    }

    #[tokio::test]
    async fn requests_keep_to_the_rate_once_the_burst_is_used_up() {
        let pacer = pacer(Some(100.0), 3);
        let time = time_of(async {
            for _ in 0..8 {
                pacer.turn(1).await;
            }
        });
        // Three at once, then one every 10.5 ms.
        assert!(time.await >= Duration::from_millis(50));
    }

    #[tokio::test]
    async fn a_race_takes_its_whole_burst_at_once_and_never_waits_for_more() {
        let pacer = pacer(Some(100.0), 3);
        let time = time_of(async {
            pacer.turn(u32::MAX).await;
            pacer.turn(3).await;
        });
        assert!(time.await >= Duration::from_millis(30));
    }

    #[tokio::test]
    async fn a_pause_holds_every_request_and_a_shorter_one_does_not_end_it() {
        let pacer = pacer(None, 1);
        let (began, long) = (Instant::now(), Duration::from_millis(60));
        let turn = async {
            pacer.turn(1).await;
            began.elapsed()
        };
        // Polled in this order, so both pauses have begun when the request asks for its turn.
        let ((), (), sent) = tokio::join!(biased; pacer.pause(long), pacer.pause(Duration::from_millis(1)), turn);
        assert!(sent >= long, "{sent:?}");
    }

    #[test]
    fn the_server_sets_the_pause_else_it_doubles_up_to_a_limit() {
        assert_eq!(pause_after(Some(" 7 "), 4), Duration::from_secs(7));
        assert_eq!(pause_after(Some("0"), 4), Duration::ZERO);
        assert_eq!(pause_after(Some("86400"), 0), LONGEST_PAUSE);
        let unset = [None, Some("Wed, 21 Oct 2026 07:28:00 GMT"), Some("-1")];
        for retry_after in unset {
            let pauses = [0, 1, 2, 3].map(|attempt| pause_after(retry_after, attempt).as_millis());
            assert_eq!(pauses, [500, 1_000, 2_000, 4_000], "{retry_after:?}");
        }
    }
}
