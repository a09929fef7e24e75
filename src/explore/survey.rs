//! A survey of a server in real time: every class of input before any comes again, with right requests between; and once lifetimes
//! that differ from those of the run. Histories are left to the motifs.

use super::{
    operation::{Act, Call, Deviation, Id, Kind, Operation, Pass, Setting, Spelling, Subject},
    plan::Planner,
};

/// Classes of input on every call, many for each right request; no time passes.
pub(super) fn inputs(planner: &mut Planner<'_>) {
    let user = planner.user();
    let pair = planner.log_in(user);
    let users = planner.facts.users.len();
    deviations(planner, Call::Login, Subject::User(user), 18);
    if planner.random.percent(25) {
        let named = Act::right(Call::Login, Subject::User(user)).with(Deviation::Spelled(Spelling::OtherMembers));
        let pair = planner.step(Operation::Act(named));
        planner.use_access(pair);
    }
    if planner.facts.probe.is_some() {
        deviations(planner, Call::Use, Subject::Pair(pair), 10);
    }
    planner.use_access(pair);
    deviations(planner, Call::Refresh, Subject::Pair(pair), 6);
    planner.use_access(pair);
    if let Some(user) = planner.minting() {
        let one = planner.mint(user);
        deviations(planner, Call::Verify, Subject::OneTime(one), 8);
        planner.verify(one);
    }
    if planner.facts.settings {
        let changer = planner.log_in(user);
        for _ in 0..9 {
            planner.bad_change(changer);
        }
        // No answer announces this lifetime, and a value that the contract leaves open may have changed it.
        if let Some(life) = planner.facts.one_time_lifetime {
            planner.set(changer, Setting::OneTime, life.as_secs());
        }
        planner.log_in(user);
    }
    deviations(planner, Call::Nowhere, Subject::Pair(pair), 2);
    let next = planner.refresh(pair);
    planner.use_access(next);
    if users > 1 {
        let other = planner.log_in((user + 1) % users);
        planner.use_access(other);
    }
}

/// So many deviations. Right requests among them, which are only written in another way, have a token of their own: they would spend
/// the one that is to be good in the end.
fn deviations(planner: &mut Planner<'_>, call: Call, subject: Subject, count: usize) {
    for _ in 0..count {
        let deviation = planner.decks.deal(call, planner.model, planner.random);
        let own = match (call, subject) {
            _ if !deviation.is_right() => subject,
            (Call::Verify, _) => planner.minting().map_or(subject, |user| Subject::OneTime(planner.mint(user))),
            (Call::Refresh, _) => Subject::Pair(planner.log_in(0)),
            _ => subject,
        };
        planner.step(Operation::Act(Act::right(call, own).with(deviation)));
    }
}

/// Shortest and longest lifetime that a survey waits for, in seconds, and how much longer a refresh token lives.
const LIVES: (u64, u64) = (6, 12);
const LONGER: u64 = 2;
/// A lifetime shorter than those of a run, which a server may refuse to set.
const TINY: u64 = 2;
/// A lifetime that does not fit into 32 bits of milliseconds.
const HUGE: u64 = 3_000_000;

/// Tokens of lifetimes that are longer, shorter and much longer than those of the run: an end that is early or late by a share, a
/// lifetime that is capped, padded or wrapped, and marks that are forgotten before the token.
pub(super) fn lives(planner: &mut Planner<'_>) {
    let longest = planner.facts.max_wait.as_secs().saturating_sub(LONGER + 1).min(LIVES.1);
    if !planner.facts.settings || planner.facts.probe.is_none() || longest < LIVES.0 {
        return inputs(planner);
    }
    let [access, refresh, one_time] = planner.model.lifetimes.map(|life| life.map_or(LIVES.0, |life| life.as_secs()));
    let changer = planner.log_in(0);
    planner.set(changer, Setting::Refresh, HUGE);
    planner.set(changer, Setting::Access, HUGE);
    let huge = planner.log_in(0);
    planner.use_access(huge);
    let huge = planner.refresh(huge);
    planner.use_access(huge);

    planner.set(huge, Setting::Access, TINY);
    let tiny = planner.log_in(0);
    planner.pass(Pass::After(tiny, Kind::Access));
    planner.use_access(tiny);

    planner.set(huge, Setting::Access, longest);
    planner.set(huge, Setting::Refresh, longest + LONGER);
    planner.set(huge, Setting::OneTime, longest);
    long(planner, huge, access);

    planner.set(huge, Setting::Access, access);
    planner.set(huge, Setting::Refresh, refresh.max(access));
    planner.set(huge, Setting::OneTime, one_time);
    planner.log_in(0);
}

/// Tokens of long lifetimes on both sides of their ends, while the access lifetime is `short` again.
fn long(planner: &mut Planner<'_>, changer: Id, short: u64) {
    let user = planner.random.below(planner.facts.users.len());
    let [unused, used, spent, late, chained] = [(); 5].map(|()| planner.log_in(user));
    let ones: Vec<Id> = planner.minting().map_or_else(Vec::new, |user| (0..3).map(|_| planner.mint(user)).collect());
    planner.use_access(used);
    let second = planner.refresh(spent);
    let third = planner.refresh(second);
    let deep = (0..3).fold(chained, |pair, _| planner.refresh(pair));
    ones.first().map(|one| planner.verify(*one));
    planner.set(changer, Setting::Access, short);
    let newest = planner.minting().map(|user| planner.mint(user));
    planner.pass(Pass::Part(used, Kind::Access, 60));
    ones.first().map(|one| planner.verify(*one));
    planner.refresh(spent);
    planner.use_access(used);
    let renewed = planner.refresh(late);
    planner.use_access(renewed);
    let deeper = planner.refresh(deep);

    planner.log_in(user);
    planner.around_end(unused, Kind::Access, false);
    for pair in [used, unused, third] {
        planner.use_access(pair);
    }
    for one in ones.iter().take(2).chain(&newest) {
        planner.verify(*one);
    }
    planner.around_end(third, Kind::Access, true);
    for pair in [unused, used, third, renewed] {
        planner.use_access(pair);
    }
    ones.get(2).map(|one| planner.verify(*one));
    planner.around_end(used, Kind::Refresh, false);
    planner.refresh(used);
    planner.around_end(unused, Kind::Refresh, true);
    planner.refresh(unused);
    planner.use_access(unused);
    let deepest = planner.refresh(deeper);
    planner.use_access(deepest);
}
