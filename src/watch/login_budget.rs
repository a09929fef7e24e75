//! How many logins may fail: two in any hour, so that a canary locks no account. One of them is kept for a right login that the
//! server refuses; the other is the wrong password that is tried once an hour.

use std::time::Duration;

/// The time in which logins are counted.
const HOUR: Duration = Duration::from_secs(3600);

/// The most failed logins in that time.
const MOST: usize = 2;

/// The moments of failed logins, as time since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LoginBudget(Vec<Duration>);

impl LoginBudget {
    /// A budget after these failed logins.
    pub(crate) fn new(failed: Vec<Duration>) -> Self {
        Self(failed)
    }

    /// The failed logins of the last hour.
    pub(crate) fn failed(&self) -> &[Duration] {
        &self.0
    }

    /// Whether a login may be tried that ought to succeed.
    pub(crate) fn allows_right_login(&mut self, now: Duration) -> bool {
        self.forget_old(now);
        self.0.len() < MOST
    }

    /// Whether a login may be tried that ought to fail.
    pub(crate) fn allows_wrong_login(&mut self, now: Duration) -> bool {
        self.forget_old(now);
        self.0.is_empty()
    }

    pub(crate) fn record_failure(&mut self, now: Duration) {
        self.0.push(now);
    }

    fn forget_old(&mut self, now: Duration) {
        // A moment in the future comes from a clock that was set back since.
        self.0.retain(|failed| now < *failed + HOUR && *failed <= now + HOUR);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_logins_may_fail_in_any_hour() {
        let minute = |minutes: u64| Duration::from_secs(1_000_000 + 60 * minutes);
        let mut budget = LoginBudget::default();
        assert!(budget.allows_wrong_login(minute(0)));
        budget.record_failure(minute(0));
        assert!(!budget.allows_wrong_login(minute(59)) && budget.allows_right_login(minute(59)));
        budget.record_failure(minute(59));
        assert!(!budget.allows_right_login(minute(59)));
        assert!(budget.allows_right_login(minute(60)) && !budget.allows_wrong_login(minute(60)));
        assert!(budget.allows_wrong_login(minute(119)));
    }
}
