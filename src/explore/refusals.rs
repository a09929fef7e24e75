//! What a client does wrong to a scene: requests that are refused and must leave everything alone.

use super::{
    input::{Alphabet, BadBody, Odd, Position, Tamper, Text},
    operation::{Act, BadValue, Call, Deviation, Field, Id, Kind, Operation, Place, Setting, Subject},
    plan::Planner,
    scene::Scene,
};

fn step(planner: &mut Planner<'_>, call: Call, subject: Subject, deviation: Deviation) {
    planner.step(Operation::Act(Act::right(call, subject).with(deviation)));
}

/// A copy of a token with another end, other middle or other case, or another token that looks like it.
pub(super) fn alteration(planner: &mut Planner<'_>) -> Deviation {
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

pub(super) fn altered(planner: &mut Planner<'_>, call: Call, subject: Subject) {
    if call == Call::Use && planner.facts.probe.is_none() {
        return;
    }
    let deviation = alteration(planner);
    step(planner, call, subject, deviation);
}

pub(super) fn made_up(planner: &mut Planner<'_>, field: Field) -> Deviation {
    let seed = planner.random.bits();
    Deviation::Text(field, Text::Made { length: 0, alphabet: Alphabet::Own, whole: true, seed })
}

pub(super) fn wrong_password(planner: &mut Planner<'_>, scene: &Scene) {
    let user = scene.user(planner);
    let deviation = made_up(planner, Field::Password);
    step(planner, Call::Login, Subject::User(user), deviation);
}

pub(super) fn unknown_login(planner: &mut Planner<'_>, scene: &Scene) {
    let user = scene.user(planner);
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

pub(super) fn unreadable_login(planner: &mut Planner<'_>, scene: &Scene) {
    let user = scene.user(planner);
    let deviation = unreadable(planner, Field::Login);
    step(planner, Call::Login, Subject::User(user), deviation);
}

pub(super) fn wrong_login_method(planner: &mut Planner<'_>, scene: &Scene) {
    let user = scene.user(planner);
    let method = planner.random.one_of(["GET", "PUT", "DELETE", "DELETE"]);
    step(planner, Call::Login, Subject::User(user), Deviation::Method(method));
}

pub(super) fn altered_access(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = scene.pair(planner);
    altered(planner, Call::Use, Subject::Pair(pair));
}

pub(super) fn no_access(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = scene.pair(planner);
    if planner.facts.probe.is_some() {
        step(planner, Call::Use, Subject::Pair(pair), Deviation::Absent(Field::Token));
    }
}

pub(super) fn other_kind_used(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = scene.pair(planner);
    let kind = scene.one_time(planner).filter(|_| planner.random.percent(50));
    let deviation =
        kind.map_or(Deviation::OtherKind(pair, Kind::Refresh), |one| Deviation::OtherKind(one, Kind::OneTime));
    if planner.facts.probe.is_some() {
        step(planner, Call::Use, Subject::Pair(pair), deviation);
    }
}

pub(super) fn unknown_path(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = scene.pair(planner);
    for _ in 0..planner.random.one_of([1, 3]) {
        step(planner, Call::Nowhere, Subject::Pair(pair), Deviation::None);
    }
}

pub(super) fn altered_refresh(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = scene.pair(planner);
    let deviation = if planner.random.percent(30) { Deviation::Absent(Field::Token) } else { alteration(planner) };
    step(planner, Call::Refresh, Subject::Pair(pair), deviation);
}

pub(super) fn wrong_refresh_method(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = scene.pair(planner);
    let method = planner.random.one_of(["POST", "PUT", "DELETE"]);
    step(planner, Call::Refresh, Subject::Pair(pair), Deviation::Method(method));
}

pub(super) fn other_kind_presented(planner: &mut Planner<'_>, scene: &Scene) {
    let pair = scene.pair(planner);
    let deviation = match scene.one_time(planner).filter(|_| planner.random.percent(50)) {
        Some(one) => Deviation::OtherKind(one, Kind::OneTime),
        None => Deviation::OtherKind(pair, Kind::Access),
    };
    step(planner, Call::Refresh, Subject::Pair(pair), deviation);
}

/// Where it is known to end the session the audit knows it, too.
pub(super) fn spent_refresh(planner: &mut Planner<'_>, scene: &Scene) {
    if let Some((first, _)) = planner.random.pick(&scene.sessions) {
        planner.refresh(first);
    }
}

pub(super) fn spent_one_time(planner: &mut Planner<'_>, scene: &Scene) {
    if let Some(one) = planner.random.pick(&scene.spent) {
        planner.verify(one);
    }
}

pub(super) fn altered_one_time(planner: &mut Planner<'_>, scene: &Scene) {
    let Some(one) = scene.one_time(planner) else { return };
    let pair = scene.pair(planner);
    let deviation = match planner.random.below(6) {
        0 => Deviation::OtherKind(pair, Kind::Access),
        1 => Deviation::OtherKind(pair, Kind::Refresh),
        _ => alteration(planner),
    };
    step(planner, Call::Verify, Subject::OneTime(one), deviation);
}

pub(super) fn unreadable_verification(planner: &mut Planner<'_>, scene: &Scene) {
    let Some(one) = scene.one_time(planner) else { return };
    let deviation = match planner.random.below(5) {
        0 => Deviation::Place(planner.random.one_of([Place::Query("token"), Place::Header("token")])),
        _ => unreadable(planner, Field::Token),
    };
    step(planner, Call::Verify, Subject::OneTime(one), deviation);
}

pub(super) fn wrong_verify_method(planner: &mut Planner<'_>, scene: &Scene) {
    let Some(one) = scene.one_time(planner) else { return };
    let method = planner.random.one_of(["GET", "PUT", "DELETE", "PATCH"]);
    step(planner, Call::Verify, Subject::OneTime(one), Deviation::Method(method));
}

fn setting(planner: &mut Planner<'_>, pair: Id) -> Subject {
    let setting = planner.random.one_of(Setting::ALL);
    let value = planner.value(setting);
    Subject::Setting { pair, setting, value }
}

pub(super) fn refused_change(planner: &mut Planner<'_>, scene: &Scene) {
    if !planner.facts.settings {
        return spent_refresh(planner, scene);
    }
    let pair = scene.pair(planner);
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
pub(super) fn unauthorized_change(planner: &mut Planner<'_>, scene: &Scene) {
    if !planner.facts.settings {
        return no_access(planner, scene);
    }
    let pair = scene.pair(planner);
    let subject = setting(planner, pair);
    let deviation = match planner.random.below(4) {
        0 => Deviation::OtherKind(pair, Kind::Refresh),
        1 => alteration(planner),
        _ => Deviation::Absent(Field::Token),
    };
    step(planner, Call::Change, subject, deviation);
}

/// An access token whose life is over: the same each time, so that it is found when it comes back.
pub(super) fn expired_access(planner: &mut Planner<'_>, scene: &Scene) {
    if let Some(pair) = scene.expired.first() {
        planner.use_access(*pair);
    }
}

/// A one-time token whose life is over.
pub(super) fn expired_one_time(planner: &mut Planner<'_>, scene: &Scene) {
    if let Some(one) = scene.late.first() {
        planner.verify(*one);
    }
}
