//! Moments and durations in the two integers that messages have for them.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// So many milliseconds after the run began.
pub(super) fn moment(began: Timestamp, after_ms: f64) -> Value {
    let moment = began.saturating_add(signed(after_ms)).unwrap_or(began).as_duration();
    json!({ "seconds": moment.as_secs(), "nanos": moment.subsec_nanos() })
}

/// So many milliseconds.
pub(super) fn duration(ms: f64) -> Value {
    let duration = signed(ms);
    json!({ "seconds": duration.as_secs(), "nanos": duration.subsec_nanos() })
}

/// Nothing where the number makes no sense as a time.
fn signed(ms: f64) -> SignedDuration {
    SignedDuration::try_from_secs_f64(ms.max(0.0) / 1_000.0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_whole_seconds_and_the_rest() {
        let began = Timestamp::constant(1_795_000_000, 999_000_000);
        assert_eq!(moment(began, 2_500.0), json!({ "seconds": 1_795_000_003, "nanos": 499_000_000 }));
        assert_eq!(duration(1_250.5), json!({ "seconds": 1, "nanos": 250_500_000 }));
        assert_eq!(duration(-1.0), json!({ "seconds": 0, "nanos": 0 }));
        assert_eq!(duration(f64::NAN), json!({ "seconds": 0, "nanos": 0 }));
    }
}
