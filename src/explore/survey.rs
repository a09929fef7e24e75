//! A survey of a server in real time: every class of input before any comes again, with right requests between; and once lifetimes
//! that differ from those of the run. Histories are left to the motifs.

use super::{
    input::{Position, Tamper, Text},
    operation::{Act, Call, Deviation, Field, Id, Kind, Operation, Pass, Setting, Spelling, Subject},
    plan::Planner,
};

/// Classes of input on one call, for a user and a pair of that user.
type Part = fn(&mut Planner<'_>, usize, Id);

/// Classes of input on every call, many for each right request; no time passes. The calls come in any order, as a violation ends a walk.
pub(super) fn inputs(planner: &mut Planner<'_>) {
    let user = planner.user();
    if planner.facts.settings {
        other_lifetimes(planner);
    }
    let pair = planner.log_in(user);
    let mut parts: [Part; 6] = [logins, uses, refreshes, verifications, changes, nowhere];
    planner.random.shuffle(&mut parts);
    for part in parts {
        part(planner, user, pair);
        planner.use_access(pair);
    }
    let next = planner.refresh(pair);
    planner.use_access(next);
    let users = planner.facts.users.len();
    if users > 1 {
        let other = planner.log_in((user + 1) % users);
        planner.use_access(other);
    }
}

// How many are dealt at a time follows how many there are on each call.

fn logins(planner: &mut Planner<'_>, user: usize, _: Id) {
    deviations(planner, Call::Login, Subject::User(user), 32);
    if planner.random.percent(25) {
        let named = Act::right(Call::Login, Subject::User(user)).with(Deviation::Spelled(Spelling::OtherMembers));
        let pair = planner.step(Operation::Act(named));
        planner.use_access(pair);
    }
}

fn uses(planner: &mut Planner<'_>, _: usize, pair: Id) {
    if planner.facts.probe.is_some() {
        deviations(planner, Call::Use, Subject::Pair(pair), 17);
    }
}

fn refreshes(planner: &mut Planner<'_>, _: usize, pair: Id) {
    deviations(planner, Call::Refresh, Subject::Pair(pair), 13);
}

fn verifications(planner: &mut Planner<'_>, _: usize, pair: Id) {
    let Some(user) = planner.minting() else { return };
    let one = planner.mint(user);
    deviations(planner, Call::Verify, Subject::OneTime(one), 21);
    planner.verify(one);
    elsewhere(planner, user, pair);
}

fn changes(planner: &mut Planner<'_>, user: usize, _: Id) {
    if planner.facts.settings {
        let changer = planner.log_in(user);
        let subject = changed(planner, changer);
        deviations(planner, Call::Change, subject, 15);
        planner.log_in(user);
    }
}

fn nowhere(planner: &mut Planner<'_>, _: usize, pair: Id) {
    deviations(planner, Call::Nowhere, Subject::Pair(pair), 3);
}

/// Lifetimes that differ from those the server began with: what a refused request puts back shows in the next announcement.
fn other_lifetimes(planner: &mut Planner<'_>) {
    let changer = planner.log_in(0);
    for setting in [Setting::Refresh, Setting::Access, Setting::OneTime] {
        let value = planner.harmonious(setting);
        planner.set(changer, setting, value);
    }
}

/// A setting that a change sets to the value in force, or to another.
fn changed(planner: &mut Planner<'_>, pair: Id) -> Subject {
    let setting = planner.random.one_of(Setting::ALL);
    let value = planner.harmonious(setting);
    Subject::Setting { pair, setting, value }
}

/// So many deviations. What a server may grant has a token of its own: it would spend the one that is to be good in the end. What reads
/// bodies may keep what it has read, so that the next right request shows it.
fn deviations(planner: &mut Planner<'_>, call: Call, subject: Subject, count: usize) {
    for _ in 0..count {
        let deviation = planner.decks.deal(call, planner.model, planner.random);
        let is_own = deviation.may_be_granted() || call == Call::Change;
        let about = if is_own { own(planner, call, subject) } else { subject };
        planner.step(Operation::Act(Act::right(call, about).with(deviation)));
        if matches!(deviation, Deviation::Body(_) | Deviation::Beside(_)) && planner.random.percent(30) {
            let about = own(planner, call, subject);
            planner.step(Operation::Act(Act::right(call, about)));
        }
    }
}

/// A subject of its own: a token, for a request that spends it; a setting and a value, for a change.
fn own(planner: &mut Planner<'_>, call: Call, subject: Subject) -> Subject {
    match (call, subject) {
        (Call::Verify, _) => planner.minting().map_or(subject, |user| Subject::OneTime(planner.mint(user))),
        (Call::Refresh, _) => Subject::Pair(planner.log_in(0)),
        (Call::Change, Subject::Setting { pair, .. }) => changed(planner, pair),
        _ => subject,
    }
}

/// A one-time token where tokens of other kinds belong, which must not spend it.
fn elsewhere(planner: &mut Planner<'_>, user: usize, pair: Id) {
    let one = planner.mint(user);
    let mut calls = vec![Call::Refresh];
    if planner.facts.probe.is_some() {
        calls.push(Call::Use);
    }
    for call in calls {
        let deviation = Deviation::OtherKind(one, Kind::OneTime);
        planner.step(Operation::Act(Act::right(call, Subject::Pair(pair)).with(deviation)));
    }
    planner.verify(one);
}

/// Shortest and longest lifetime that a survey waits for, in seconds, and how much longer a refresh token lives.
const LIVES: (u64, u64) = (6, 12);
const LONGER: u64 = 5;
/// What they are set to under long ones: access, refresh, one-time.
const SHORT: [u64; 3] = [6, 9, 4];
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
    let before = [access, refresh.max(access), one_time];
    let changer = planner.log_in(0);
    set_all(planner, changer, [HUGE, HUGE, one_time]);
    let huge = planner.log_in(0);
    planner.use_access(huge);
    let huge = planner.refresh(huge);
    planner.use_access(huge);

    planner.set(huge, Setting::Access, TINY);
    let tiny = planner.log_in(0);
    planner.pass(Pass::After(tiny, Kind::Access));
    planner.use_access(tiny);

    set_all(planner, huge, [longest, longest + LONGER, longest]);
    long(planner, huge);
    set_all(planner, huge, before);
    planner.log_in(0);
}

