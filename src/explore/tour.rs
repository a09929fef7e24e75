//! A tour of successions: every kind of request after every other, with the tokens that the walk has, granted ones and refused ones, of the
//! same user and of another. What one request leaves behind is found by the next one, or by those that look at its tokens later.

use super::{
    grants, lifetimes,
    operation::Call,
    plan::Planner,
    refusals,
    scene::{Event, Scene},
    succession::{Kind, Successions, Turn},
};

/// A request that must be granted.
const fn granted(call: Call, event: Event) -> (Kind, Event) {
    (Kind { call, is_granted: true, is_late: false }, event)
}

/// A request that must be refused.
const fn refused(call: Call, event: Event) -> (Kind, Event) {
    (Kind { call, is_granted: false, is_late: false }, event)
}

/// The same with tokens whose life is over.
const fn late((kind, event): (Kind, Event)) -> (Kind, Event) {
    (Kind { is_late: true, ..kind }, event)
}

/// All kinds of requests, and what carries them out.
const MOVES: [(Kind, Event); 29] = [
    granted(Call::Login, grants::login),
    granted(Call::Use, grants::access),
    granted(Call::Refresh, grants::refresh),
    late(granted(Call::Refresh, grants::late_refresh)),
    granted(Call::Verify, grants::verification),
    granted(Call::Change, grants::change),
    granted(Call::Login, grants::login_beside),
    granted(Call::Refresh, grants::refresh_beside),
    granted(Call::Verify, grants::verification_beside),
    refused(Call::Login, refusals::wrong_password),
    refused(Call::Login, refusals::unknown_login),
    refused(Call::Login, refusals::unreadable_login),
    refused(Call::Login, refusals::wrong_login_method),
    refused(Call::Use, refusals::altered_access),
    refused(Call::Use, refusals::no_access),
    refused(Call::Use, refusals::other_kind_used),
    late(refused(Call::Use, refusals::expired_access)),
    refused(Call::Nowhere, refusals::unknown_path),
    refused(Call::Refresh, refusals::altered_refresh),
    refused(Call::Refresh, refusals::wrong_refresh_method),
    refused(Call::Refresh, refusals::other_kind_presented),
    refused(Call::Refresh, refusals::spent_refresh),
    refused(Call::Verify, refusals::spent_one_time),
    refused(Call::Verify, refusals::altered_one_time),
    refused(Call::Verify, refusals::unreadable_verification),
    refused(Call::Verify, refusals::wrong_verify_method),
    late(refused(Call::Verify, refusals::expired_one_time)),
    refused(Call::Change, refusals::refused_change),
    refused(Call::Change, refusals::unauthorized_change),
];

/// The kinds alone.
const KINDS: [Kind; MOVES.len()] = {
    let mut kinds = [MOVES[0].0; MOVES.len()];
    let mut at = 0;
    while at < kinds.len() {
        kinds[at] = MOVES[at].0;
        at += 1;
    }
    kinds
};

/// How many walks of a tour wait for tokens to end.
const WAITING: usize = 3;

/// Begins a walk of a tour. The first ones make tokens end, where lifetimes may be changed and that much may be waited for.
pub(super) fn begin(planner: &mut Planner<'_>) {
    let facts = planner.facts;
    let waits = facts.turned || facts.max_wait >= lifetimes::UNTIL_SOME_ENDED;
    let has_late = facts.settings && facts.probe.is_some() && waits && planner.decks.successions.walks() < WAITING;
    planner.decks.successions.begin(has_late);
    if has_late {
        lifetimes::let_some_end(planner);
    }
}

/// Plans the next request. Gives whether there was one left.
pub(super) fn tour(planner: &mut Planner<'_>) -> bool {
    let users = planner.facts.users.len().min(2);
    let Some(Turn { kind, user }) = planner.decks.successions.next(&KINDS, users, planner.random) else { return false };
    let scene = Scene::of_user(planner, user);
    // What is counted is often counted for one token: the same again more often than something like it.
    let same = planner.decks.toured.take().filter(|_| !KINDS[kind].is_granted && planner.decks.successions.is_again());
    match same.filter(|_| planner.random.percent(60)) {
        Some(operation) => drop(planner.step(operation)),
        None => MOVES[kind].1(planner, &scene),
    }
    planner.decks.toured = planner.steps.back().map(|step| step.operation.clone());
    true
}

/// Whether a tour of so many users has met everything.
pub(super) fn is_complete(successions: &Successions, users: usize) -> bool {
    successions.is_complete(&KINDS, users.min(2))
}
