//! Whether, when and with what a client refreshes while the server answers as documented.

use std::time::Duration;

use super::Finding;
use crate::client_test::{
    evidence::{Call, CallKind, Evidence},
    phase::{LONG_LIFETIME, Phase},
};

/// Time in which an answer may still be on its way to another thread of a client.
const ON_ITS_WAY: Duration = Duration::from_millis(20);
/// Time in which every thread of a client refreshes that has learned of the end of a token.
const AT_ONCE: Duration = Duration::from_millis(300);
/// Logins after a start that belong to it: a client may have several sessions.
const STARTING: Duration = Duration::from_secs(1);

pub(super) fn refreshes(evidence: &Evidence) -> Finding {
    let Some(run) = evidence.phase(Phase::Expiry) else {
        return Finding::NotReached("the run did not come to this phase");
    };
    let just_started =
        |call: &Call| evidence.starts.iter().any(|start| *start <= call.at && call.at < *start + STARTING);
    let ordinary = evidence.in_phase(Phase::Expiry).chain(evidence.in_phase(Phase::Quiet));
    let logins: Vec<usize> =
        ordinary.filter(|(_, call)| call.kind == CallKind::Login && !just_started(call)).map(|(at, _)| at).collect();
    if !logins.is_empty() {
        let what = format!("it logged in while its refresh token was good (logins: {})", logins.len());
        return Finding::broken(what, logins);
    }
    let refreshed = evidence.pairs.iter().any(|pair| pair.from.is_some() && pair.at <= run.ended);
    let refused: Vec<usize> =
        evidence.in_phase(Phase::Expiry).filter(|(_, call)| is_refused(call)).map(|(at, _)| at).collect();
    match (refreshed, refused.is_empty()) {
        (true, _) => Finding::Kept,
        (false, false) => Finding::broken("its access token expired, and it did not refresh", refused),
        (false, true) => Finding::NotReached("the client made no call after its access token had expired"),
    }
}

fn is_refused(call: &Call) -> bool {
    call.kind == CallKind::Probe && call.status() == Some(401) && call.access_of.is_some()
}

/// Whether a refresh is under way at the time of a call.
pub(super) fn is_refreshing(evidence: &Evidence, call: &Call) -> bool {
    let mut refreshes = evidence.of_kind(CallKind::Refresh);
    refreshes.any(|(_, refresh)| refresh.at <= call.at && call.at < refresh.answered + ON_ITS_WAY)
}

/// Calls with the access token of a pair after it was first refused, without those beside a refresh.
pub(super) fn uses_after_refusal(evidence: &Evidence, phase: Phase, pair: usize) -> Vec<usize> {
    let uses = evidence.in_phase(phase).filter(|(_, call)| is_refused(call) && call.access_of == Some(pair));
    let Some(known) = uses.clone().map(|(_, call)| call.answered).min() else { return Vec::new() };
    uses.filter(|(_, call)| call.at > known && !is_refreshing(evidence, call)).map(|(at, _)| at).collect()
}

pub(super) fn in_time(evidence: &Evidence) -> Finding {
    if evidence.phase(Phase::Expiry).is_none() {
        return Finding::NotReached("the run did not come to this phase");
    }
    let allowed = evidence.in_flight_allowance();
    for pair in 0..evidence.pairs.len() {
        let late = uses_after_refusal(evidence, Phase::Expiry, pair);
        if late.len() > allowed {
            let what = format!("it sent an expired access token {} times after it was refused", late.len());
            return Finding::broken(what, late);
        }
    }
    let renewed = evidence.in_phase(Phase::Expiry).any(|(_, call)| call.issued.is_some());
    if renewed {
        Finding::Kept
    } else {
        Finding::NotReached("the client got no new pair when its access token expired")
    }
}

pub(super) fn one_at_a_time(evidence: &Evidence) -> Finding {
    let refreshes: Vec<(usize, &Call)> =
        evidence.of_kind(CallKind::Refresh).filter(|(_, call)| call.refresh_of.is_some()).collect();
    for (index, (first_at, first)) in refreshes.iter().enumerate() {
        let overlaps = |(_, call): &&(usize, &Call)| call.refresh_of == first.refresh_of && call.at < first.answered;
        if let Some((at, _)) = refreshes.iter().skip(index + 1).find(overlaps) {
            return Finding::broken("it refreshed with one refresh token twice at the same time", [*first_at, *at]);
        }
    }
    if refreshes.is_empty() {
        Finding::NotReached("the client did not refresh")
    } else if evidence.concurrency() < 2 {
        Finding::NotShown("the client never had two requests under way at one time")
    } else {
        Finding::Kept
    }
}

