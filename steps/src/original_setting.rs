//! From what a server announces to the value of its setting. Servers announce lifetimes in seconds, milliseconds or minutes, some of
//! them as the whole seconds that are left. Which of these it is shows in what a change to a known value announces.

use std::time::Duration;

/// How many of the announced units are a second.
const UNITS: [f64; 3] = [1.0, 1000.0, 1.0 / 60.0];
/// How much less than was set a server may announce: what has passed already, cut to whole seconds.
const MOST_LESS: f64 = 1.0;
/// By which part a number of minutes may be rounded.
const ROUNDED: f64 = 0.03;
/// By how many seconds the result may differ from a whole number.
const JITTER: f64 = 0.3;

/// The setting before a change, in whole seconds, from what was announced before and after a change to `set`; `None` where the
/// announcement does not follow the change in a known unit.
pub(crate) fn infer(before: Duration, set: Duration, after: Duration) -> Option<Duration> {
    if before == after {
        return None;
    }
    let less = UNITS.into_iter().find_map(|unit| Some((unit, shortfall(unit, set, after)?)));
    let (unit, less) = less?;
    let setting = before.as_secs_f64() / unit + less;
    let whole = setting.round();
    ((setting - whole).abs() <= JITTER && whole > 0.0).then(|| Duration::from_secs_f64(whole))
}

/// Whether a server whose setting is this value may announce that.
pub(crate) fn may_announce(set: Duration, announced: Duration) -> bool {
    UNITS.into_iter().any(|unit| shortfall(unit, set, announced).is_some())
}

/// Whether two announcements are of one setting: what has passed since a login, and rounding, may differ.
pub(crate) fn are_alike(one: Duration, other: Duration) -> bool {
    one.abs_diff(other) <= Duration::from_secs(1).max(one / 1000)
}

/// How many seconds less than `set` is announced, if it is announced in this unit.
fn shortfall(unit: f64, set: Duration, announced: Duration) -> Option<f64> {
    let (set, announced) = (set.as_secs_f64(), announced.as_secs_f64() / unit);
    let less = set - announced;
    if unit < 1.0 {
        return (less.abs() <= set * ROUNDED).then_some(0.0);
    }
    (-1e-6..=MOST_LESS).contains(&less).then_some(less.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(number: f64) -> Duration {
        Duration::from_secs_f64(number)
    }

    #[test]
    fn unit_and_offset_show_in_what_a_change_announces() {
        for (before, set, after) in [
            (300.0, 4.0, 4.0),
            (299.0, 4.0, 3.0),
            (299.998, 4.0, 3.997),
            (300_000.0, 4.0, 4_000.0),
            (299_998.0, 4.0, 3_997.0),
            (5.0, 4.0, 0.066_666_6),
            (5.0, 4.0, 0.067),
        ] {
            assert_eq!(infer(seconds(before), seconds(set), seconds(after)), Some(seconds(300.0)), "{before} {after}");
        }
    }

    #[test]
    fn an_announcement_that_does_not_follow_the_change_shows_nothing() {
        for (before, set, after) in [(300.0, 4.0, 300.0), (300.0, 4.0, 7.0), (300.0, 4.0, 2.5), (4.0, 5.0, 4.0)] {
            assert_eq!(infer(seconds(before), seconds(set), seconds(after)), None, "{before} {after}");
        }
    }

    #[test]
    fn announcements_of_one_setting_differ_by_little() {
        assert!(are_alike(seconds(300.0), seconds(299.0)));
        assert!(are_alike(seconds(300_000.0), seconds(299_900.0)));
        assert!(!are_alike(seconds(300.0), seconds(4.0)));
    }
}
