//! Disturbances and an audit: tokens of every kind and of every user, a few events that must leave them alone, then all of them looked at. The
//! events are dealt from a deck, so that each comes up before any of them does again.

use super::{
    input::{Alphabet, BadBody, Odd, Position, Tamper, Text},
    operation::{Act, BadValue, Call, Deviation, Field, Id, Kind, Operation, Place, Setting, Subject},
    plan::Planner,
    races::races,
};

/// What an audit looks at.
struct Scene {
    /// The pairs of a login and of its refresh, for each user.
    sessions: Vec<(Id, Id)>,
    /// One-time tokens that are good.
    fresh: Vec<Id>,
    /// One-time tokens that have been verified.
    spent: Vec<Id>,
}

/// Something that happens to a scene.
type Event = fn(&mut Planner<'_>, &Scene);

/// All of them, what is refused first. What clients do wrong most often is here more than once.
const EVENTS: [Event; 24] = [
    wrong_password,
    unknown_login,
    unreadable_login,
    wrong_login_method,
    altered_access,
    altered_access,
    no_access,
    other_kind_used,
    other_kind_used,
    unknown_path,
    altered_refresh,
    wrong_refresh_method,
    other_kind_presented,
    spent_refresh,
    spent_one_time,
    altered_one_time,
    unreadable_verification,
    wrong_verify_method,
    refused_change,
    unauthorized_change,
    changes,
    logins,
    refreshes,
    verifications,
];

/// How many of them are refused, and are repeated; what is granted often may end what was granted before.
const REFUSED: usize = 20;

/// Lifetimes in seconds under which no token ends while a scene is looked at; of the settings in their order.
const LONG: [u64; 3] = [120, 600, 120];

/// What a walk of histories is made of.
pub(super) fn histories(planner: &mut Planner<'_>) {
    if planner.random.percent(70) { disturbed(planner) } else { races(planner) }
}

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
        planner.step(change(pair, Setting::ALL[at], long));
    }
    Some([access, refresh, one_time].map(|life| life.as_secs().max(1)))
}

/// Sets all lifetimes.
pub(super) fn set_lifetimes(planner: &mut Planner<'_>, lifetimes: [u64; 3]) {
    let pair = planner.log_in(0);
    for (setting, value) in Setting::ALL.into_iter().zip(lifetimes) {
        planner.step(change(pair, setting, value));
    }
    planner.log_in(0);
}

fn change(pair: Id, setting: Setting, value: u64) -> Operation {
    Operation::Act(Act::right(Call::Change, Subject::Setting { pair, setting, value }))
}

/// A scene, one to four events, and the audit.
pub(super) fn disturbed(planner: &mut Planner<'_>) {
    let scene = scene(planner);
    for _ in 0..planner.random.one_of([1, 2, 2, 3, 4]) {
        let event = planner.decks.deal_event(EVENTS.len(), planner.random);
        let again = if event < REFUSED { planner.random.one_of([1, 1, 1, 1, 2, 3, 6]) } else { 1 };
        for _ in 0..again {
            EVENTS[event](planner, &scene);
        }
    }
    audit(planner, &scene);
}

fn scene(planner: &mut Planner<'_>) -> Scene {
    let mut users: Vec<usize> = (0..planner.facts.users.len().min(2)).collect();
    planner.random.shuffle(&mut users);
    let mut sessions = Vec::new();
    for user in users {
        let first = planner.log_in(user);
        let newest = if planner.random.percent(70) { planner.refresh(first) } else { first };
        planner.use_access(newest);
        sessions.push((first, newest));
    }
    let mut minting = planner.facts.minting.clone();
    planner.random.shuffle(&mut minting);
    let fresh: Vec<Id> = minting.iter().map(|user| planner.mint(*user)).collect();
    let spent: Vec<Id> = minting.iter().map(|user| planner.mint(*user)).collect();
    for one in &spent {
        planner.verify(*one);
    }
    Scene { sessions, fresh, spent }
}

/// Everything that the scene has, in an order that the seed decides.
fn audit(planner: &mut Planner<'_>, scene: &Scene) {
    let mut looks: Vec<(Call, Subject)> = Vec::new();
    for (user, (first, newest)) in scene.sessions.iter().enumerate() {
        looks.extend([(Call::Use, Subject::Pair(*newest)), (Call::Use, Subject::Pair(*first))]);
        looks.push((Call::Refresh, Subject::Pair(*newest)));
        if planner.random.percent(40) {
            looks.push((Call::Refresh, Subject::Pair(*first)));
        }
        looks.push((Call::Login, Subject::User(user)));
    }
    let ones = [scene.fresh.clone(), scene.fresh.clone(), scene.spent.clone()].concat();
    looks.extend(ones.into_iter().map(|one| (Call::Verify, Subject::OneTime(one))));
    planner.random.shuffle(&mut looks);
    for (call, subject) in looks {
        if call == Call::Use && planner.facts.probe.is_none() {
            continue;
        }
        if call == Call::Login && planner.random.percent(25) {
            changes(planner, scene);
        }
        let made = planner.act(call, subject);
        // At once or not: what comes between may be answered for whoever logged in.
        if matches!(call, Call::Login | Call::Refresh) && planner.random.percent(60) {
            planner.use_access(made);
        }
        if planner.random.percent(15) {
            let pair = newest(planner, scene);
            altered(planner, Call::Use, Subject::Pair(pair));
        }
    }
}