/// For each pair, when the pair that was made from it reached the client.
fn replaced_at(evidence: &Evidence, pair: usize) -> Option<Duration> {
    let next = evidence.pairs.iter().filter(|next| next.from == Some(pair) && next.is_delivered);
    next.map(|next| next.at).min()
}

pub(super) fn new_access_token(evidence: &Evidence) -> Finding {
    let allowed = evidence.in_flight_allowance();
    let mut shown = false;
    for pair in 0..evidence.pairs.len() {
        let Some(replaced) = replaced_at(evidence, pair) else { continue };
        shown = true;
        let is_old = |call: &Call| call.access_of == Some(pair) && call.at > replaced + ON_ITS_WAY;
        let old: Vec<usize> =
            evidence.of_kind(CallKind::Probe).filter(|(_, call)| is_old(call)).map(|(at, _)| at).collect();
        if old.len() > allowed {
            return Finding::broken(format!("it used an access token {} times after it had a new one", old.len()), old);
        }
    }
    if shown { Finding::Kept } else { Finding::NotReached("the client got no new pair by a refresh") }
}

pub(super) fn new_refresh_token(evidence: &Evidence) -> Finding {
    let refreshes = || evidence.of_kind(CallKind::Refresh).filter_map(|(at, call)| Some((at, call, call.refresh_of?)));
    let is_spent = |call: &Call, pair: usize| replaced_at(evidence, pair).is_some_and(|at| call.at > at + ON_ITS_WAY);
    let spent: Vec<usize> = refreshes().filter(|(_, call, pair)| is_spent(call, *pair)).map(|(at, ..)| at).collect();
    if !spent.is_empty() {
        return Finding::broken(format!("it showed a spent refresh token again (refreshes: {})", spent.len()), spent);
    }
    if refreshes().count() >= 2 { Finding::Kept } else { Finding::NotReached("the client refreshed less than twice") }
}

pub(super) fn not_too_often(evidence: &Evidence) -> Finding {
    if let Err(not_judged) = super::failed_phase(evidence, Phase::Quiet) {
        return not_judged;
    }
    let is_quiet = |phase: Phase| matches!(phase, Phase::Between | Phase::Quiet | Phase::Redirect);
    let refreshes = evidence.of_kind(CallKind::Refresh).filter(|(_, call)| is_quiet(call.phase));
    let early = refreshes.filter_map(|(at, call)| {
        let pair = evidence.pairs.get(call.refresh_of?)?;
        let is_early = pair.lifetime == LONG_LIFETIME && !was_refused(evidence, call);
        is_early.then_some((at, call.at.saturating_sub(pair.at)))
    });
    // Several threads may have learned of the end of one token, and each refresh at once; a timer or a habit comes back later.
    let (later, at_once): (Vec<_>, Vec<_>) = early.partition(|(_, age)| *age > AT_ONCE);
    let allowed = if later.len() > 1 { 0 } else { 1 + evidence.in_flight_allowance() };
    let early = later.into_iter().chain(at_once).map(|(at, _)| at).collect();
    Finding::at_most(allowed, early, |count| {
        format!("it refreshed {count} times while its access token had 20 minutes to live")
    })
}

/// Whether a call with the access token of a session was refused before this refresh of it.
fn was_refused(evidence: &Evidence, refresh: &Call) -> bool {
    let before = evidence.calls.iter().take_while(|call| call.at <= refresh.at);
    before.filter(|call| call.access_of == refresh.refresh_of).any(is_refused)
}

pub(super) fn one_login(evidence: &Evidence) -> Finding {
    let ordinary = |kind: CallKind| {
        let phases = [Phase::Start, Phase::Expiry, Phase::Quiet];
        evidence.of_kind(kind).filter(move |(_, call)| phases.contains(&call.phase))
    };
    let logins: Vec<usize> = ordinary(CallKind::Login).map(|(at, _)| at).collect();
    let good = ordinary(CallKind::Probe).filter(|(_, call)| call.is_good()).count();
    if logins.len() >= 3 && logins.len() * 2 > good {
        return Finding::broken(format!("it logged in {} times for {good} calls", logins.len()), logins);
    }
    if good >= 10 { Finding::Kept } else { Finding::NotReached("the client made less than ten good calls") }
}
