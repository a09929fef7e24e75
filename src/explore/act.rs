//! One act of a walk: composes its request, sends it, judges the answer and lets the model follow.

use std::time::Duration;

use super::{
    compose::{Parts, compose},
    expect::{Expectation, Want, expect},
    judge::{Violation, announced, judge},
    model::{Granted, Model, Moment, Pair, Standing},
    operation::{Act, BadValue, Call, Deviation, Field, Id, Kind, Spelling, Subject},
    wire::{Answer, Facts, Link, Request},
};

/// What became of a step.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Every answer was right.
    Right,
    /// It could not be carried out here: a token that it needs is not there, or HTTP cannot carry it.
    LeftOut,
    /// No answer came; nothing follows from it.
    NoAnswer,
    /// An answer was wrong.
    Wrong(Violation),
}

/// Carries an act out.
pub(crate) async fn one<L: Link>(id: Id, act: Act, model: &mut Model, link: &mut L) -> Outcome {
    let Some((parts, request)) = prepare(act, model, link.facts(), link.now()) else { return Outcome::LeftOut };
    note_reuse(act, model);
    let answer = link.send(request).await;
    let Ok(answer) = answer else {
        doubt(act, model);
        return Outcome::NoAnswer;
    };
    let expectation = expect(act, &parts, model, answer.sent, answer.received);
    let wrong = follow(id, act, &parts, expectation, &answer, model, link.facts());
    wrong.map_or(Outcome::Right, Outcome::Wrong)
}

/// The texts and the request of an act; `None` where something is missing.
pub(crate) fn prepare(act: Act, model: &Model, facts: &Facts, now: Duration) -> Option<(Parts, Request)> {
    let parts = parts(act, model, facts, now)?;
    let request = compose(act, &parts, facts)?;
    Some((parts, request))
}

fn parts(act: Act, model: &Model, facts: &Facts, now: Duration) -> Option<Parts> {
    let mut parts = Parts::default();
    let user = match act.subject {
        Subject::User(user) => user,
        Subject::Pair(id) | Subject::Setting { pair: id, .. } => model.pair(id)?.user,
        Subject::OneTime(id) => model.one_time(id)?.user,
    };
    let own = facts.users.get(user)?;
    parts.login.clone_from(&own.login);
    own.password.expose().clone_into(&mut parts.password);
    let kind = match act.call {
        Call::Refresh => Kind::Refresh,
        Call::Verify => Kind::OneTime,
        _ => Kind::Access,
    };
    match act.subject {
        Subject::User(_) => {
            let other = facts.users.iter().enumerate().find(|(place, _)| *place != user).map(|(_, other)| other);
            parts.other = match act.deviation {
                Deviation::Text(Field::Password, _) => other.map(|other| other.password.expose().to_owned()),
                _ => other.map(|other| other.login.clone()),
            };
            if matches!(act.deviation, Deviation::Text(_, super::input::Text::Others)) {
                parts.other.as_ref()?;
            }
            // The right pair of login and password of somebody else is nothing wrong.
            if matches!(act.deviation, Deviation::Text(Field::Login, super::input::Text::Others)) {
                return None;
            }
        }
        Subject::Pair(id) | Subject::Setting { pair: id, .. } => {
            let pair = model.pair(id)?;
            let text = |pair: &Pair| {
                if kind == Kind::Refresh { pair.refresh.clone() } else { pair.access.clone() }
            };
            parts.token = text(pair);
            parts.other = model.pairs.iter().rev().find(|other| other.id != id && text(other) != parts.token).map(text);
        }
        Subject::OneTime(id) => {
            parts.token = model.one_time(id)?.token.clone();
            parts.other = model.one_times.iter().rev().find(|other| other.id != id).map(|other| other.token.clone());
        }
    }
    if act.deviation == Deviation::Spelled(Spelling::OtherMembers) {
        parts.other = facts.users.iter().map(|known| known.login.clone()).find(|login| *login != own.login);
        parts.other.as_ref()?;
    }
    if let Subject::Setting { setting, value, .. } = act.subject {
        parts.setting = Some((setting, value));
    }
    if let Deviation::OtherKind(id, other) = act.deviation {
        parts.foreign = Some(match other {
            Kind::Access => model.pair(id)?.access.clone(),
            Kind::Refresh => model.pair(id)?.refresh.clone(),
            Kind::OneTime => model.one_time(id)?.token.clone(),
        });
    }
    let good = |pair: &&Pair| model.access_standing(pair, now, now) == Standing::Good;
    if act.call == Call::Verify && model.behaviour.verify_authorized {
        parts.beside = Some(model.pairs.iter().rev().find(good)?.access.clone());
    } else if let Deviation::Method(_) = act.deviation {
        parts.beside =
            model.pairs.iter().rev().filter(|pair| pair.user == user).find(good).map(|own| own.access.clone());
    }
    if act.deviation == Deviation::Spelled(Spelling::OtherBearer) {
        parts.beside = Some(model.pairs.iter().rev().filter(|pair| pair.user != user).find(good)?.access.clone());
    }
    Some(parts)
}