/// Tokens of long lifetimes on both sides of their ends: unused, used, beside an altered copy, refreshed early and late. Shortly before the
/// first of them end, the lifetimes become short, which ends none.
fn long(planner: &mut Planner<'_>, changer: Id) {
    let users = planner.facts.users.len();
    let user = planner.random.below(users);
    let [unused, used, copied, spent, late, later, chained] = [(); 7].map(|()| planner.log_in(user));
    let ones = mints(planner, 2);
    planner.use_access(used);
    altered(planner, copied, user);
    let second = planner.refresh(spent);
    let third = planner.refresh(second);
    let deep = (0..3).fold(chained, |pair, _| planner.refresh(pair));
    verify_all(planner, &ones[..ones.len().min(1)]);
    planner.pass(Pass::Part(used, Kind::Access, 20));
    let staggered = mints(planner, 1);
    planner.use_access(used);
    planner.pass(Pass::Part(used, Kind::Access, 60));
    let renewed = planner.refresh(late);
    let deeper = planner.refresh(deep);
    let fresh = mints(planner, 1);
    planner.refresh(spent);
    for pair in [used, renewed] {
        planner.use_access(pair);
    }
    planner.around_end(unused, Kind::Access, false);
    again(planner, &[used, unused, copied, third]);
    verify_all(planner, &ones);

    planner.set(changer, Setting::Access, SHORT[0]);
    let brief = planner.refresh(later);
    set_all(planner, changer, SHORT);
    again(planner, &[renewed, brief]);
    verify_all(planner, &ones);
    planner.log_in((user + 1) % users);
    let left = mints(planner, 1);
    for one in staggered {
        planner.around_end(one, Kind::OneTime, false);
        planner.verify(one);
    }
    after_access(planner, [unused, used, copied, third]);
    planner.around_end(used, Kind::Refresh, false);
    for pair in [used, copied] {
        planner.refresh(pair);
    }
    planner.around_end(renewed, Kind::Access, false);
    again(planner, &[renewed]);
    verify_all(planner, &[fresh, left.clone(), left].concat());
    let next = after_short(planner, brief);
    planner.around_end(unused, Kind::Refresh, true);
    again_refreshed(planner, unused);
    let deepest = planner.refresh(deeper);
    planner.use_access(deepest);
    planner.around_end(renewed, Kind::Access, true);
    again(planner, &[renewed, unused, used]);
    planner.around_end(next, Kind::Access, false);
    again(planner, &[next]);
}

fn verify_all(planner: &mut Planner<'_>, ones: &[Id]) {
    for one in ones {
        planner.verify(*one);
    }
}

/// Access tokens that are over open nothing, at no try and on no call.
fn after_access(planner: &mut Planner<'_>, over: [Id; 4]) {
    planner.around_end(over[3], Kind::Access, true);
    again(planner, &over);
    planner.set(over[0], Setting::Access, SHORT[0]);
    again(planner, &over[..2]);
}

/// A pair with a short access and a long refresh token, whose access token is shown when it is over: the refresh token is good all the same.
fn after_short(planner: &mut Planner<'_>, brief: Id) -> Id {
    planner.around_end(brief, Kind::Access, true);
    again(planner, &[brief]);
    let next = planner.refresh(brief);
    planner.use_access(next);
    next
}

/// How often a token is tried at one moment: behind one address may be several machines, each with its own clock.
const TRIES: usize = 3;

/// Uses each of these, and each again.
fn again(planner: &mut Planner<'_>, pairs: &[Id]) {
    for _ in 0..TRIES {
        for pair in pairs {
            planner.use_access(*pair);
        }
    }
}

/// Shows a refresh token that is over more than once.
fn again_refreshed(planner: &mut Planner<'_>, pair: Id) {
    for _ in 0..TRIES {
        planner.refresh(pair);
        planner.use_access(pair);
    }
}

/// Copies of both tokens with other ends, and a wrong password of their user.
fn altered(planner: &mut Planner<'_>, pair: Id, user: usize) {
    for (call, field, subject) in [
        (Call::Use, Field::Token, Subject::Pair(pair)),
        (Call::Refresh, Field::Token, Subject::Pair(pair)),
        (Call::Login, Field::Password, Subject::User(user)),
    ] {
        let how = Tamper::Swap(Position::Last);
        let spoilt = Deviation::Text(field, Text::Spoilt { how, seed: planner.random.bits() });
        planner.step(Operation::Act(Act::right(call, subject).with(spoilt)));
    }
}

fn mints(planner: &mut Planner<'_>, count: usize) -> Vec<Id> {
    planner.minting().map_or_else(Vec::new, |user| (0..count).map(|_| planner.mint(user)).collect())
}

/// Sets all lifetimes, the refresh lifetime first, so that it is never the shorter one for long.
fn set_all(planner: &mut Planner<'_>, pair: Id, [access, refresh, one_time]: [u64; 3]) {
    planner.set(pair, Setting::Refresh, refresh);
    planner.set(pair, Setting::Access, access);
    planner.set(pair, Setting::OneTime, one_time);
}
