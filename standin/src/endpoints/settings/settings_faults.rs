//! What faults do to a change of the settings: parts are ignored, misread or applied to other lifetimes.

use std::time::Duration;

use super::change::SettingsChange;
use crate::{call::CallContext, options::TokenLifetimes, variations::SettingsFault};

/// The lifetimes that the fault `settings-others-reset` gives to those that a change does not name.
const FACTORY: TokenLifetimes = TokenLifetimes {
    access: Duration::from_secs(600),
    refresh: Duration::from_secs(7200),
    one_time: Duration::from_secs(60),
};

type LifetimeSelector = fn(&mut SettingsChange) -> &mut Option<Duration>;

const ACCESS: LifetimeSelector = |change| &mut change.access;
const REFRESH: LifetimeSelector = |change| &mut change.refresh;
const ONE_TIME: LifetimeSelector = |change| &mut change.one_time;

const NOT_APPLIED: [(SettingsFault, LifetimeSelector); 5] = [
    (SettingsFault::AccessIgnored, ACCESS),
    (SettingsFault::AccessOnlyAnnounced, ACCESS),
    (SettingsFault::RefreshIgnored, REFRESH),
    (SettingsFault::RefreshOnlyAnnounced, REFRESH),
    (SettingsFault::OneTimeIgnored, ONE_TIME),
];

const NOT_ANNOUNCED: [(SettingsFault, LifetimeSelector); 4] = [
    (SettingsFault::AccessIgnored, ACCESS),
    (SettingsFault::AccessOnlyApplied, ACCESS),
    (SettingsFault::RefreshIgnored, REFRESH),
    (SettingsFault::RefreshOnlyApplied, REFRESH),
];

const IN_MINUTES: [(SettingsFault, LifetimeSelector); 3] = [
    (SettingsFault::AccessInMinutes, ACCESS),
    (SettingsFault::RefreshInMinutes, REFRESH),
    (SettingsFault::OneTimeInMinutes, ONE_TIME),
];

/// The part of a change that applies to new tokens.
pub(super) fn effective(call: &CallContext<'_>, change: SettingsChange) -> SettingsChange {
    let mut change = without_ignored(call, change, &NOT_APPLIED);
    for (_, select) in IN_MINUTES.iter().filter(|(fault, _)| call.has(*fault)) {
        *select(&mut change) = select(&mut change).map(|lifetime| lifetime * 60);
    }
    change
}

/// The part of a change that responses announce.
pub(super) fn announced(call: &CallContext<'_>, change: SettingsChange) -> SettingsChange {
    without_ignored(call, change, &NOT_ANNOUNCED)
}

fn without_ignored(
    call: &CallContext<'_>,
    mut change: SettingsChange,
    faults: &[(SettingsFault, LifetimeSelector)],
) -> SettingsChange {
    faults.iter().filter(|(fault, _)| call.has(*fault)).for_each(|(_, select)| *select(&mut change) = None);
    change
}

/// A change, extended to the lifetimes that a fault changes along with it.
pub(super) fn spread(call: &CallContext<'_>, change: SettingsChange) -> SettingsChange {
    let mut all = change;
    let side_effects = [
        (SettingsFault::AccessSetsRefresh, change.access, REFRESH),
        (SettingsFault::RefreshSetsAccess, change.refresh, ACCESS),
        (SettingsFault::OneTimeSetsAccess, change.one_time, ACCESS),
        (SettingsFault::OneTimeSetsRefresh, change.one_time, REFRESH),
        (SettingsFault::AccessSetsOneTime, change.access.map(|access| access / 10), ONE_TIME),
    ];
    for (_, value, select) in side_effects.into_iter().filter(|(fault, value, _)| value.is_some() && call.has(*fault)) {
        *select(&mut all) = value;
    }
    if call.has(SettingsFault::OthersReset) {
        let TokenLifetimes { access, refresh, one_time } = all.apply_to(FACTORY);
        all = SettingsChange { access: Some(access), refresh: Some(refresh), one_time: Some(one_time) };
    }
    all
}
