//! How a client gets a new session after a refusal or a lost answer, and how often it tries.

use std::collections::BTreeSet;

use super::{Finding, after_failure, failed_phase, refreshing::uses_after_refusal};
use crate::client_test::{
    evidence::{Call, CallKind, Evidence},
    phase::{Phase, PhaseProgress},
};

/// Refused logins that are no loop.
const REFUSED_LOGINS: usize = 3;
/// Repetitions of a refresh whose answer was lost that are no loop: an HTTP library may repeat one by itself, beside the two of the client.
const LOST_REPETITIONS: usize = 3;
/// Uses of a refused access token that are no habit.
const REFUSED_USES: usize = 2;

pub(super) fn after_one_refusal(evidence: &Evidence) -> Finding {
    goes_on(evidence, Phase::OneRefusal, |progress| progress.good_calls_after)
}

pub(super) fn after_early_end(evidence: &Evidence) -> Finding {
    goes_on(evidence, Phase::Ended, |progress| progress.good_calls_renewed)
}

pub(super) fn after_lost_answer(evidence: &Evidence) -> Finding {
    goes_on(evidence, Phase::Lost, |progress| progress.good_calls_renewed)
}

/// Kept where good calls came after the failure of the phase.
pub(super) fn goes_on(evidence: &Evidence, phase: Phase, good_calls: fn(&PhaseProgress) -> usize) -> Finding {
    let (run, failed_at) = match failed_phase(evidence, phase) {
        Ok(failed) => failed,
        Err(not_judged) => return not_judged,
    };
    if good_calls(&run.progress) > 0 {
        return Finding::Kept;
    }
    if evidence.ends.iter().any(|end| end.phase == phase && end.is_success) && evidence.ends_when_done() {
        return Finding::NotReached("the client ended by itself, as it does where nothing fails");
    }
    let seconds = run.ended.saturating_sub(failed_at).as_secs_f64();
    let what = match evidence.ends.iter().find(|end| end.phase == phase) {
        Some(end) => format!("it ended ({}) without another good call", end.status),
        None => format!("it made no good call within {seconds:.1} s"),
    };
    Finding::broken(
        what,
        evidence.in_phase(phase).filter(|(_, call)| call.answered >= failed_at).map(|(at, _)| at).take(8),
    )
}

pub(super) fn refused_token_dropped(evidence: &Evidence) -> Finding {
    if let Err(not_judged) = failed_phase(evidence, Phase::Ended) {
        return not_judged;
    }
    let ended = (0..evidence.pairs.len()).filter(|at| evidence.pairs.get(*at).is_some_and(|pair| pair.is_ended));
    let again: Vec<usize> = ended.flat_map(|pair| uses_after_refusal(evidence, Phase::Ended, pair)).collect();
    Finding::at_most(REFUSED_USES + evidence.in_flight_allowance(), again, |count| {
        format!("it sent a refused access token {count} times more")
    })
}

/// The sessions whose refresh was refused in the phase.
fn refused_sessions(evidence: &Evidence, phase: Phase) -> BTreeSet<usize> {
    evidence
        .in_phase(phase)
        .filter(|(_, call)| is_refused_refresh(call))
        .filter_map(|(_, call)| call.refresh_of)
        .collect()
}

fn is_refused_refresh(call: &Call) -> bool {
    call.kind == CallKind::Refresh && call.status().is_some_and(|status| (400..500).contains(&status))
}

pub(super) fn one_login_after_refusal(evidence: &Evidence) -> Finding {
    let phase = Phase::RefreshRefused;
    let run = match failed_phase(evidence, phase) {
        Ok((run, _)) => run,
        Err(not_judged) => return not_judged,
    };
    let logins: Vec<usize> =
        after_failure(evidence, run).filter(|(_, call)| call.kind == CallKind::Login).map(|(at, _)| at).collect();
    let sessions = refused_sessions(evidence, phase).len().max(1);
    if logins.len() > sessions {
        return Finding::broken(
            format!("it logged in {} times after its refresh token was refused", logins.len()),
            logins,
        );
    }
    goes_on(evidence, phase, |progress| progress.good_calls_renewed)
}

pub(super) fn refusal_not_repeated(evidence: &Evidence) -> Finding {
    if let Err(not_judged) = failed_phase(evidence, Phase::RefreshRefused) {
        return not_judged;
    }
    let mut again = Vec::new();
    for session in refused_sessions(evidence, Phase::RefreshRefused) {
        let is_try = |call: &Call| call.kind == CallKind::Refresh && call.refresh_of == Some(session);
        let tries = evidence.in_phase(Phase::RefreshRefused).filter(|(_, call)| is_try(call));
        let known = tries.clone().map(|(_, call)| call.answered).min().unwrap_or_default();
        again.extend(tries.filter(|(_, call)| call.at > known).map(|(at, _)| at));
    }
    Finding::at_most(evidence.in_flight_allowance(), again, |count| {
        format!("it repeated a refused refresh (repetitions: {count})")
    })
}

pub(super) fn login_not_repeated(evidence: &Evidence) -> Finding {
    if evidence.phase(Phase::LoginRefused).is_none() {
        return Finding::NotReached("the run did not come to this phase");
    }
    let logins: Vec<usize> = evidence
        .in_phase(Phase::LoginRefused)
        .filter(|(_, call)| call.kind == CallKind::Login)
        .map(|(at, _)| at)
        .collect();
    if logins.is_empty() {
        return Finding::NotReached("the client did not log in in this phase");
    }
    let allowed = REFUSED_LOGINS + evidence.in_flight_allowance();
    Finding::at_most(allowed, logins, |count| format!("it repeated a refused login: {count} logins within seconds"))
}

pub(super) fn lost_not_repeated(evidence: &Evidence) -> Finding {
    let run = match failed_phase(evidence, Phase::Lost) {
        Ok((run, _)) => run,
        Err(not_judged) => return not_judged,
    };
    let lost =
        evidence.in_phase(Phase::Lost).find(|(_, call)| call.response.is_none()).and_then(|(_, call)| call.refresh_of);
    let again: Vec<usize> = after_failure(evidence, run)
        .filter(|(_, call)| call.kind == CallKind::Refresh && call.refresh_of.is_some() && call.refresh_of == lost)
        .map(|(at, _)| at)
        .collect();
    Finding::at_most(LOST_REPETITIONS + evidence.in_flight_allowance(), again, |count| {
        format!("it repeated a refresh {count} times whose answer was lost")
    })
}