/// A spent refresh token is about to be shown again.
pub(crate) fn note_reuse(act: Act, model: &mut Model) {
    let (Call::Refresh, Subject::Pair(id)) = (act.call, act.subject) else { return };
    if !matches!(act.deviation, Deviation::Place(_)) && !act.deviation.may_be_granted() {
        return;
    }
    if let Some(family) = model.pair(id).filter(|pair| pair.refreshed).map(|pair| pair.family) {
        model.reuse(family);
    }
}

/// Nothing is certain any more of what a request was about that got no answer.
pub(crate) fn doubt(act: Act, model: &mut Model) {
    match act.subject {
        Subject::Pair(id) if act.call == Call::Refresh => {
            if let Some(pair) = model.pair_mut(id) {
                pair.doubtful = true;
            }
        }
        Subject::OneTime(id) => {
            if let Some(one) = model.one_time_mut(id) {
                one.doubtful = true;
            }
        }
        Subject::Setting { setting, .. } => model.lifetimes[setting.place()] = None,
        Subject::User(user) => model.counts[user].wrong += 1,
        Subject::Pair(_) => {}
    }
}

/// Judges an answer and lets the model follow it.
pub(crate) fn follow(
    id: Id,
    act: Act,
    parts: &Parts,
    expectation: Expectation,
    answer: &Answer,
    model: &mut Model,
    facts: &Facts,
) -> Option<Violation> {
    let logins: Vec<String> = facts.users.iter().map(|user| user.login.clone()).collect();
    let mut wrong = judge(act, parts, expectation, answer, facts, &logins);
    if let (None, Want::Unauthorized, true) = (&wrong, expectation.want, model.behaviour.challenges)
        && act.call == Call::Use
        && answer.status == 401
        && !answer.header("www-authenticate").is_some_and(|value| value.to_ascii_lowercase().contains("bearer"))
    {
        wrong = Some(Violation::new("USE-9", "a 401 does not name the scheme as it did before"));
    }
    if let (Deviation::Method(_), Call::Login | Call::Refresh, true) = (act.deviation, act.call, answer.is_success()) {
        signed_out(act.subject, model);
    }
    if let (Some(Violation { requirement, .. }), Subject::Setting { pair, .. }) = (&mut wrong, act.subject)
        && *requirement == "USE-2"
        && model.pair(pair).is_some_and(|pair| model.changed_since(pair))
    {
        *requirement = "SETTINGS-8";
    }
    match act.call {
        Call::Login | Call::Refresh => wrong = wrong.or(grant(id, act, answer, model, facts)),
        Call::Verify => verified(act, answer, model, facts),
        Call::Change => changed(act, expectation, answer, model),
        Call::Use if answer.is_success() => {
            if let Subject::Pair(id) = act.subject
                && let Some(pair) = model.pair_mut(id)
            {
                pair.uses += 1;
            }
        }
        Call::Use | Call::ReadSettings | Call::Nowhere => {}
    }
    if !answer.is_success() {
        match (act.call, act.subject) {
            (Call::Use, Subject::Pair(id)) if act.deviation.is_right() => model.refused(id, Kind::Access, answer.sent),
            (Call::Verify, Subject::OneTime(id)) if act.deviation.is_right() => {
                model.refused(id, Kind::OneTime, answer.sent);
            }
            _ => {}
        }
        model.failures += 1;
        if act.deviation == Deviation::Spelled(Spelling::OtherBearer) {
            doubt(act, model);
        }
        if let (Call::Login, Subject::User(user)) = (act.call, act.subject) {
            model.counts[user].wrong += u32::from(!matches!(act.deviation, Deviation::Text(Field::Login, _)));
        }
    }
    wrong
}

