//! Lifetimes under which no token ends while a walk looks at it, and back.

use std::time::Duration;

use super::{
    operation::{Id, Kind, Pass, Setting},
    plan::Planner,
};

/// Lifetimes in seconds, of the settings in their order, under which no token ends while a scene is looked at.
const LONG: [u64; 3] = [120, 600, 120];

/// The shortest lifetime in seconds that every server must take.
const SHORT: u64 = 4;

/// How long it takes until tokens of the shortest lifetime have ended for certain.
pub(super) const UNTIL_SOME_ENDED: Duration = Duration::from_secs(SHORT + 4);

/// Makes short lifetimes long where that is allowed. Gives what they were.
pub(super) fn lengthen(planner: &mut Planner<'_>) -> Option<[u64; 3]> {
    let known = planner.model.lifetimes;
    let [Some(access), Some(refresh)] = [known[0], known[1]] else { return None };
    let one_time = known[2].unwrap_or(access);
    if !planner.facts.settings || access.as_secs() >= LONG[0] {
        return None;
    }
    let pair = planner.log_in(0);
    for at in [1, 0, 2] {
        let long = LONG[at].max(known[at].map_or(0, |life| life.as_secs()));
        planner.set(pair, Setting::ALL[at], long);
    }
    Some([access, refresh, one_time].map(|life| life.as_secs().max(1)))
}

/// Sets all lifetimes.
pub(super) fn set_lifetimes(planner: &mut Planner<'_>, lifetimes: [u64; 3]) {
    let pair = planner.log_in(0);
    for (setting, value) in Setting::ALL.into_iter().zip(lifetimes) {
        planner.set(pair, setting, value);
    }
    planner.log_in(0);
}

/// Tokens of every user that end, and while they do, others that were issued under longer lifetimes and must not end with them: pairs from
/// a login and from a refresh, and one-time tokens. Pairs whose access tokens have ended keep good refresh tokens.
pub(super) fn let_some_end(planner: &mut Planner<'_>) {
    let known = planner.model.lifetimes.map(|life| life.map_or(0, |life| life.as_secs()));
    let long = |setting: Setting| LONG[setting.place()].max(known[setting.place()]);
    let changer = planner.log_in(0);
    for setting in [Setting::Refresh, Setting::Access, Setting::OneTime] {
        planner.set(changer, setting, long(setting));
    }
    let users = planner.facts.users.len().min(2);
    let minting = planner.facts.minting.clone();
    let lasting: Vec<(Id, Id)> = (0..users)
        .map(|user| {
            let first = planner.log_in(user);
            (planner.log_in(user), planner.refresh(first))
        })
        .collect();
    let spent: Vec<Id> = minting.iter().map(|owner| planner.mint(*owner)).collect();
    let ones: Vec<Id> = minting.iter().map(|owner| planner.mint(*owner)).collect();
    for one in &spent {
        planner.verify(*one);
    }
    planner.set(changer, Setting::Access, SHORT);
    planner.set(changer, Setting::OneTime, SHORT);
    let ending: Vec<Id> = (0..4 * users).map(|at| planner.log_in(at % users)).collect();
    for pair in ending.iter().step_by(3) {
        planner.use_access(*pair);
    }
    for owner in minting.repeat(2) {
        planner.mint(owner);
    }
    planner.set(changer, Setting::Refresh, 2 * SHORT);
    if let Some(last) = ending.last() {
        planner.pass(Pass::After(*last, Kind::Access));
    }
    for (logged_in, refreshed) in lasting {
        planner.use_access(refreshed);
        planner.refresh(refreshed);
        planner.use_access(logged_in);
        planner.refresh(logged_in);
    }
    for one in ones {
        planner.verify(one);
    }
    let changer = planner.log_in(0);
    for setting in [Setting::Refresh, Setting::Access, Setting::OneTime] {
        planner.set(changer, setting, long(setting));
    }
}
