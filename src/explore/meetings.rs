//! Meetings: every two calls at the same moment, of one user and of another, right ones and refused ones. Afterwards all that they gave is looked
//! at, and tokens of both users that had no part in it.

use super::{
    operation::{Act, Call, Field, Id, Setting, Subject},
    plan::Planner,
    races::{Race, hold, right},
    refusals,
    scene::Scene,
};

/// Two users, and the tokens of each that the walk has.
struct Hall {
    scenes: Vec<Scene>,
}

/// The n-th request of one call by this user; `None` where that call is not to come again.
type Guest = fn(&mut Planner<'_>, &Hall, usize, usize) -> Option<Act>;

const GUESTS: [Guest; 8] =
    [login, wrong_login, access, stray_access, refresh, verification, stray_verification, change];

/// Distances of neighbouring requests in microseconds.
const DISTANCES: [u32; 4] = [0, 0, 0, 300];

/// Plans a meeting. Gives whether there was one left.
pub(super) fn meet(planner: &mut Planner<'_>) -> bool {
    let Some((one, other)) = planner.decks.deal_meeting(GUESTS.len(), planner.random) else { return false };
    let users = planner.facts.users.len().min(2);
    let scenes = (0..users).map(|user| Scene::of_user(planner, user)).collect();
    let hall = Hall { scenes };
    let race = invite(planner, &hall, GUESTS[one], GUESTS[other]);
    let distance = planner.random.one_of(DISTANCES);
    hold(planner, race, distance);
    true
}

/// Both calls in turn, each of both users, as many as may be sent at once.
fn invite(planner: &mut Planner<'_>, hall: &Hall, one: Guest, other: Guest) -> Race {
    let most = planner.facts.burst.clamp(2, 20);
    let last = hall.scenes.len() - 1;
    let mut acts = Vec::new();
    for round in 0..3 {
        for (guest, user) in [(one, 0), (other, last), (one, last), (other, 0)] {
            let act = guest(planner, hall, user, round);
            acts.extend(act.filter(|act| !acts.iter().any(|other| is_once_only(*act, *other))));
        }
    }
    acts.truncate(most);
    let spent = acts.iter().filter(|act| act.call == Call::Verify && act.deviation.is_right());
    let mut after: Vec<(Call, Subject)> = spent.take(4).map(|act| (Call::Verify, act.subject)).collect();
    for scene in &hall.scenes {
        after.extend(scene.sessions.first().map(|(_, later)| (Call::Use, Subject::Pair(*later))));
        after.extend(scene.fresh.first().map(|one| (Call::Verify, Subject::OneTime(*one))));
    }
    after.push((Call::Login, Subject::User(0)));
    Race { acts, after }
}

/// Whether one of two requests is enough: more wrong passwords might lock a login, and of two changes of one setting nothing follows.
fn is_once_only(act: Act, other: Act) -> bool {
    let of = |act: Act| match (act.call, act.subject) {
        (Call::Login, Subject::User(user)) if !act.deviation.is_right() => Some((None, user)),
        (Call::Change, Subject::Setting { setting, .. }) => Some((Some(setting), 0)),
        _ => None,
    };
    of(act).is_some() && of(act) == of(other)
}

/// The pair of a user that a meeting is about.
fn pair(hall: &Hall, user: usize) -> Id {
    hall.scenes[user].sessions.first().map_or(0, |(_, later)| *later)
}

fn login(_: &mut Planner<'_>, _: &Hall, user: usize, _: usize) -> Option<Act> {
    Some(right(Call::Login, Subject::User(user)))
}

fn wrong_login(planner: &mut Planner<'_>, _: &Hall, user: usize, nth: usize) -> Option<Act> {
    let wrong = refusals::made_up(planner, Field::Password);
    (nth == 0).then(|| right(Call::Login, Subject::User(user)).with(wrong))
}

fn access(planner: &mut Planner<'_>, hall: &Hall, user: usize, _: usize) -> Option<Act> {
    planner.facts.probe.as_ref().map(|_| right(Call::Use, Subject::Pair(pair(hall, user))))
}

fn stray_access(planner: &mut Planner<'_>, hall: &Hall, user: usize, nth: usize) -> Option<Act> {
    let wrong = refusals::alteration(planner);
    access(planner, hall, user, nth).map(|act| act.with(wrong))
}

/// Each of a session of its own.
fn refresh(planner: &mut Planner<'_>, _: &Hall, user: usize, nth: usize) -> Option<Act> {
    (nth < 2).then(|| right(Call::Refresh, Subject::Pair(planner.log_in(user))))
}

/// Each of a one-time token of its own.
fn verification(planner: &mut Planner<'_>, _: &Hall, user: usize, nth: usize) -> Option<Act> {
    let owner = planner.facts.minting.iter().copied().find(|owner| *owner == user).or_else(|| planner.minting())?;
    (nth < 2).then(|| right(Call::Verify, Subject::OneTime(planner.mint(owner))))
}

fn stray_verification(planner: &mut Planner<'_>, hall: &Hall, user: usize, _: usize) -> Option<Act> {
    let one = *hall.scenes[user].fresh.last()?;
    Some(right(Call::Verify, Subject::OneTime(one)).with(refusals::alteration(planner)))
}

/// Of each user another setting, both of which a login announces.
fn change(planner: &mut Planner<'_>, hall: &Hall, user: usize, nth: usize) -> Option<Act> {
    if !planner.facts.settings || nth > 0 {
        return None;
    }
    let setting = if user == 0 { Setting::Refresh } else { Setting::Access };
    let (pair, value) = (pair(hall, user), planner.harmonious(setting));
    Some(right(Call::Change, Subject::Setting { pair, setting, value }))
}