/// Another method that was answered well may have been taken for a sign-out, of the access token beside it too.
fn signed_out(subject: Subject, model: &mut Model) {
    let user = match subject {
        Subject::User(user) => Some(user),
        Subject::Pair(id) => model.pair(id).map(|pair| pair.user),
        _ => None,
    };
    model.pairs.iter_mut().filter(|pair| Some(pair.user) == user).for_each(|pair| pair.doubtful = true);
}

/// The pair that an answer carries becomes part of the model.
fn grant(id: Id, act: Act, answer: &Answer, model: &mut Model, facts: &Facts) -> Option<Violation> {
    let dialect = &facts.dialect;
    if !answer.is_success() {
        return None;
    }
    let (access, refresh) = (answer.text_at(&dialect.access_token)?, answer.text_at(&dialect.refresh_token)?);
    if repeats_exchange(act, access, refresh, model) {
        return None;
    }
    let login = act.call == Call::Login;
    let granted = Granted {
        access: access.to_owned(),
        refresh: refresh.to_owned(),
        access_life: announced(answer, dialect.lifetime_unit, &dialect.access_lifetime),
        refresh_life: announced(answer, dialect.lifetime_unit, &dialect.refresh_lifetime),
        issued: Moment { earliest: answer.sent, latest: answer.received },
    };
    let stays = matches!(act.subject, Subject::Pair(id) if model.pair(id).is_some_and(|pair| pair.refresh == refresh));
    let mut wrong = wrong_lifetimes(login, &granted, model);
    if model.remember(access, Kind::Access) {
        let requirement = if login { "ISSUE-13" } else { "REFRESH-2" };
        wrong = wrong.or(Some(Violation::new(requirement, "the access token was given out before")));
    }
    if (!stays || model.behaviour.rotates) && model.remember(refresh, Kind::Refresh) {
        let requirement = if login { "ISSUE-13" } else { "REFRESH-3" };
        wrong = wrong.or(Some(Violation::new(requirement, "the refresh token was given out before")));
    }
    let stored = answer.header("cache-control").is_none_or(|value| !value.to_ascii_lowercase().contains("no-store"));
    if model.behaviour.forbids_storing && stored {
        let requirement = if login { "ISSUE-15" } else { "REFRESH-12" };
        wrong = wrong.or(Some(Violation::new(requirement, "a token answer does not forbid storing as others did")));
    }
    match act.subject {
        Subject::User(user) => model.log_in(id, user, granted),
        Subject::Pair(of) => model.refresh(id, of, granted),
        _ => {}
    }
    wrong
}

/// Whether a spent refresh token got the pair again that it was exchanged for: a server may give it for a time, so that a client
/// whose answer got lost goes on. How long it does is REFRESH-9's to judge.
fn repeats_exchange(act: Act, access: &str, refresh: &str, model: &Model) -> bool {
    let Subject::Pair(id) = act.subject else { return false };
    let Some(old) = model.pair(id).filter(|old| act.call == Call::Refresh && old.spent.is_some()) else { return false };
    let is_next = |pair: &&Pair| pair.family == old.family && pair.generation == old.generation + 1;
    model.pairs.iter().filter(is_next).any(|pair| pair.access == access && pair.refresh == refresh)
}

