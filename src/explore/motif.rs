//! Short recurring sequences, each with a freshly drawn shape: what clients and attackers do again and again, with something between.

use super::{
    disturb::disturbed,
    operation::{Act, Call, Deviation, Id, Kind, Operation, Pass, Setting, Subject},
    plan::Planner,
    races::races,
};

/// A motif and how often it comes up.
type Motif = (usize, fn(&mut Planner<'_>));

const MOTIFS: [Motif; 24] = [
    (25, disturbed),
    (26, input_then_right),
    (7, refuse_then_right),
    (6, refresh_chain),
    (6, spent_again),
    (4, many_logins),
    (7, spent_one_time_again),
    (4, one_times_in_a_row),
    (5, failed_verifications),
    (11, settings_between),
    (5, refused_settings),
    (6, access_end),
    (5, late_refresh),
    (5, one_time_end),
    (3, many_uses),
    (5, two_users),
    (14, races),
    (3, long_pause),
    (6, perturbations),
    (4, sweep),
    (3, other_kinds),
    (3, login_after_failure),
    (6, generations_with_time),
    (4, shorter_since),
];

/// Plans one of them.
pub(crate) fn plan(planner: &mut Planner<'_>) {
    let all: usize = MOTIFS.iter().map(|(weight, _)| weight).sum();
    let mut drawn = planner.random.below(all);
    for (weight, motif) in MOTIFS {
        if drawn < weight {
            return motif(planner);
        }
        drawn -= weight;
    }
}

fn count(planner: &mut Planner<'_>) -> usize {
    planner.random.one_of([1, 1, 1, 2, 2, 3, 4, 6])
}

fn perturb(planner: &mut Planner<'_>, most: usize) {
    let count = planner.random.below(most + 1);
    (0..count).for_each(|_| planner.perturb());
}

/// Several classes of input on one call, and the right request again.
fn input_then_right(planner: &mut Planner<'_>) {
    match planner.random.below(10) {
        0..4 => {
            let user = planner.user();
            inputs(planner, Call::Login, Subject::User(user));
            let pair = planner.log_in(user);
            planner.use_access(pair);
        }
        4..6 => {
            let Some(user) = planner.minting() else { return around_right(planner, Call::Use) };
            let known = if planner.random.percent(30) { planner.some_one_time() } else { None };
            let one = known.unwrap_or_else(|| planner.mint(user));
            inputs(planner, Call::Verify, Subject::OneTime(one));
            planner.verify(one);
        }
        6 if planner.facts.settings => {
            let pair = planner.pair();
            for _ in 0..planner.random.one_of([1, 2, 4]) {
                planner.bad_change(pair);
            }
            let user = planner.user();
            planner.log_in(user);
            planner.use_access(pair);
        }
        6 | 7 => around_right(planner, Call::Use),
        _ => around_right(planner, Call::Refresh),
    }
}

/// Deviations of one call, one after the other; some are tried again and again.
fn inputs(planner: &mut Planner<'_>, call: Call, subject: Subject) {
    for _ in 0..planner.random.one_of([2, 4, 6, 8]) {
        planner.deviate(call, subject);
        if planner.random.percent(7) {
            let again = planner.steps.back().map(|step| step.operation.clone());
            for _ in 0..planner.random.one_of([1, 2, 3]) {
                again.clone().map(|again| planner.step(again));
            }
        }
    }
}

fn around_right(planner: &mut Planner<'_>, call: Call) {
    if planner.facts.probe.is_none() && call == Call::Use {
        return;
    }
    let pair = planner.pair();
    inputs(planner, call, Subject::Pair(pair));
    planner.use_access(pair);
    if planner.random.percent(40) {
        let next = planner.refresh(pair);
        planner.use_access(next);
    }
}

/// Use, something that is refused, use again; then the refresh.
fn refuse_then_right(planner: &mut Planner<'_>) {
    let pair = planner.pair();
    planner.use_access(pair);
    perturb(planner, 5);
    planner.use_access(pair);
    perturb(planner, 2);
    let next = planner.refresh(pair);
    planner.use_access(next);
    planner.use_access(pair);
}

fn chain(planner: &mut Planner<'_>, first: Id, length: usize) -> Vec<Id> {
    let mut all = vec![first];
    for _ in 0..length {
        let last = all.last().copied().unwrap_or(first);
        let next = planner.refresh(last);
        if planner.random.percent(50) {
            planner.use_access(next);
        }
        all.push(next);
    }
    all
}

fn refresh_chain(planner: &mut Planner<'_>) {
    let first = planner.pair();
    let length = planner.random.one_of([2, 3, 4, 5, 6, 8, 12]);
    let all = chain(planner, first, length);
    let from = all.len().saturating_sub(4);
    for pair in all[from..].iter() {
        planner.use_access(*pair);
    }
    if planner.random.percent(50) {
        let earlier = planner.random.pick(&all[..all.len() - 1]);
        earlier.map(|earlier| planner.refresh(earlier));
        let last = all.last().copied().unwrap_or(first);
        planner.use_access(last);
        planner.refresh(last);
    }
}

/// A spent refresh token is shown again after something else, and its successors are used.
fn spent_again(planner: &mut Planner<'_>) {
    let first = planner.pair();
    let length = planner.random.one_of([1, 1, 2, 3]);
    let all = chain(planner, first, length);
    if planner.random.percent(40) {
        let pause = planner.random.one_of([1, 5, 10, 30, 61, 301, 900]);
        planner.pass_for(pause);
    }
    perturb(planner, 4);
    let again = planner.random.one_of([1, 1, 2, 3]);
    let spent = all[planner.random.below(all.len() - 1)];
    for _ in 0..again {
        planner.refresh(spent);
    }
    let last = all.last().copied().unwrap_or(first);
    planner.use_access(last);
    let next = planner.refresh(last);
    planner.use_access(next);
}

fn many_logins(planner: &mut Planner<'_>) {
    let user = planner.user();
    let first = planner.log_in(user);
    let count = if planner.facts.turned {
        planner.random.one_of([2, 4, 6, 9, 12, 18, 24, 33])
    } else {
        planner.random.one_of([2, 3, 5, 8])
    };
    let mut last = first;
    for _ in 0..count {
        last = planner.log_in(user);
        if planner.random.percent(20) {
            planner.use_access(first);
        }
    }
    planner.use_access(first);
    planner.use_access(last);
    planner.refresh(first);
    planner.use_access(last);
}

/// A one-time token is spent, then others or something else, then it is shown again.
fn spent_one_time_again(planner: &mut Planner<'_>) {
    let Some(user) = planner.minting() else { return spent_again(planner) };
    let one = planner.mint(user);
    planner.verify(one);
    let others = planner.random.one_of([0, 0, 1, 2, 3, 5, 8, 9, 12, 17]);
    for _ in 0..others {
        let user = planner.minting().unwrap_or(user);
        let other = planner.mint(user);
        planner.verify(other);
    }
    perturb(planner, 3);
    if planner.random.percent(40) {
        let pass = planner.random.one_of([
            Pass::Part(one, Kind::OneTime, 20),
            Pass::Before(one, Kind::OneTime),
            Pass::After(one, Kind::OneTime),
        ]);
        planner.pass(pass);
    }
    let again = planner.random.one_of([1, 2, 3, 4, 6]);
    for _ in 0..again {
        planner.verify(one);
    }
}

fn one_times_in_a_row(planner: &mut Planner<'_>) {
    let count = planner.random.one_of([2, 3, 4, 6, 10]);
    let mut all: Vec<Id> = Vec::new();
    for _ in 0..count {
        let Some(user) = planner.minting() else { return };
        all.push(planner.mint(user));
    }
    planner.random.shuffle(&mut all);
    for one in all.iter() {
        planner.verify(*one);
    }
    perturb(planner, 1);
    planner.random.shuffle(&mut all);
    for one in all.iter().take(4) {
        planner.verify(*one);
    }
}

/// Verifications that fail, then a good token.
fn failed_verifications(planner: &mut Planner<'_>) {
    let Some(user) = planner.minting() else { return };
    let (one, other) = (planner.mint(user), planner.mint(user));
    let count = planner.random.one_of([1, 2, 3, 4, 5, 6, 10]);
    for _ in 0..count {
        planner.deviate(Call::Verify, Subject::OneTime(one));
    }
    planner.verify(one);
    planner.verify(other);
    planner.verify(one);
}

/// A setting is changed between issue and use.
fn settings_between(planner: &mut Planner<'_>) {
    if !planner.facts.settings {
        return late_refresh(planner);
    }
    let (pair, user) = (planner.pair(), planner.user());
    let one = planner.minting().map(|user| planner.mint(user));
    let setting = planner.random.one_of(Setting::ALL);
    let value = planner.value(setting);
    let changer = planner.log_in(user);
    planner.change(changer, setting, value);
    planner.use_access(pair);
    let fresh = planner.log_in(user);
    let next = planner.refresh(pair);
    planner.use_access(next);
    let newer = planner.minting().map(|user| planner.mint(user));
    match planner.random.below(4) {
        0 => ends(planner, &[(pair, Kind::Access), (fresh, Kind::Access)]),
        1 => ends(planner, &[(next, Kind::Refresh), (fresh, Kind::Refresh)]),
        2 => ends(planner, &[(next, Kind::Access), (next, Kind::Refresh)]),
        _ => {
            for one in [one, newer].into_iter().flatten() {
                let after = planner.random.percent(50);
                planner.around_end(one, Kind::OneTime, after);
                planner.verify(one);
            }
        }
    }
    if planner.random.percent(40) {
        let again = planner.log_in(user);
        let value = planner.value(setting);
        planner.change(again, setting, value);
        let last = planner.log_in(user);
        planner.refresh(last);
    }
}

/// A lifetime is made shorter than the age that earlier tokens reach; they keep their own, whatever happens then.
fn shorter_since(planner: &mut Planner<'_>) {
    if !planner.facts.settings {
        return late_refresh(planner);
    }
    let (long, short) = if planner.facts.turned { (900, 60) } else { (60, 4) };
    let changer = planner.pair();
    planner.change(changer, Setting::Refresh, long * 10);
    planner.change(changer, Setting::Access, long);
    let (user, other) = (planner.user(), planner.either_user());
    let pair = planner.log_in(user);
    planner.change(pair, Setting::Access, short);
    planner.pass_for(short + 1);
    for _ in 0..planner.random.one_of([1, 2]) {
        planner.log_in(other);
        perturb(planner, 1);
        planner.use_access(pair);
    }
    let next = planner.refresh(pair);
    planner.use_access(next);
}

/// Both sides of the ends of tokens.
fn ends(planner: &mut Planner<'_>, tokens: &[(Id, Kind)]) {
    for (id, kind) in tokens {
        planner.around_end(*id, *kind, false);
        match kind {
            Kind::Access => {
                planner.use_access(*id);
            }
            Kind::Refresh if planner.random.percent(50) => {
                planner.around_end(*id, *kind, true);
                planner.refresh(*id);
            }
            Kind::Refresh => {
                planner.refresh(*id);
            }
            Kind::OneTime => {
                planner.verify(*id);
            }
        }
        planner.around_end(*id, *kind, true);
        match kind {
            Kind::Access => {
                planner.use_access(*id);
            }
            Kind::Refresh => {
                planner.refresh(*id);
            }
            Kind::OneTime => {
                planner.verify(*id);
            }
        }
    }
}

/// Changes that are refused, then logins and refreshes that announce lifetimes.
fn refused_settings(planner: &mut Planner<'_>) {
    if !planner.facts.settings {
        return refuse_then_right(planner);
    }
    let pair = planner.pair();
    let count = count(planner);
    for _ in 0..count {
        planner.bad_change(pair);
    }
    if planner.random.percent(30) {
        planner.step(Operation::Act(Act::right(Call::ReadSettings, Subject::Pair(pair))));
    }
    let user = planner.user();
    let fresh = planner.log_in(user);
    let next = planner.refresh(pair);
    planner.use_access(next);
    planner.use_access(fresh);
}

/// A client that uses its token until it ends, refreshes and goes on.
fn access_end(planner: &mut Planner<'_>) {
    let pair = planner.pair();
    if planner.random.percent(50) {
        planner.use_access(pair);
        planner.pass(Pass::Part(pair, Kind::Access, 60));
        planner.use_access(pair);
    }
    perturb(planner, 2);
    planner.around_end(pair, Kind::Access, false);
    planner.use_access(pair);
    perturb(planner, 1);
    planner.around_end(pair, Kind::Access, true);
    let again = planner.random.one_of([1, 1, 2, 3]);
    for _ in 0..again {
        planner.use_access(pair);
    }
    perturb(planner, 2);
    let next = planner.refresh(pair);
    planner.use_access(next);
    planner.use_access(pair);
    if planner.random.percent(30) {
        let user = planner.user();
        planner.log_in(user);
        planner.use_access(pair);
    }
}

/// A refresh late in the life of its token; what it gives lives on from then.
fn late_refresh(planner: &mut Planner<'_>) {
    let pair = planner.pair();
    let pass = planner.random.one_of([
        Pass::Part(pair, Kind::Refresh, 50),
        Pass::Part(pair, Kind::Refresh, 90),
        Pass::Before(pair, Kind::Refresh),
        Pass::After(pair, Kind::Access),
        Pass::Before(pair, Kind::Access),
        Pass::Part(pair, Kind::Access, 50),
    ]);
    planner.pass(pass);
    let next = planner.refresh(pair);
    planner.use_access(next);
    if planner.random.percent(50) {
        ends(planner, &[(next, Kind::Access)]);
    }
    if planner.random.percent(50) {
        planner.around_end(pair, Kind::Refresh, true);
        let third = planner.refresh(next);
        planner.use_access(third);
    }
    if planner.random.percent(50) {
        planner.around_end(next, Kind::Refresh, planner.model.pairs.len().is_multiple_of(2));
        planner.refresh(next);
    }
}

/// Refreshes, each after some time: every generation lives as long as the first.
fn generations_with_time(planner: &mut Planner<'_>) {
    let mut pair = planner.pair();
    let count = planner.random.one_of([2, 3, 4, 6]);
    let part = planner.random.one_of([0, 30, 60, 95]);
    for _ in 0..count {
        if part > 0 {
            planner.pass(Pass::Part(pair, Kind::Access, part));
        }
        pair = planner.refresh(pair);
    }
    let kind = planner.random.one_of([Kind::Access, Kind::Access, Kind::Refresh]);
    planner.around_end(pair, kind, false);
    if kind == Kind::Access {
        planner.use_access(pair)
    } else {
        planner.refresh(pair)
    };
    planner.around_end(pair, kind, true);
    if kind == Kind::Access {
        planner.use_access(pair)
    } else {
        planner.refresh(pair)
    };
}

fn one_time_end(planner: &mut Planner<'_>) {
    let Some(user) = planner.minting() else { return access_end(planner) };
    let (one, other) = (planner.mint(user), planner.mint(user));
    perturb(planner, 2);
    if planner.random.percent(25) {
        planner.deviate(Call::Verify, Subject::OneTime(one));
    }
    if planner.random.percent(60) {
        planner.around_end(one, Kind::OneTime, false);
        planner.verify(one);
    }
    planner.around_end(other, Kind::OneTime, true);
    let again = planner.random.one_of([1, 2, 3]);
    for _ in 0..again {
        planner.verify(other);
    }
    perturb(planner, 1);
    planner.verify(one);
    planner.verify(other);
}

fn many_uses(planner: &mut Planner<'_>) {
    let pair = planner.pair();
    let count = if planner.facts.turned {
        planner.random.one_of([5, 11, 21, 55, 105])
    } else {
        planner.random.one_of([5, 11, 21])
    };
    for _ in 0..count {
        planner.use_access(pair);
    }
    planner.refresh(pair);
}

/// Two users, one after the other in everything.
fn two_users(planner: &mut Planner<'_>) {
    if planner.facts.users.len() < 2 {
        return refuse_then_right(planner);
    }
    let (first, second) = (planner.log_in(0), planner.log_in(1));
    perturb(planner, 2);
    let ones: Vec<Id> = planner.facts.minting.clone().into_iter().map(|user| planner.mint(user)).collect();
    let mut pairs = vec![first, second];
    for _ in 0..planner.random.one_of([1, 2, 4]) {
        let at = planner.random.below(2);
        pairs[at] = planner.refresh(pairs[at]);
        for pair in pairs.clone().iter() {
            planner.use_access(*pair);
        }
    }
    for one in ones.iter().rev() {
        planner.verify(*one);
    }
    planner.use_access(second);
    planner.use_access(first);
}

/// Long enough for everything to end, and what a server tidies up.
fn long_pause(planner: &mut Planner<'_>) {
    let pair = planner.pair();
    let one = planner.minting().map(|user| planner.mint(user));
    let spent = planner.minting().map(|user| planner.mint(user));
    spent.map(|spent| planner.verify(spent));
    planner.around_end(pair, Kind::Refresh, true);
    if planner.facts.turned && planner.random.percent(50) {
        planner.pass_for(planner.model.lifetimes[1].map_or(3600, |life| life.as_secs().min(1_000_000)));
    }
    let user = planner.user();
    planner.use_access(pair);
    planner.refresh(pair);
    for one in [one, spent].into_iter().flatten() {
        planner.verify(one);
    }
    let fresh = planner.log_in(user);
    planner.use_access(pair);
    planner.refresh(pair);
    for one in [one, spent].into_iter().flatten() {
        planner.verify(one);
    }
    planner.use_access(fresh);
}

fn perturbations(planner: &mut Planner<'_>) {
    let count = planner.random.one_of([2, 4, 6]);
    (0..count).for_each(|_| planner.perturb());
    if planner.facts.turned && planner.random.percent(20) {
        let pause = planner.random.one_of([1, 2, 3, 10, 61, 120]);
        planner.pass_for(pause);
    }
    sweep(planner);
}

/// Everything that there is, once more.
fn sweep(planner: &mut Planner<'_>) {
    let pairs: Vec<Id> = planner.model.pairs.iter().rev().take(7).map(|pair| pair.id).collect();
    for pair in pairs.iter() {
        planner.use_access(*pair);
    }
    let spent = planner.model.one_times.iter().rev().filter(|one| one.spent.is_some());
    let spent: Vec<Id> = spent.take(4).map(|one| one.id).collect();
    for one in spent.iter() {
        planner.verify(*one);
    }
}

fn other_kinds(planner: &mut Planner<'_>) {
    let pair = planner.pair();
    let one = planner.minting().map(|user| planner.mint(user));
    let mut tries = vec![
        (Call::Use, Subject::Pair(pair), Deviation::OtherKind(pair, Kind::Refresh)),
        (Call::Refresh, Subject::Pair(pair), Deviation::OtherKind(pair, Kind::Access)),
    ];
    if let Some(one) = one {
        tries.push((Call::Use, Subject::Pair(pair), Deviation::OtherKind(one, Kind::OneTime)));
        tries.push((Call::Refresh, Subject::Pair(pair), Deviation::OtherKind(one, Kind::OneTime)));
        tries.push((Call::Verify, Subject::OneTime(one), Deviation::OtherKind(pair, Kind::Access)));
        tries.push((Call::Verify, Subject::OneTime(one), Deviation::OtherKind(pair, Kind::Refresh)));
    }
    planner.random.shuffle(&mut tries);
    for (call, subject, deviation) in tries {
        if call != Call::Use || planner.facts.probe.is_some() {
            planner.step(Operation::Act(Act::right(call, subject).with(deviation)));
        }
    }
    planner.use_access(pair);
    one.map(|one| planner.verify(one));
    planner.refresh(pair);
}

/// A failed login of one user, then right ones of both.
fn login_after_failure(planner: &mut Planner<'_>) {
    let failing = planner.user();
    let before = planner.log_in(failing);
    let count = if planner.facts.turned { planner.random.one_of([1, 1, 2, 3]) } else { 1 };
    for _ in 0..count {
        planner.deviate(Call::Login, Subject::User(failing));
    }
    let other = planner.random.below(planner.facts.users.len());
    let (first, second) = (planner.log_in(other), planner.log_in(failing));
    for pair in [before, first, second].iter() {
        planner.use_access(*pair);
    }
    let next = planner.refresh(first);
    planner.use_access(next);
}
