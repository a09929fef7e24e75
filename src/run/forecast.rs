//! What a run on a target will be like: the lifetimes it sets, how long it takes, what it costs, and what cannot be judged at the
//! pace of the target.

use std::time::Duration;

use steps::{Lifetimes, Target, inspect::Findings};

use super::{
    rehearsal::Rehearsal,
    schedule::{Conditions, ExpectedLifetimes, LifetimeChoice, Timetable, choose, plan},
};
use crate::{catalogue::RequirementId, inspect::Cost};

/// Requests that belong to no scenario: the inspection, and probing sessions.
const BEFORE: u64 = 9;
/// Requests for shortening the lifetimes, checking that, and restoring them.
const FOR_SETTINGS: u64 = 17;
/// What a run takes beside its requests and waits.
const OWN_TIME: Duration = Duration::from_secs(2);
/// Clients refresh half a minute before the announced end, and log in for every call where lifetimes are shorter.
const CLIENTS_REFRESH_AHEAD: Duration = Duration::from_secs(31);
/// Assumed where nothing was measured.
const ROUND_TRIP: Duration = Duration::from_millis(50);
/// From asking a source for a one-time token to having it.
const MINTING: Duration = Duration::from_millis(300);

/// How a run will go, by the reckoning.
pub(crate) struct Forecast {
    pub(crate) conditions: Conditions,
    pub(crate) timetable: Timetable,
    /// The lifetimes that the run will set; `None` where it may not.
    pub(crate) lifetimes_to_set: Option<Lifetimes<Duration>>,
    /// What cannot be judged at this pace.
    pub(crate) too_slow: Vec<RequirementId>,
}

impl Forecast {
    /// Foresees a run of what was rehearsed.
    pub(crate) fn new(rehearsal: &Rehearsal, target: &Target, found: Option<&Findings>, concurrency: usize) -> Self {
        let given = conditions(target, found, concurrency);
        let traces = rehearsal.traces();
        let may_set = target.short_lifetimes.is_some();
        let LifetimeChoice { lifetimes, timetable } = if may_set {
            choose(&given, &traces, (!target.may_choose_lifetimes).then_some(given.lifetimes))
        } else {
            LifetimeChoice { lifetimes: given.lifetimes, timetable: plan(&given, &traces) }
        };
        let requirements = |position: &usize| rehearsal.scenarios[*position].0.requirements.iter().cloned();
        let mut too_slow: Vec<RequirementId> = Vec::new();
        for id in timetable.late.iter().flat_map(requirements) {
            if !too_slow.contains(&id) {
                too_slow.push(id);
            }
        }
        Self {
            conditions: Conditions { lifetimes, ..given },
            timetable,
            lifetimes_to_set: may_set.then(|| to_set(lifetimes)).flatten(),
            too_slow,
        }
    }

    /// What the run will cost.
    pub(crate) fn cost(&self, target: &Target) -> Cost {
        let around = BEFORE + if self.lifetimes_to_set.is_some() { FOR_SETTINGS } else { 0 };
        let sending = target.pace.per_second.map_or(0.0, |rate| around as f64 * 1.05 / rate);
        let duration = OWN_TIME + self.timetable.length + Duration::from_secs_f64(sending);
        let mut notes = Vec::new();
        if let Some(set) = self.lifetimes_to_set {
            let [access, refresh, one_time] = [set.access, set.refresh, set.one_time].map(|time| time.as_secs());
            notes.push(format!("it sets the lifetimes to {access} s, {refresh} s and {one_time} s meanwhile"));
            if set.access < CLIENTS_REFRESH_AHEAD {
                notes.push(format!(
                    "  access tokens that live less than {} s make other clients of the server log in for every call meanwhile",
                    CLIENTS_REFRESH_AHEAD.as_secs()
                ));
            }
        }
        notes.extend(self.warnings(target));
        Cost {
            requests: self.timetable.requests + around,
            failed_logins: self.timetable.failed_logins,
            duration: Duration::from_secs(duration.as_secs_f64().ceil() as u64),
            longest_wait: self.timetable.longest_wait,
            one_time: self.timetable.one_time,
            notes,
        }
    }

    /// What whoever starts the run should know beforehand.
    pub(crate) fn warnings(&self, target: &Target) -> Vec<String> {
        let mut warnings = Vec::new();
        if let (Some(wanted), Some(set)) = (target.short_lifetimes, self.lifetimes_to_set)
            && wanted != set
            && !target.may_choose_lifetimes
        {
            warnings.push(format!(
                "lifetimes are set to {}, {} and {} s instead of `short_lifetimes`: at this pace, tokens would end before they \
                 are used",
                set.access.as_secs(),
                set.refresh.as_secs(),
                set.one_time.as_secs()
            ));
        }
        if !self.too_slow.is_empty() {
            let ids: Vec<_> = self.too_slow.iter().map(ToString::to_string).collect();
            warnings.push(format!(
                "warning: at this pace tokens end before they are used, so that {} cannot be judged: raise \
                 `requests_per_second` or `burst`, or set `allow_settings_change = true`",
                ids.join(" ")
            ));
        }
        warnings
    }
}

fn conditions(target: &Target, found: Option<&Findings>, concurrency: usize) -> Conditions {
    let login = found.and_then(|found| found.login.as_ref()?.as_ref().ok());
    let lifetimes = match target.short_lifetimes {
        Some(short) => ExpectedLifetimes {
            access: Some(short.access),
            refresh: Some(short.refresh),
            one_time: Some(short.one_time),
        },
        None => ExpectedLifetimes {
            access: login.and_then(|login| login.access_lifetime),
            refresh: login.and_then(|login| login.refresh_lifetime),
            one_time: target.one_time.as_ref().and_then(|users| users.lifetime),
        },
    };
    Conditions {
        rate: target.pace.per_second,
        burst: target.pace.burst.get(),
        // Servers are slower when they have more to do than in a quiet moment.
        round_trip: found.and_then(|found| found.profile.round_trip).map_or(ROUND_TRIP, |time| time.mul_f64(1.25)),
        minting: MINTING,
        lifetimes,
        margin: target.margin,
        max_wait: target.max_wait,
        concurrency,
    }
}

fn to_set(lifetimes: ExpectedLifetimes) -> Option<Lifetimes<Duration>> {
    let ExpectedLifetimes { access, refresh, one_time } = lifetimes;
    Some(Lifetimes { access: access?, refresh: refresh?, one_time: one_time? })
}
