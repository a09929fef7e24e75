//! Keeps the harness from asking faster than the target wants, and waits as long as the server says when it was too fast
//! all the same.

use std::{
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::{Instant, sleep_until};

use super::{Answer, LONGEST_PAUSE};
use crate::target::Pace;

/// A little slower than allowed: requests that left evenly arrive unevenly, and the server counts arrivals.
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
            // More than the burst can never be had at once, and `requests` is cut to it.
            let _ = limiter.until_n_ready(requests).await;
        }
    }

    /// Keeps every scenario from sending for this long.
    pub(crate) async fn pause(&self, time: Duration) {
        let until = Instant::now() + time;
        {
            let mut paused = self.paused_until.lock().unwrap_or_else(PoisonError::into_inner);
            *paused = Some(paused.map_or(until, |earlier| earlier.max(until)));
        }
        sleep_until(until).await;
    }
}

/// How long to wait after a 429: what the server asks for (RFC 9110, section 10.2.3), else longer each time.
pub(super) fn pause_after(answer: &Answer, attempt: u32) -> Duration {
    let asked = answer.header("retry-after").and_then(|value| value.trim().parse().ok()).map(Duration::from_secs);
    asked.unwrap_or_else(|| Duration::from_millis(500) * 2_u32.pow(attempt)).min(LONGEST_PAUSE)
}