/// Announced lifetimes are those of the settings, or up to two seconds less.
fn wrong_lifetimes(login: bool, granted: &Granted, model: &mut Model) -> Option<Violation> {
    let changed = model.changes > 0;
    let announced = [granted.access_life, granted.refresh_life];
    for (place, life) in announced.into_iter().enumerate() {
        let others_changed = model.last_change.is_some_and(|last| last != place && model.unseen_change[last]);
        let requirement = match (login, changed, place) {
            _ if model.refused_change.is_some() => model.refused_change.unwrap_or("SETTINGS-5"),
            _ if others_changed && !model.unseen_change[place] => "SETTINGS-6",
            (true, true, _) if !model.unseen_change[place] => "SETTINGS-9",
            (true, true, 0) => "SETTINGS-1",
            (true, true, _) => "SETTINGS-2",
            (false, true, _) => "SETTINGS-7",
            (true, false, 0) => "ISSUE-4",
            (true, false, _) => "ISSUE-5",
            (false, false, 0) => "REFRESH-1",
            (false, false, _) => "REFRESH-6",
        };
        match (life, model.lifetimes[place]) {
            (Some(life), Some(known)) if life > known || life + TOLERANCE < known => {
                let text = format!("{} s are announced where {} s are set", life.as_secs_f64(), known.as_secs_f64());
                return Some(Violation::new(requirement, text));
            }
            (Some(life), None) => model.lifetimes[place] = Some(life),
            (Some(_), Some(_)) => model.unseen_change[place] = false,
            (None, _) if place == 0 || model.behaviour.refresh_lifetime_told => {
                return Some(Violation::new(requirement, "a lifetime that was announced before is missing"));
            }
            _ => {}
        }
    }
    None
}

/// The requirements by which changes are refused.
const REFUSALS: [&str; 3] = ["SETTINGS-4", "SETTINGS-5", "SETTINGS-10"];

/// How much less than what was set may be announced.
const TOLERANCE: Duration = Duration::from_secs(2);

fn verified(act: Act, answer: &Answer, model: &mut Model, facts: &Facts) {
    let Subject::OneTime(id) = act.subject else { return };
    if !answer.is_success() || answer.text_at(&facts.dialect.ott_login).is_none() {
        return;
    }
    // Where an answer carries a pair a session has begun, which may end others.
    let began = answer.text_at(&facts.dialect.access_token).is_some();
    if let Some(one) = model.one_time_mut(id) {
        one.spent.get_or_insert(answer.received);
        let user = one.user;
        if began {
            model.counts[user].pairs += 1;
            model.counts[user].logins += 1;
        }
    }
}

fn changed(act: Act, expectation: Expectation, answer: &Answer, model: &mut Model) {
    let Subject::Setting { setting, value, .. } = act.subject else { return };
    match (answer.is_success(), expectation.want) {
        (true, Want::Changed | Want::MayChange) => model.change(setting, Duration::from_secs(value)),
        // What is no number sets nothing, whatever the status.
        (true, _) if act.deviation == Deviation::Value(BadValue::Null) => {
            model.refused_change = Some("SETTINGS-5");
        }
        (true, _) => {
            model.change(setting, Duration::from_secs(value));
            model.lifetimes[setting.place()] = None;
        }
        (false, _) => {
            model.refused_change =
                Some(expectation.requirement).filter(|id| REFUSALS.contains(id)).or(Some("SETTINGS-5"));
            // The good half is made or not; which of them, the next announcement shows.
            if act.deviation == Deviation::HalfBad {
                model.lifetimes[setting.place()] = None;
            }
        }
    }
}

/// The state of the token that an act is about.
pub(crate) fn standing(act: Act, model: &Model, now: Duration) -> Option<Standing> {
    match (act.call, act.subject) {
        (Call::Refresh, Subject::Pair(id)) => Some(model.refresh_standing(model.pair(id)?, now, now)),
        (_, Subject::Pair(id) | Subject::Setting { pair: id, .. }) => {
            Some(model.access_standing(model.pair(id)?, now, now))
        }
        (_, Subject::OneTime(id)) => Some(model.one_time_standing(model.one_time(id)?, now, now)),
        (_, Subject::User(_)) => None,
    }
}
