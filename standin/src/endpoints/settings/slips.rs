//! What becomes of a change on a server that makes it badly: parts are ignored, misread or spread to other lifetimes.

use std::time::Duration;

use super::wanted::Wanted;
use crate::{Lifetimes, call::Call, variations::fault};

/// What a careless server puts into the place of lifetimes that a change does not name.
const FACTORY: Lifetimes = Lifetimes {
    access: Duration::from_secs(600),
    refresh: Duration::from_secs(7200),
    one_time: Duration::from_secs(60),
};

type Setting = fn(&mut Wanted) -> &mut Option<Duration>;

const ACCESS: Setting = |wanted| &mut wanted.access;
const REFRESH: Setting = |wanted| &mut wanted.refresh;
const ONE_TIME: Setting = |wanted| &mut wanted.one_time;

const NOT_KEPT: [(fault::Settings, Setting); 5] = [
    (fault::Settings::AccessIgnored, ACCESS),
    (fault::Settings::AccessOnlyTold, ACCESS),
    (fault::Settings::RefreshIgnored, REFRESH),
    (fault::Settings::RefreshOnlyTold, REFRESH),
    (fault::Settings::OneTimeIgnored, ONE_TIME),
];

const NOT_ANNOUNCED: [(fault::Settings, Setting); 4] = [
    (fault::Settings::AccessIgnored, ACCESS),
    (fault::Settings::AccessOnlyKept, ACCESS),
    (fault::Settings::RefreshIgnored, REFRESH),
    (fault::Settings::RefreshOnlyKept, REFRESH),
];

/// The change as this server keeps it.
pub(super) fn kept(call: &Call<'_>, wanted: Wanted) -> Wanted {
    stretched(call, without_ignored(call, wanted, &NOT_KEPT))
}

/// The change as this server tells it.
pub(super) fn announced(call: &Call<'_>, wanted: Wanted) -> Wanted {
    without_ignored(call, wanted, &NOT_ANNOUNCED)
}

fn without_ignored(call: &Call<'_>, mut wanted: Wanted, faults: &[(fault::Settings, Setting)]) -> Wanted {
    faults.iter().filter(|(fault, _)| call.has(*fault)).for_each(|(_, setting)| *setting(&mut wanted) = None);
    wanted
}

/// Lifetimes taken for minutes.
fn stretched(call: &Call<'_>, mut wanted: Wanted) -> Wanted {
    let faults = [
        (fault::Settings::AccessInMinutes, ACCESS),
        (fault::Settings::RefreshInMinutes, REFRESH),
        (fault::Settings::OneTimeInMinutes, ONE_TIME),
    ];
    faults.into_iter().filter(|(fault, _)| call.has(*fault)).for_each(|(_, setting)| {
        *setting(&mut wanted) = setting(&mut wanted).map(|lifetime| lifetime * 60);
    });
    wanted
}

/// A change that goes further than it was asked to.
pub(super) fn spread(call: &Call<'_>, wanted: Wanted) -> Wanted {
    let mut all = wanted;
    let slips = [
        (fault::Settings::AccessSetsRefresh, wanted.access, REFRESH),
        (fault::Settings::RefreshSetsAccess, wanted.refresh, ACCESS),
        (fault::Settings::OneTimeSetsAccess, wanted.one_time, ACCESS),
        (fault::Settings::OneTimeSetsRefresh, wanted.one_time, REFRESH),
        (fault::Settings::AccessSetsOneTime, wanted.access.map(|access| access / 10), ONE_TIME),
    ];
    for (_, value, setting) in slips.into_iter().filter(|(fault, value, _)| value.is_some() && call.has(*fault)) {
        *setting(&mut all) = value;
    }
    if call.has(fault::Settings::OthersReset) {
        let whole = all.over(FACTORY);
        all = Wanted { access: Some(whole.access), refresh: Some(whole.refresh), one_time: Some(whole.one_time) };
    }
    all
}
