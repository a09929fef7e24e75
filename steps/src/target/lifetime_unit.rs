//! How a deployment writes lifetimes in token answers: as a number of some unit, or as the moment at which the token ends.

use std::time::{Duration, SystemTime};

use serde_json::Value;

/// Largest difference between the server's clock and this one at which this one counts, as it has fractions of seconds.
const SAME_CLOCK: Duration = Duration::from_secs(2);
/// Epochs from here on count milliseconds; in seconds it would be the year 5138.
const FIRST_IN_MILLIS: f64 = 1e11;
/// Epochs from here on are moments, not lifetimes: 2001 in seconds.
const FIRST_MOMENT: f64 = 1e9;

/// What the value of a lifetime means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LifetimeUnit {
    /// A number of seconds, as the contract has it.
    #[default]
    Seconds,
    /// A number of milliseconds.
    Milliseconds,
    /// A number of minutes.
    Minutes,
    /// The end of the token: seconds or milliseconds since 1970, or a date and time with its zone.
    Moment,
}

impl LifetimeUnit {
    /// All units by their names in the configuration.
    pub const NAMES: [(&'static str, Self); 4] = [
        ("seconds", Self::Seconds),
        ("milliseconds", Self::Milliseconds),
        ("minutes", Self::Minutes),
        ("moment", Self::Moment),
    ];

    /// Reads a lifetime from its value in an answer; `date` is the answer's `Date` header. `None` for what is no lifetime.
    #[must_use]
    pub fn read(self, value: &Value, date: Option<&str>) -> Option<Duration> {
        let seconds = match self {
            Self::Seconds => value.as_f64()?,
            Self::Milliseconds => value.as_f64()? / 1_000.0,
            Self::Minutes => value.as_f64()? * 60.0,
            // The answer took time, so that a whole lifetime is never less than what is left of it.
            Self::Moment => read_moment(value)?.duration_since(server_time(date)).ok()?.as_secs_f64().ceil(),
        };
        // Whole milliseconds, as a product of fractions is never quite what was meant.
        let seconds = if self == Self::Seconds { seconds } else { (seconds * 1_000.0).round() / 1_000.0 };
        Some(seconds).filter(|seconds| *seconds > 0.0).and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
    }
}

/// The moment that a value names: an epoch in seconds or milliseconds, as a number or text, or a date and time.
pub(crate) fn read_moment(value: &Value) -> Option<SystemTime> {
    let text = value.as_str().map(str::trim);
    let epoch = value.as_f64().or_else(|| text?.parse().ok()).filter(|epoch| *epoch >= FIRST_MOMENT);
    if let Some(epoch) = epoch {
        let seconds = if epoch >= FIRST_IN_MILLIS { epoch / 1_000.0 } else { epoch };
        return SystemTime::UNIX_EPOCH.checked_add(Duration::try_from_secs_f64(seconds).ok()?);
    }
    let text = text?;
    let iso = || u64::try_from(text.parse::<jiff::Timestamp>().ok()?.as_millisecond()).ok();
    let since = |millis| SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(millis));
    iso().and_then(since).or_else(|| httpdate::parse_http_date(text).ok())
}

/// The time at the server when it answered.
fn server_time(date: Option<&str>) -> SystemTime {
    let here = SystemTime::now();
    let Some(there) = date.and_then(|date| httpdate::parse_http_date(date).ok()) else { return here };
    let apart = there.duration_since(here).or_else(|_| here.duration_since(there)).unwrap_or_default();
    if apart <= SAME_CLOCK { here } else { there }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_have_the_unit_of_the_dialect() {
        let read = |unit: LifetimeUnit, value: Value| unit.read(&value, None);
        let minutes = Some(Duration::from_secs(300));
        assert_eq!(read(LifetimeUnit::Seconds, json!(300)), minutes);
        assert_eq!(read(LifetimeUnit::Milliseconds, json!(300_000)), minutes);
        assert_eq!(read(LifetimeUnit::Minutes, json!(5)), minutes);
        assert_eq!(read(LifetimeUnit::Minutes, json!(7.0 / 60.0)), Some(Duration::from_secs(7)));
        assert_eq!(read(LifetimeUnit::Seconds, json!("300")), None);
        assert_eq!(read(LifetimeUnit::Seconds, json!(-1)), None);
    }

    #[test]
    fn a_moment_counts_from_the_servers_time() {
        let date = Some("Wed, 25 Nov 2026 09:00:00 GMT");
        for moment in [
            json!(1_795_597_500),
            json!(1_795_597_500_000_u64),
            json!("1795597500"),
            json!("2026-11-25T09:05:00Z"),
            json!("2026-11-25T10:05:00.000+01:00"),
            json!("Wed, 25 Nov 2026 09:05:00 GMT"),
        ] {
            assert_eq!(LifetimeUnit::Moment.read(&moment, date), Some(Duration::from_secs(300)), "{moment}");
        }
        for other in [json!(300), json!("soon"), json!(null), json!("2026-11-25T08:00:00Z")] {
            assert_eq!(LifetimeUnit::Moment.read(&other, date), None, "{other}");
        }
    }
}
