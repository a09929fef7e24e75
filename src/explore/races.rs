//! Requests that meet, at once or at a chosen distance, and then everything that they gave and everything that was there. Kinds of races are
//! dealt from a deck, so that each comes up before any of them does again.

use super::{
    operation::{Act, Call, Deviation, Field, Id, Operation, Setting, Subject},
    plan::Planner,
};

/// A race that is being put together.
#[derive(Default)]
pub(super) struct Race {
    pub(super) acts: Vec<Act>,
    /// What is looked at afterwards.
    pub(super) after: Vec<(Call, Subject)>,
}

/// Puts a race of so many requests together.
type Kind = fn(&mut Planner<'_>, usize) -> Race;

const KINDS: [Kind; 13] = [
    one_verification,
    one_verification,
    one_refresh,
    one_refresh,
    logins,
    uses,
    spoilt_uses,
    spoilt_uses,
    verifications,
    refreshes,
    refreshes_beside_uses,
    changes,
    changes_beside_logins,
];

/// Distances of neighbouring requests in microseconds.
const DISTANCES: [u32; 11] = [0, 0, 0, 0, 200, 1000, 1000, 3000, 5000, 8000, 50_000];

/// So far apart, more than a few requests would take too long.
const FAR: u32 = 3000;

/// One kind of race, several times in a row where a race costs next to nothing.
pub(super) fn races(planner: &mut Planner<'_>) {
    let kind = KINDS[planner.decks.deal_race(KINDS.len(), planner.random)];
    for _ in 0..planner.random.one_of([1, 2, 3]) {
        let most = planner.facts.burst.clamp(2, 20);
        let size = planner.random.one_of([2, 2, 4, 8, 20]).min(most);
        let race = kind(planner, size);
        let distance = planner.random.one_of(DISTANCES);
        hold(planner, race, distance);
    }
}

/// Sends the requests of a race at this distance in microseconds, then looks at what they gave and at what the race names.
pub(super) fn hold(planner: &mut Planner<'_>, race: Race, distance: u32) {
    let most = if distance >= FAR { 3 } else { race.acts.len() };
    let timed: Vec<(u32, Act)> =
        race.acts.iter().take(most).enumerate().map(|(at, act)| (distance * at as u32, *act)).collect();
    if timed.len() < 2 {
        return;
    }
    let first = planner.step(Operation::Together(timed.clone()));
    for (call, subject) in race.after {
        if call != Call::Use || planner.facts.probe.is_some() {
            planner.act(call, subject);
        }
    }
    let gives = |act: &Act| matches!(act.call, Call::Login | Call::Refresh) && act.deviation == Deviation::None;
    let given: Vec<Id> =
        timed.iter().enumerate().filter(|(_, (_, act))| gives(act)).map(|(at, _)| first + at as Id).collect();
    for pair in &given {
        planner.use_access(*pair);
    }
    for pair in given.iter().take(2) {
        planner.refresh(*pair);
    }
}

/// A right request over a connection of its own.
pub(super) fn right(call: Call, subject: Subject) -> Act {
    Act { fresh: true, ..Act::right(call, subject) }
}

fn one_verification(planner: &mut Planner<'_>, size: usize) -> Race {
    let Some(user) = planner.minting() else { return Race::default() };
    let one = planner.mint(user);
    let verify = (Call::Verify, Subject::OneTime(one));
    Race { acts: vec![right(verify.0, verify.1); size], after: vec![verify] }
}

fn one_refresh(planner: &mut Planner<'_>, size: usize) -> Race {
    let pair = planner.pair();
    let acts = vec![right(Call::Refresh, Subject::Pair(pair)); size];
    Race { acts, after: vec![(Call::Use, Subject::Pair(pair))] }
}

fn logins(planner: &mut Planner<'_>, size: usize) -> Race {
    let users = planner.facts.users.len().max(1);
    let acts = (0..size).map(|at| right(Call::Login, Subject::User(at % users))).collect();
    Race { acts, ..Race::default() }
}

/// New pairs: of both users, one after the other, or of one.
fn pairs(planner: &mut Planner<'_>, count: usize) -> Vec<Id> {
    let users = planner.facts.users.len().max(1);
    let from = planner.either_user();
    (0..count).map(|at| planner.log_in((from + at) % users)).collect()
}

fn uses(planner: &mut Planner<'_>, size: usize) -> Race {
    let pairs = pairs(planner, 2);
    let acts = (0..size).map(|at| right(Call::Use, Subject::Pair(pairs[at % 2]))).collect();
    Race { acts, after: pairs.into_iter().map(|pair| (Call::Refresh, Subject::Pair(pair))).collect() }.with(planner)
}

/// Good calls, and among them some that must be refused whatever the load.
fn spoilt_uses(planner: &mut Planner<'_>, size: usize) -> Race {
    let mut race = uses(planner, size);
    for (at, act) in race.acts.iter_mut().enumerate() {
        let spoilt = match at % 3 {
            0 => planner.decks.deal(Call::Use, planner.model, planner.random),
            1 => Deviation::Absent(Field::Token),
            _ => continue,
        };
        *act = act.with(spoilt);
    }
    race
}

/// Different tokens, of both users where they can be had.
fn verifications(planner: &mut Planner<'_>, size: usize) -> Race {
    let minting = planner.facts.minting.clone();
    if minting.is_empty() {
        return Race::default();
    }
    let ones: Vec<Id> = (0..size.min(8)).map(|at| planner.mint(minting[at % minting.len()])).collect();
    let verify = |one: &Id| (Call::Verify, Subject::OneTime(*one));
    Race {
        acts: ones.iter().map(|one| right(Call::Verify, Subject::OneTime(*one))).collect(),
        after: ones.iter().map(verify).collect(),
    }
}

fn refreshes(planner: &mut Planner<'_>, size: usize) -> Race {
    let pairs = pairs(planner, size.min(6));
    let acts = pairs.iter().map(|pair| right(Call::Refresh, Subject::Pair(*pair))).collect();
    // A used token is used whatever it met.
    let after = pairs.iter().map(|pair| (Call::Refresh, Subject::Pair(*pair))).collect();
    Race { acts, after }
}

/// What a refresh of one session must not disturb: the calls of others.
fn refreshes_beside_uses(planner: &mut Planner<'_>, size: usize) -> Race {
    let pairs = pairs(planner, 2);
    let own = planner.either_user();
    let refreshed = planner.log_in(own);
    let mut acts: Vec<Act> = (0..size).map(|at| right(Call::Use, Subject::Pair(pairs[at % 2]))).collect();
    acts[0] = right(Call::Refresh, Subject::Pair(refreshed));
    Race { acts, ..Race::default() }.with(planner)
}

/// Changes of two settings.
fn changes(planner: &mut Planner<'_>, _: usize) -> Race {
    if !planner.facts.settings {
        return Race::default();
    }
    let pair = planner.pair();
    let access = planner.harmonious(Setting::Access);
    planner.change(pair, Setting::Access, access);
    let change = |planner: &mut Planner<'_>, setting| {
        let value = planner.harmonious(setting);
        right(Call::Change, Subject::Setting { pair, setting, value })
    };
    let acts = vec![change(planner, Setting::Refresh), change(planner, Setting::OneTime)];
    Race { acts, after: vec![(Call::Login, Subject::User(0)), (Call::Use, Subject::Pair(pair))] }
}

fn changes_beside_logins(planner: &mut Planner<'_>, size: usize) -> Race {
    let mut race = changes(planner, 2);
    race.acts.truncate(1);
    if !race.acts.is_empty() {
        let users = planner.facts.users.len().max(1);
        race.acts.extend((1..size.max(3)).map(|at| right(Call::Login, Subject::User(at % users))));
    }
    race
}

impl Race {
    /// Without the protected call there is nothing to use.
    fn with(self, planner: &Planner<'_>) -> Self {
        if planner.facts.probe.is_some() { self } else { Self::default() }
    }
}
