//! What a run will cost a server, reckoned from what runs have cost: every feature's requests and failed logins were counted
//! on the test server of `tests/foreign`, which is a deployment like any other. A test holds the reckoning against a run.

use std::time::Duration;

use steps::Target;

use crate::{
    backend::Backend,
    catalogue::Need,
    suite::{Scenario, Suite},
};

/// The size of the races in the features, which a smaller `burst` cuts down.
const RACE: u32 = 20;
/// Requests that belong to no scenario: the look ahead, and finding out about sessions.
const BEFORE: u64 = 9;
/// Requests for shortening the lifetimes, checking that, and putting them back.
const FOR_SETTINGS: u64 = 20;

/// What a run on loopback takes that neither waits nor is paced.
const OWN_TIME: Duration = Duration::from_secs(2);

/// What a feature costs when all of its scenarios can be judged.
struct Measured {
    feature: &'static str,
    scenarios: u64,
    requests: u64,
    /// Those among them that are sent in races of [`RACE`].
    raced: u64,
    failed_logins: u64,
}

const fn measured(feature: &'static str, numbers: [u64; 4]) -> Measured {
    let [scenarios, requests, raced, failed_logins] = numbers;
    Measured { feature, scenarios, requests, raced, failed_logins }
}

/// Scenarios, requests, requests in races, failed logins.
const FEATURES: [Measured; 21] = [
    measured("features/errors/codes.feature", [7, 8, 0, 4]),
    measured("features/errors/refusals.feature", [43, 44, 0, 12]),
    measured("features/expiry/access-token.feature", [3, 13, 0, 0]),
    measured("features/expiry/one-time-token.feature", [2, 3, 0, 0]),
    measured("features/expiry/refresh-token.feature", [2, 6, 0, 0]),
    measured("features/issue/guessability.feature", [2, 32, 0, 0]),
    measured("features/issue/malformed-requests.feature", [32, 37, 0, 32]),
    measured("features/issue/simultaneous-logins.feature", [2, 60, 20, 0]),
    measured("features/issue/token-answer.feature", [9, 12, 0, 0]),
    measured("features/issue/wrong-credentials.feature", [10, 17, 0, 12]),
    measured("features/issue/wrong-places.feature", [10, 17, 0, 10]),
    measured("features/one-time/discretion.feature", [6, 13, 0, 0]),
    measured("features/one-time/refusals.feature", [31, 36, 0, 0]),
    measured("features/one-time/single-use.feature", [6, 73, 60, 0]),
    measured("features/refresh/new-pair.feature", [10, 31, 0, 0]),
    measured("features/refresh/refusals.feature", [20, 35, 0, 0]),
    measured("features/refresh/rotation.feature", [4, 86, 60, 0]),
    measured("features/settings/independence.feature", [5, 34, 0, 0]),
    measured("features/settings/lifetimes.feature", [8, 12, 0, 0]),
    measured("features/settings/refusals.feature", [13, 87, 0, 0]),
    measured("features/use/access-token.feature", [19, 38, 0, 0]),
];

/// What a run will cost, near enough to decide on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Requests.
    pub(crate) requests: u64,
    /// Logins that will be refused, each because the run means it to be.
    pub(crate) failed_logins: u64,
    /// From the first request to the last.
    pub(crate) duration: Duration,
}

impl Cost {
    /// Reckons the cost of a whole run, whose longest single wait is known.
    pub(crate) fn of(suite: &Suite, backend: &Backend, longest_wait: Duration) -> Self {
        let target = backend.target();
        let judged: Vec<&Scenario> = suite.scenarios().filter(|scenario| is_judged(scenario, backend)).collect();
        let (mut requests, mut failed_logins) = (BEFORE as f64, 0.0);
        for measured in &FEATURES {
            let taken = judged.iter().filter(|scenario| scenario.feature == measured.feature).count();
            let share = taken as f64 / measured.scenarios as f64;
            requests += measured.cut_to(target.pace.burst.get()) * share;
            failed_logins += measured.failed_logins as f64 * share;
        }
        if target.short_lifetimes.is_some() {
            requests += FOR_SETTINGS as f64;
        }
        let requests = requests.round() as u64;
        let duration = OWN_TIME + sending(requests, target).max(longest_wait) + waits_alone(&judged, target);
        let duration = Duration::from_secs(duration.as_secs_f64().ceil() as u64);
        Self { requests, failed_logins: f64::round(failed_logins) as u64, duration }
    }
}

impl Measured {
    fn cut_to(&self, burst: u32) -> f64 {
        let part = f64::from(burst.min(RACE)) / f64::from(RACE);
        (self.requests - self.raced) as f64 + self.raced as f64 * part
    }
}

fn is_judged(scenario: &Scenario, backend: &Backend) -> bool {
    scenario.needs.iter().all(|need| backend.offers(*need))
}

/// How long the pace alone makes it.
fn sending(requests: u64, target: &Target) -> Duration {
    let after_burst = requests.saturating_sub(u64::from(target.pace.burst.get()));
    target.pace.per_second.map_or(Duration::ZERO, |rate| Duration::from_secs_f64((after_burst as f64 / rate).ceil()))
}

/// Scenarios that let nothing else go on wait one after the other.
fn waits_alone(judged: &[&Scenario], target: &Target) -> Duration {
    let waiting =
        judged.iter().filter(|scenario| scenario.runs_alone() && scenario.needs.contains(&Need::Time)).count();
    let each = target.short_lifetimes.map_or(Duration::ZERO, |short| short.one_time + target.margin);
    each * u32::try_from(waiting).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;

    #[test]
    fn every_feature_has_been_measured_as_it_is() {
        let catalogue = Catalogue::embedded().expect("the embedded catalogue can be read");
        let suite = Suite::load(catalogue, None).expect("the embedded suite can be read");
        let features: Vec<_> = suite
            .features
            .iter()
            .map(|feature| (feature.scenarios[0].feature.as_str(), feature.scenarios.len() as u64))
            .collect();
        let measured: Vec<_> = FEATURES.iter().map(|measured| (measured.feature, measured.scenarios)).collect();
        assert_eq!(features, measured, "measure again: run the suite on tests/foreign and count");
    }

    #[test]
    fn a_smaller_burst_makes_races_smaller_and_nothing_else() {
        let feature = measured("x", [1, 30, 20, 0]);
        assert_eq!(feature.cut_to(200).round(), 30.0);
        assert_eq!(feature.cut_to(10).round(), 20.0);
    }
}
