//! Answers that come from something in between, or from a guard in front of the server: too many requests, or no server at the
//! moment. They are asked for again, and judge nothing.

use std::time::{Duration, SystemTime};

use crate::{message::Answer, pace::Refusal};

/// How often a request is sent again while the server answers 429 or 503.
pub(super) const MOST_REPEATS: u32 = 5;

/// Why an answer is asked for again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Hindrance {
    pub(super) status: u16,
    /// Whether the server was asked too fast.
    pub(super) is_too_fast: bool,
    /// How long the server asks to wait.
    pub(super) pause: Option<Duration>,
}

impl Hindrance {
    /// What is in the way by this answer, if anything is. 503 is what some guards answer instead of 429.
    pub(super) fn from_answer(answer: &Answer) -> Option<Self> {
        let status = answer.status;
        let is_too_fast = matches!(status, 429 | 503);
        let pause = answer.header("retry-after").and_then(|value| retry_after(value, SystemTime::now()));
        (is_too_fast || answer.is_from_gateway()).then_some(Self { status, is_too_fast, pause })
    }

    /// Whether it asks to go slower, rather than answers for a server that is away.
    pub(super) fn is_pacing(self) -> bool {
        self.status == 429
    }

    /// A firewall answers with its page for a server that was asked too fast.
    pub(super) fn from_block_page(answer: &Answer) -> Self {
        Self { status: answer.status, is_too_fast: true, pause: None }
    }

    /// What it says about the pace.
    pub(super) fn refusal(self) -> Refusal {
        match self.status {
            _ if !self.is_too_fast => Refusal::Absent,
            503 => Refusal::Unavailable,
            _ => Refusal::TooFast,
        }
    }

    /// How often the request is sent again.
    pub(super) fn most_repeats(self) -> u32 {
        if self.is_too_fast { MOST_REPEATS } else { 3 }
    }

    /// Whether the server may have done what it was asked to.
    pub(super) fn may_be_done(self) -> bool {
        !(400..500).contains(&self.status)
    }
}

/// Reads `Retry-After` (RFC 9110, section 10.2.3): seconds, which some write as a fraction, or a date.
fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    let seconds = value.parse().ok().filter(|seconds: &f64| *seconds >= 0.0);
    let date = || httpdate::parse_http_date(value).ok()?.duration_since(now).ok();
    seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).or_else(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_given_in_seconds_or_as_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777 - 30);
        let read = |value| retry_after(value, now);
        assert_eq!(read(" 3 "), Some(Duration::from_secs(3)));
        assert_eq!(read("0.25"), Some(Duration::from_millis(250)));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::from_secs(30)));
        for unusable in ["-1", "soon", "NaN", "inf", "Sun, 06 Nov 1994 08:00:00 GMT"] {
            assert_eq!(read(unusable), None, "{unusable}");
        }
    }
}
