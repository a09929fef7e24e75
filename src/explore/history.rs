//! Requests that meet. Each is judged by what the model allows in any order; of several about one token at most one order is
//! right, and the answers must fit one: a one-time token is good once, and of refreshes somebody gets a pair.

use std::time::Duration;

use super::{
    act::{Outcome, doubt, follow, note_reuse, prepare},
    compose::Parts,
    expect::{Expectation, Want, expect},
    judge::Violation,
    model::Model,
    operation::{Act, Call, Id, Subject},
    wire::{Answer, Link},
};

/// Sends requests that meet and judges their answers. The pair that the n-th one gives has the number `first + n`.
pub(crate) async fn together<L: Link>(first: Id, acts: &[(u32, Act)], model: &mut Model, link: &mut L) -> Outcome {
    let mut prepared = Vec::new();
    let mut requests = Vec::new();
    for (place, (after, act)) in acts.iter().enumerate() {
        if let Some((parts, request)) = prepare(*act, model, link.facts(), link.now()) {
            prepared.push((first + place as Id, *act, parts));
            requests.push((Duration::from_micros(u64::from(*after)), request));
        }
    }
    if prepared.len() < 2 {
        return Outcome::LeftOut;
    }
    note_reuses(acts, model);
    let answers = link.send_together(requests).await;
    let complete = answers.iter().all(Result::is_ok) && answers.len() == prepared.len();
    let before = model.clone();
    let crowded = crowded(&before, acts);
    let mut wrong = None;
    let mut told: Vec<(Act, Answer)> = Vec::new();
    let mut all: Vec<_> = prepared.iter().zip(answers).collect();
    // A login that meets a change announces what was set before or what is set after: it is looked at first, and with neither known.
    all.sort_by_key(|((_, act, _), _)| act.call == Call::Change);
    for ((id, act, parts), answer) in all {
        unsettle(acts, model);
        let Ok(answer) = answer else {
            doubt(*act, model);
            continue;
        };
        // A refresh that meets another of the same token may get the same pair.
        let repeats = act.call == Call::Refresh && is_repeated(*act, &answer, &told, link);
        if !repeats {
            let expectation = alone(*act, parts, &crowded, acts, &answer);
            wrong = wrong.or(follow(*id, *act, parts, expectation, &answer, model, link.facts()));
        }
        told.push((*act, answer));
    }
    outlive_each_other(first, acts, model);
    overwrite_each_other(acts, model);
    if wrong.is_none() && complete {
        wrong = disorder(&told, &before, model, link);
    }
    wrong.map_or(Outcome::Right, Outcome::Wrong)
}

/// What is known while all of them are under way: every pair that they give may be there already, and have ended an earlier one.
fn crowded(before: &Model, acts: &[(u32, Act)]) -> Model {
    let mut model = before.clone();
    for (_, act) in acts.iter().filter(|(_, act)| act.deviation.is_right()) {
        let user = match (act.call, act.subject) {
            (Call::Login, Subject::User(user)) => Some(user),
            (Call::Refresh, Subject::Pair(id)) => before.pair(id).map(|pair| pair.user),
            (Call::Verify, Subject::OneTime(id)) => before.one_time(id).map(|one| one.user),
            _ => None,
        };
        if let Some(counts) = user.and_then(|user| model.counts.get_mut(user)) {
            counts.pairs += 1;
            counts.logins += u32::from(act.call != Call::Refresh);
        }
    }
    model
}

/// Where a login ends earlier sessions, nothing is known of which of several pairs given at once came last.
fn outlive_each_other(first: Id, acts: &[(u32, Act)], model: &mut Model) {
    let right = || acts.iter().filter(|(_, act)| act.deviation.is_right());
    let may_give = right().filter(|(_, act)| matches!(act.call, Call::Login | Call::Refresh | Call::Verify)).count();
    let begins = right().any(|(_, act)| matches!(act.call, Call::Login | Call::Verify));
    if may_give < 2 || !begins || !(model.behaviour.login_ends_access || model.behaviour.login_ends_refresh) {
        return;
    }
    let made = first..first + acts.len() as Id;
    model.pairs.iter_mut().filter(|pair| made.contains(&pair.id)).for_each(|pair| pair.doubtful = true);
}

/// Of several changes of one setting at once any may have come last.
fn overwrite_each_other(acts: &[(u32, Act)], model: &mut Model) {
    let changed: Vec<usize> = acts
        .iter()
        .filter_map(|(_, act)| match (act.call, act.subject) {
            (Call::Change, Subject::Setting { setting, .. }) => Some(setting.place()),
            _ => None,
        })
        .collect();
    for place in &changed {
        if changed.iter().filter(|other| *other == place).count() > 1 {
            model.lifetimes[*place] = None;
        }
    }
}

/// Lifetimes that are being changed are not known while they are.
fn unsettle(acts: &[(u32, Act)], model: &mut Model) {
    if acts.iter().all(|(_, act)| act.call == Call::Change) {
        return;
    }
    for (_, act) in acts {
        if let (Call::Change, Subject::Setting { setting, .. }) = (act.call, act.subject) {
            model.lifetimes[setting.place()] = None;
        }
    }
}

fn is_repeated<L: Link>(act: Act, answer: &Answer, told: &[(Act, Answer)], link: &L) -> bool {
    let place = &link.facts().dialect.access_token;
    let Some(token) = answer.text_at(place) else { return false };
    told.iter().any(|(other, earlier)| other.subject == act.subject && earlier.text_at(place) == Some(token))
}