fn step(planner: &mut Planner<'_>, call: Call, subject: Subject, deviation: Deviation) {
    planner.step(Operation::Act(Act::right(call, subject).with(deviation)));
}

/// The newest pair of one of the users.
fn newest(planner: &mut Planner<'_>, scene: &Scene) -> Id {
    planner.random.pick(&scene.sessions).map_or(0, |(_, newest)| newest)
}

fn one_time(planner: &mut Planner<'_>, scene: &Scene) -> Option<Id> {
    planner.random.pick(&scene.fresh)
}

/// A copy of a token with another end, other middle or other case, or another token that looks like it.
fn alteration(planner: &mut Planner<'_>) -> Deviation {
    let random = &mut *planner.random;
    let how = random.one_of([
        Tamper::Swap(Position::Last),
        Tamper::Swap(Position::Middle),
        Tamper::KeepFirst(40),
        Tamper::CutLast,
        Tamper::CaseAll,
        Tamper::Behind(Alphabet::Own),
    ]);
    let seed = random.bits();
    let made = Text::Made { length: 0, alphabet: Alphabet::Own, whole: true, seed };
    Deviation::Text(Field::Token, if random.percent(25) { made } else { Text::Spoilt { how, seed } })
}

fn altered(planner: &mut Planner<'_>, call: Call, subject: Subject) {
    if call == Call::Use && planner.facts.probe.is_none() {
        return;
    }
    let deviation = alteration(planner);
    step(planner, call, subject, deviation);
}

fn made_up(planner: &mut Planner<'_>, field: Field) -> Deviation {
    let seed = planner.random.bits();
    Deviation::Text(field, Text::Made { length: 0, alphabet: Alphabet::Own, whole: true, seed })
}

fn wrong_password(planner: &mut Planner<'_>, _: &Scene) {
    let user = planner.either_user();
    let deviation = made_up(planner, Field::Password);
    step(planner, Call::Login, Subject::User(user), deviation);
}

fn unknown_login(planner: &mut Planner<'_>, _: &Scene) {
    let user = planner.either_user();
    if planner.random.percent(50) {
        planner.log_in(user);
    }
    let deviation = made_up(planner, Field::Login);
    step(planner, Call::Login, Subject::User(user), deviation);
}

fn unreadable(planner: &mut Planner<'_>, field: Field) -> Deviation {
    planner.random.one_of([
        Deviation::Body(BadBody::CutOff),
        Deviation::Body(BadBody::Empty),
        Deviation::Absent(field),
        Deviation::Json(field, Odd::Null),
        Deviation::Json(field, Odd::Listed),
    ])
}

fn unreadable_login(planner: &mut Planner<'_>, _: &Scene) {
    let user = planner.either_user();
    let deviation = unreadable(planner, Field::Login);
    step(planner, Call::Login, Subject::User(user), deviation);
}

fn wrong_login_method(planner: &mut Planner<'_>, _: &Scene) {
    let user = planner.either_user();
    let method = planner.random.one_of(["GET", "PUT", "DELETE", "DELETE"]);
    step(planner, Call::Login, Subject::User(user), Deviation::Method(method));
}

fn altered_access(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = newest(planner, scene);
    altered(planner, Call::Use, Subject::Pair(pair));
}

fn no_access(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = newest(planner, scene);
    if planner.facts.probe.is_some() {
        step(planner, Call::Use, Subject::Pair(pair), Deviation::Absent(Field::Token));
    }
}

fn other_kind_used(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = newest(planner, scene);
    let kind = one_time(planner, scene).filter(|_| planner.random.percent(50));
    let deviation =
        kind.map_or(Deviation::OtherKind(pair, Kind::Refresh), |one| Deviation::OtherKind(one, Kind::OneTime));
    if planner.facts.probe.is_some() {
        step(planner, Call::Use, Subject::Pair(pair), deviation);
    }
}

fn unknown_path(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = newest(planner, scene);
    for _ in 0..planner.random.one_of([1, 3]) {
        step(planner, Call::Nowhere, Subject::Pair(pair), Deviation::None);
    }
}

fn altered_refresh(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = newest(planner, scene);
    let deviation = if planner.random.percent(30) { Deviation::Absent(Field::Token) } else { alteration(planner) };
    step(planner, Call::Refresh, Subject::Pair(pair), deviation);
}

fn wrong_refresh_method(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = newest(planner, scene);
    let method = planner.random.one_of(["POST", "PUT", "DELETE"]);
    step(planner, Call::Refresh, Subject::Pair(pair), Deviation::Method(method));
}

