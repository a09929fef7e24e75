//! When a new token will end. The lifetime that holds is the one of the settings at the moment of issue.

use std::time::Duration;

use super::Origin;
use crate::{
    call::Call,
    variations::{fault, freedom},
};

type Adjustment = fn(Duration) -> Duration;

/// A lifetime that no run outlives.
const TEN_YEARS: Duration = Duration::from_secs(10 * 365 * 86_400);

/// By how much a lifetime is missed that is missed by little.
const SLACK: Duration = Duration::from_secs(5);

const OF_LOGIN_ACCESS: [(fault::Expiry, Adjustment); 5] = [
    (fault::Expiry::AccessEarly, |life| life.saturating_sub(SLACK)),
    (fault::Expiry::AccessHalf, |life| life / 2),
    (fault::Expiry::AccessLate, |life| life + SLACK),
    (fault::Expiry::AccessTwice, |life| life * 2),
    (fault::Expiry::AccessNever, |_| TEN_YEARS),
];

const OF_REFRESH: [(fault::Expiry, Adjustment); 5] = [
    (fault::Expiry::RefreshEarly, |life| life.saturating_sub(SLACK)),
    (fault::Expiry::RefreshHalf, |life| life / 2),
    (fault::Expiry::RefreshLate, |life| life + SLACK),
    (fault::Expiry::RefreshTwice, |life| life * 2),
    (fault::Expiry::RefreshNever, |_| TEN_YEARS),
];

const OF_ONE_TIME: [(fault::Expiry, Adjustment); 5] = [
    (fault::Expiry::OneTimeEarly, |life| life.saturating_sub(SLACK)),
    (fault::Expiry::OneTimeHalf, |life| life / 2),
    (fault::Expiry::OneTimeLate, |life| life + SLACK),
    (fault::Expiry::OneTimeTwice, |life| life * 2),
    (fault::Expiry::OneTimeNever, |_| TEN_YEARS),
];

/// When an access token will end.
pub(super) fn access(call: &Call<'_>, origin: &Origin) -> Duration {
    let life = call.state.kept.access;
    let ends = match origin {
        Origin::Login => call.now + adjusted(call, life, &OF_LOGIN_ACCESS),
        Origin::Refresh(_, spent) => call.now + after_refresh(call, life, &spent.access),
    };
    rounded(call, ends)
}

fn after_refresh(call: &Call<'_>, life: Duration, earlier: &str) -> Duration {
    if call.has(fault::Refresh::AccessLifetimeInherited) {
        let ends = call.state.access.get(earlier).map_or(call.now, |access| access.expires);
        return ends.saturating_sub(call.now);
    }
    if call.has(fault::Refresh::AccessLifetimeHalved) { life / 2 } else { life }
}

/// When a refresh token will end.
pub(super) fn refresh(call: &Call<'_>, origin: &Origin) -> Duration {
    match origin {
        Origin::Refresh(_, spent) if call.has(freedom::Session::FixedEnd) => spent.expires,
        _ => rounded(call, call.now + adjusted(call, call.state.kept.refresh, &OF_REFRESH)),
    }
}

/// How long the refresh token will live, as answers tell it.
pub(super) fn told_of_refresh(call: &Call<'_>, origin: &Origin) -> Duration {
    match origin {
        Origin::Refresh(_, spent) if call.has(freedom::Session::FixedEnd) => spent.expires.saturating_sub(call.now),
        _ => call.state.announced.refresh,
    }
}

/// When a one-time token will end.
pub(super) fn one_time(call: &Call<'_>) -> Duration {
    rounded(call, call.now + adjusted(call, call.state.kept.one_time, &OF_ONE_TIME))
}

/// A server that misses its lifetimes keeps those that somebody has just set: each fault breaks one promise.
fn adjusted(call: &Call<'_>, life: Duration, faults: &[(fault::Expiry, Adjustment)]) -> Duration {
    let adjustment = call.first(faults).filter(|_| !call.state.reconfigured);
    adjustment.map_or(life, |adjust| adjust(life))
}

fn rounded(call: &Call<'_>, ends: Duration) -> Duration {
    let whole = Duration::from_secs(ends.as_secs());
    if call.has(freedom::Session::EndsRoundedDown) {
        whole
    } else if call.has(freedom::Session::EndsRoundedUp) && whole < ends {
        whole + Duration::from_secs(1)
    } else {
        ends
    }
}