/// What is wanted of one of them in any order: as before them all, but open where another one may have come first.
fn alone(act: Act, parts: &Parts, before: &Model, all: &[(u32, Act)], answer: &Answer) -> Expectation {
    let expectation = expect(act, parts, before, answer.sent, answer.received);
    // Of changes at once one may be sent away; those that are accepted count.
    let many = act.call == Call::Change && all.iter().filter(|(_, other)| other.call == Call::Change).count() > 1;
    if many && answer.status < 500 && !answer.is_success() {
        return Expectation { want: Want::Open, requirement: "SETTINGS-9", ..expectation };
    }
    let rivals = all.iter().filter(|(_, other)| is_rival(act, *other, before)).count();
    let overtaken = act.call == Call::Use && all.iter().any(|(_, other)| is_about_successor(*other, act, before));
    let contested = act.deviation.is_right() && (rivals > 1 || overtaken);
    if contested && matches!(expectation.want, Want::Pair(_) | Want::Named(_) | Want::Access(_)) {
        Expectation { want: Want::Open, requirement: contested_requirement(act), ..expectation }
    } else {
        expectation
    }
}

/// Whether an act is about a pair that a refresh gave for the pair of another one.
fn is_about_successor(act: Act, other: Act, model: &Model) -> bool {
    let pair = |act: Act| if let Subject::Pair(id) = act.subject { model.pair(id) } else { None };
    pair(act).zip(pair(other)).is_some_and(|(pair, other)| pair.succeeds(other))
}

fn contested_requirement(act: Act) -> &'static str {
    match act.call {
        Call::Verify => "OTT-3",
        Call::Refresh => "REFRESH-10",
        Call::Login => "ISSUE-18",
        _ => "USE-2",
    }
}

/// Whether both use up the same token; an act is its own rival.
fn is_rival(act: Act, other: Act, model: &Model) -> bool {
    let uses_up = |call| matches!(call, Call::Verify | Call::Refresh);
    if act.call == Call::Use && model.behaviour.refresh_ends_access {
        return other == act || (other.call == Call::Refresh && other.subject == act.subject);
    }
    uses_up(act.call) && other.call == act.call && other.subject == act.subject && other.deviation.is_right()
}

/// Whether no order of the answers about one token is right.
fn disorder<L: Link>(told: &[(Act, Answer)], before: &Model, after: &mut Model, link: &L) -> Option<Violation> {
    for (at, (act, _)) in told.iter().enumerate() {
        let group: Vec<&(Act, Answer)> = told.iter().filter(|(other, _)| is_rival(*act, *other, before)).collect();
        let first = told.iter().position(|(other, _)| is_rival(*act, *other, before)) == Some(at);
        if group.len() < 2 || !first {
            continue;
        }
        let wrong = match act.subject {
            Subject::OneTime(id) if act.call == Call::Verify => one_time(id, &group, before, link),
            Subject::Pair(id) if act.call == Call::Refresh => refreshes(id, &group, before, after, link),
            _ => None,
        };
        if wrong.is_some() {
            return wrong;
        }
    }
    None
}

fn one_time<L: Link>(id: Id, group: &[&(Act, Answer)], before: &Model, link: &L) -> Option<Violation> {
    let one = before.one_time(id)?;
    let (sent, received) = (group.first()?.1.sent, group.iter().map(|(_, answer)| answer.received).max()?);
    if before.one_time_standing(one, sent, received) != super::model::Standing::Good {
        return None;
    }
    let login = &link.facts().dialect.ott_login;
    let good = group.iter().filter(|(_, answer)| answer.is_success() && answer.text_at(login).is_some()).count();
    (good != 1).then(|| {
        Violation::new(
            "OTT-3",
            format!("of {} verifications at once {good} succeed, where exactly one must", group.len()),
        )
    })
}

fn refreshes<L: Link>(
    id: Id,
    group: &[&(Act, Answer)],
    before: &Model,
    after: &mut Model,
    link: &L,
) -> Option<Violation> {
    let pair = before.pair(id)?;
    let (sent, received) = (group.first()?.1.sent, group.iter().map(|(_, answer)| answer.received).max()?);
    if before.refresh_standing(pair, sent, received) != super::model::Standing::Good {
        return None;
    }
    let access = &link.facts().dialect.access_token;
    let given: Vec<&str> = group.iter().filter_map(|(_, answer)| answer.text_at(access)).collect();
    if group.len() > given.len() {
        after.reuse(pair.family);
    }
    if given.is_empty() {
        return Some(Violation::new("REFRESH-10", format!("of {} refreshes at once none gives a pair", group.len())));
    }
    let superseded = before.behaviour.refresh_ends_access || before.behaviour.spent_grace != Some(Duration::ZERO);
    if given.len() > 1 && superseded {
        after
            .pairs
            .iter_mut()
            .filter(|pair| given.contains(&pair.access.as_str()))
            .for_each(|pair| pair.doubtful = true);
    }
    let one_wins = before.behaviour.rotates && before.behaviour.spent_grace == Some(Duration::ZERO);
    let same = given.iter().all(|token| *token == given[0]);
    (one_wins && given.len() > 1 && !same).then(|| {
        let text = format!("of {} refreshes at once {} give pairs of their own", group.len(), given.len());
        Violation::new("REFRESH-17", text)
    })
}

/// A spent token that is shown in a bundle is a reuse as elsewhere.
fn note_reuses(acts: &[(u32, Act)], model: &mut Model) {
    acts.iter().for_each(|(_, act)| note_reuse(*act, model));
}