fn other_kind_presented(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = newest(planner, scene);
    let deviation = match one_time(planner, scene).filter(|_| planner.random.percent(50)) {
        Some(one) => Deviation::OtherKind(one, Kind::OneTime),
        None => Deviation::OtherKind(pair, Kind::Access),
    };
    step(planner, Call::Refresh, Subject::Pair(pair), deviation);
}

/// Where it is known to end the session the audit knows it, too.
fn spent_refresh(planner: &mut Planner<'_>, scene: &Scene) {
    if let Some((first, _)) = planner.random.pick(&scene.sessions) {
        planner.refresh(first);
    }
}

fn spent_one_time(planner: &mut Planner<'_>, scene: &Scene) {
    if let Some(one) = planner.random.pick(&scene.spent) {
        planner.verify(one);
    }
}

fn altered_one_time(planner: &mut Planner<'_>, scene: &Scene) {
    let Some(one) = one_time(planner, scene) else { return };
    let pair = newest(planner, scene);
    let deviation = match planner.random.below(6) {
        0 => Deviation::OtherKind(pair, Kind::Access),
        1 => Deviation::OtherKind(pair, Kind::Refresh),
        _ => alteration(planner),
    };
    step(planner, Call::Verify, Subject::OneTime(one), deviation);
}

fn unreadable_verification(planner: &mut Planner<'_>, scene: &Scene) {
    let Some(one) = one_time(planner, scene) else { return };
    let deviation = match planner.random.below(5) {
        0 => Deviation::Place(planner.random.one_of([Place::Query("token"), Place::Header("token")])),
        _ => unreadable(planner, Field::Token),
    };
    step(planner, Call::Verify, Subject::OneTime(one), deviation);
}

fn wrong_verify_method(planner: &mut Planner<'_>, scene: &Scene) {
    let Some(one) = one_time(planner, scene) else { return };
    let method = planner.random.one_of(["GET", "PUT", "DELETE", "PATCH"]);
    step(planner, Call::Verify, Subject::OneTime(one), Deviation::Method(method));
}

fn setting(planner: &mut Planner<'_>, pair: Id) -> Subject {
    let setting = planner.random.one_of(Setting::ALL);
    let value = planner.value(setting);
    Subject::Setting { pair, setting, value }
}

fn refused_change(planner: &mut Planner<'_>, scene: &Scene) {
    if !planner.facts.settings {
        return spent_refresh(planner, scene);
    }
    let pair = newest(planner, scene);
    let deviation = planner.random.one_of([
        Deviation::Value(BadValue::Zero),
        Deviation::Value(BadValue::Text),
        Deviation::Body(BadBody::CutOff),
        Deviation::HalfBad,
        Deviation::HalfBad,
    ]);
    let subject = setting(planner, pair);
    step(planner, Call::Change, subject, deviation);
}

/// A change that would be good with an access token.
fn unauthorized_change(planner: &mut Planner<'_>, scene: &Scene) {
    if !planner.facts.settings {
        return no_access(planner, scene);
    }
    let pair = newest(planner, scene);
    let subject = setting(planner, pair);
    let deviation = match planner.random.below(4) {
        0 => Deviation::OtherKind(pair, Kind::Refresh),
        1 => alteration(planner),
        _ => Deviation::Absent(Field::Token),
    };
    step(planner, Call::Change, subject, deviation);
}

/// Good changes by one caller: of one setting, of two, or to the value in force, with a login or a refresh between.
fn changes(planner: &mut Planner<'_>, scene: &Scene) {
    if !planner.facts.settings {
        return refreshes(planner, scene);
    }
    let pair = newest(planner, scene);
    for _ in 0..planner.random.one_of([1, 2, 2, 3]) {
        let setting = planner.random.one_of(Setting::ALL);
        let value = planner.harmonious(setting);
        planner.change(pair, setting, value);
        if planner.random.percent(30) {
            planner.step(change(pair, setting, value));
        }
        match planner.random.below(4) {
            0 => logins(planner, scene),
            1 => refreshes(planner, scene),
            _ => {}
        }
    }
}

fn logins(planner: &mut Planner<'_>, _: &Scene) {
    let user = planner.either_user();
    for _ in 0..planner.random.one_of([1, 1, 2, 4]) {
        planner.log_in(user);
    }
}

/// A session of its own that is refreshed, so that the scene stays as it is.
fn refreshes(planner: &mut Planner<'_>, _: &Scene) {
    let user = planner.either_user();
    let mut all = vec![planner.log_in(user)];
    for _ in 0..planner.random.one_of([1, 1, 2, 3, 5]) {
        let next = planner.refresh(all[all.len() - 1]);
        all.push(next);
    }
    planner.use_access(all[all.len() - 1]);
    if planner.random.percent(40) {
        planner.refresh(all[0]);
    }
}

fn verifications(planner: &mut Planner<'_>, _: &Scene) {
    for _ in 0..planner.random.one_of([1, 2, 4]) {
        if let Some(user) = planner.minting() {
            let one = planner.mint(user);
            planner.verify(one);
        }
    }
}
