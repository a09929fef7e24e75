//! The expiry of new tokens, from the settings at the moment of issue.

use std::time::Duration;

use crate::{
    call::CallContext,
    options::TokenLifetimes,
    tokens::PairOrigin,
    variations::{ExpiryFault, HistoryFault, RefreshFault, SessionVariant},
};

type LifetimeFault = fn(Duration) -> Duration;

/// A lifetime longer than any run.
const TEN_YEARS: Duration = Duration::from_secs(10 * 365 * 86_400);

/// How much too early or too late a token expires with the faults that miss by little.
const SLACK: Duration = Duration::from_secs(5);

const ACCESS_FAULTS: [(ExpiryFault, LifetimeFault); 8] = [
    (ExpiryFault::AccessSeventy, |lifetime| lifetime * 7 / 10),
    (ExpiryFault::AccessThirtyMore, |lifetime| lifetime * 13 / 10),
    (ExpiryFault::AccessAtMost, |lifetime| lifetime.min(Duration::from_secs(200))),
    (ExpiryFault::AccessEarly, |lifetime| lifetime.saturating_sub(SLACK)),
    (ExpiryFault::AccessHalf, |lifetime| lifetime / 2),
    (ExpiryFault::AccessLate, |lifetime| lifetime + SLACK),
    (ExpiryFault::AccessTwice, |lifetime| lifetime * 2),
    (ExpiryFault::AccessNever, |_| TEN_YEARS),
];

const REFRESH_FAULTS: [(ExpiryFault, LifetimeFault); 7] = [
    (ExpiryFault::RefreshSeventy, |lifetime| lifetime * 7 / 10),
    (ExpiryFault::RefreshThirtyMore, |lifetime| lifetime * 13 / 10),
    (ExpiryFault::RefreshEarly, |lifetime| lifetime.saturating_sub(SLACK)),
    (ExpiryFault::RefreshHalf, |lifetime| lifetime / 2),
    (ExpiryFault::RefreshLate, |lifetime| lifetime + SLACK),
    (ExpiryFault::RefreshTwice, |lifetime| lifetime * 2),
    (ExpiryFault::RefreshNever, |_| TEN_YEARS),
];

const ONE_TIME_FAULTS: [(ExpiryFault, LifetimeFault); 7] = [
    (ExpiryFault::OneTimeSeventy, |lifetime| lifetime * 7 / 10),
    (ExpiryFault::OneTimeThirtyMore, |lifetime| lifetime * 13 / 10),
    (ExpiryFault::OneTimeEarly, |lifetime| lifetime.saturating_sub(SLACK)),
    (ExpiryFault::OneTimeHalf, |lifetime| lifetime / 2),
    (ExpiryFault::OneTimeLate, |lifetime| lifetime + SLACK),
    (ExpiryFault::OneTimeTwice, |lifetime| lifetime * 2),
    (ExpiryFault::OneTimeNever, |_| TEN_YEARS),
];

/// When a new access token expires.
pub(super) fn access_expiry(call: &CallContext<'_>, origin: &PairOrigin) -> Duration {
    let lifetime = call.state.effective.access;
    let expiry = match origin {
        PairOrigin::Login => call.now + with_fault(call, lifetime, &ACCESS_FAULTS),
        PairOrigin::Refresh(_, spent) => call.now + after_refresh(call, lifetime, &spent.access),
    };
    rounded(call, expiry)
}

fn after_refresh(call: &CallContext<'_>, lifetime: Duration, earlier: &str) -> Duration {
    if call.has(RefreshFault::AccessLifetimeInherited) {
        let old_expiry = call.state.access.get(earlier).map_or(call.now, |access| access.expires);
        return old_expiry.saturating_sub(call.now);
    }
    if call.has(HistoryFault::RefreshedKeepOld) {
        TokenLifetimes::default().access
    } else if call.has(RefreshFault::AccessLifetimeHalved) {
        lifetime / 2
    } else if call.has(RefreshFault::AccessLifetimeDoubled) {
        lifetime * 2
    } else {
        lifetime
    }
}

/// When a new refresh token expires.
pub(super) fn refresh_expiry(call: &CallContext<'_>, origin: &PairOrigin) -> Duration {
    match origin {
        PairOrigin::Refresh(_, spent)
            if call.has(SessionVariant::FixedEnd) || call.has(RefreshFault::RefreshLifetimeInherited) =>
        {
            spent.expires
        }
        PairOrigin::Refresh(..) if call.has(RefreshFault::RefreshLifetimeDoubled) => {
            call.now + call.state.effective.refresh * 2
        }
        _ => rounded(call, call.now + with_fault(call, call.state.effective.refresh, &REFRESH_FAULTS)),
    }
}

/// The lifetime of a new refresh token, as responses announce it.
pub(super) fn announced_refresh_lifetime(call: &CallContext<'_>, origin: &PairOrigin) -> Duration {
    match origin {
        PairOrigin::Refresh(_, spent) if call.has(SessionVariant::FixedEnd) => spent.expires.saturating_sub(call.now),
        _ => call.state.announced.refresh,
    }
}

/// When a new one-time token expires.
pub(super) fn one_time_expiry(call: &CallContext<'_>) -> Duration {
    rounded(call, call.now + with_fault(call, call.state.effective.one_time, &ONE_TIME_FAULTS))
}

/// Applies a fault, unless the settings have been changed: so each fault breaks one promise.
fn with_fault(call: &CallContext<'_>, lifetime: Duration, faults: &[(ExpiryFault, LifetimeFault)]) -> Duration {
    let fault = call.first(faults).filter(|_| !call.state.reconfigured);
    fault.map_or(lifetime, |adjust| adjust(lifetime))
}

fn rounded(call: &CallContext<'_>, expiry: Duration) -> Duration {
    let whole = Duration::from_secs(expiry.as_secs());
    if call.has(SessionVariant::EndsRoundedDown) {
        whole
    } else if call.has(SessionVariant::EndsRoundedUp) && whole < expiry {
        whole + Duration::from_secs(1)
    } else {
        expiry
    }
}
