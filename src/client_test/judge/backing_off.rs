//! Whether a client gives way to a server that asks for time, and how much it sends to one that fails.

use std::time::Duration;

use super::{
    Finding, after_failure, failed_phase,
    refreshing::{not_too_often, one_login},
    renewing::goes_on,
};
use crate::client_test::{
    evidence::{Call, CallKind, Evidence, pauses},
    phase::{CALL_RETRY_AFTER, LONG_LIFETIME, OUTAGE, Phase, REFRESH_RETRY_AFTER, REFUSALS, TOO_LONG},
};

/// How much earlier than asked a request may come: clocks and timers are not exact.
const EARLY: Duration = Duration::from_millis(100);
/// New pairs after which repeated refusals must have been noticed.
const ENOUGH_PAIRS: usize = 5;

pub(super) fn from_429(evidence: &Evidence) -> Finding {
    waits(evidence, Phase::TooMany, CallKind::Probe, CALL_RETRY_AFTER)
}

pub(super) fn from_503(evidence: &Evidence) -> Finding {
    waits(evidence, Phase::Unavailable, CallKind::Probe, CALL_RETRY_AFTER)
}

/// Kept where no request of the kind came before the time that `Retry-After` asked for was over.
fn waits(evidence: &Evidence, phase: Phase, kind: CallKind, seconds: u64) -> Finding {
    let (run, failed_at) = match failed_phase(evidence, phase) {
        Ok(failed) => failed,
        Err(not_judged) => return not_judged,
    };
    let until = failed_at + Duration::from_secs(seconds).saturating_sub(EARLY);
    let known =
        evidence.in_phase(phase).find(|(_, call)| call.at == failed_at).map_or(failed_at, |(_, call)| call.answered);
    let is_early = |call: &Call| call.kind == kind && call.at > known && call.at < until;
    let early: Vec<usize> = after_failure(evidence, run).filter(|(_, call)| is_early(call)).map(|(at, _)| at).collect();
    let silence = run.ended.saturating_sub(until);
    if silence >= TOO_LONG
        && !after_failure(evidence, run).any(|(_, call)| call.at >= until)
        && !evidence.has_ended_in(phase)
    {
        let (at, _) = evidence.in_phase(phase).find(|(_, call)| call.at == failed_at).unzip();
        let what = format!(
            "it sent no request for {:.0} s after the {seconds} s that Retry-After asked for",
            silence.as_secs_f64()
        );
        return Finding::broken(what, at);
    }
    Finding::at_most(evidence.in_flight_allowance(), early, |count| {
        format!("{count} of its requests came within the {seconds} s that Retry-After asked for")
    })
}

pub(super) fn session_kept(evidence: &Evidence) -> Finding {
    // What a client does all the time it does not do because of an answer.
    let always = [not_too_often(evidence), one_login(evidence)];
    if always.iter().any(|finding| matches!(finding, Finding::Broken { .. })) {
        return Finding::NotReached("the client refreshes or logs in without need where nothing fails, too");
    }
    let mut shown = false;
    for phase in [Phase::TooMany, Phase::Unavailable, Phase::Outage] {
        let Ok((run, failed_at)) = failed_phase(evidence, phase) else { continue };
        let newest = evidence.pairs.iter().rev().find(|pair| pair.at < failed_at);
        if newest.is_none_or(|pair| pair.lifetime != LONG_LIFETIME) {
            continue;
        }
        shown = true;
        let is_renewal = |call: &Call| matches!(call.kind, CallKind::Login | CallKind::Refresh);
        let renewals: Vec<usize> =
            after_failure(evidence, run).filter(|(_, call)| is_renewal(call)).map(|(at, _)| at).collect();
        if !renewals.is_empty() {
            return Finding::broken("it refreshed or logged in because a call was answered 429 or 503", renewals);
        }
        if let Some(end) = evidence.ends.iter().find(|end| end.phase == phase && !end.is_success) {
            return Finding::broken(format!("it ended ({}) after a call was answered 429 or 503", end.status), []);
        }
    }
    if shown { Finding::Kept } else { Finding::NotReached("the run did not come to these phases") }
}

pub(super) fn refresh_503(evidence: &Evidence) -> Finding {
    match waits(evidence, Phase::RefreshUnavailable, CallKind::Refresh, REFRESH_RETRY_AFTER) {
        Finding::Kept => goes_on(evidence, Phase::RefreshUnavailable, |progress| progress.good_calls_renewed),
        other => other,
    }
}

pub(super) fn refresh_again(evidence: &Evidence) -> Finding {
    let run = match failed_phase(evidence, Phase::RefreshUnavailable) {
        Ok((run, _)) => run,
        Err(not_judged) => return not_judged,
    };
    let logins =
        after_failure(evidence, run).filter(|(_, call)| call.kind == CallKind::Login).map(|(at, _)| at).collect();
    Finding::at_most(0, logins, |count| format!("it logged in after a refresh was answered 503 (logins: {count})"))
}

/// Requests within so much time of the failure.
fn within(evidence: &Evidence, phase: Phase, length: Duration) -> Result<Vec<(usize, &Call)>, Finding> {
    let (_, failed_at) = failed_phase(evidence, phase)?;
    Ok(evidence.in_phase(phase).filter(|(_, call)| call.at >= failed_at && call.at < failed_at + length).collect())
}

const NO_RATE: Finding = Finding::NotReached("it is not known how often the client calls where nothing fails");

pub(super) fn from_refusals(evidence: &Evidence) -> Finding {
    // A call, a refresh and a second call each time, and a quarter more.
    more_than(evidence, Phase::AlwaysRefused, REFUSALS, 4.0, 20)
}

pub(super) fn in_outage(evidence: &Evidence) -> Finding {
    more_than(evidence, Phase::Outage, OUTAGE, 1.5, 4)
}

/// Kept where the client sent no more than `factor` times what it sends where nothing fails, and `more`, and goes on to pause.
fn more_than(evidence: &Evidence, phase: Phase, length: Duration, factor: f64, more: usize) -> Finding {
    let sent = match within(evidence, phase, length) {
        Ok(sent) => sent,
        Err(not_judged) => return not_judged,
    };
    let Some(rate) = evidence.ordinary_rate() else { return NO_RATE };
    let (ordinary, most) = (rate * length.as_secs_f64(), evidence.busiest(length));
    let count = sent.len();
    let is_hot = count as f64 > ordinary * 1.5 && never_pauses(evidence, &sent);
    if !is_hot && count as f64 <= ordinary.max(most as f64) * factor + more as f64 {
        return Finding::Kept;
    }
    let what = format!(
        "it sent {count} requests in {:.1} s; where nothing fails it sends {ordinary:.0}",
        length.as_secs_f64()
    );
    Finding::broken(what, sent.into_iter().map(|(at, _)| at))
}

/// Whether a client with one connection no longer waits between its requests. Unlike a count, this holds on a busy machine too.
fn never_pauses(evidence: &Evidence, sent: &[(usize, &Call)]) -> bool {
    let Some(usual) = evidence.usual_pause() else { return false };
    let calls: Vec<&Call> = sent.iter().map(|(_, call)| *call).collect();
    let long = pauses(&calls).filter(|pause| *pause * 2 >= usual).count();
    long * 5 < calls.len()
}

pub(super) fn stops(evidence: &Evidence) -> Finding {
    let sent = match within(evidence, Phase::AlwaysRefused, REFUSALS) {
        Ok(sent) => sent,
        Err(not_judged) => return not_judged,
    };
    let renewals: Vec<usize> = sent.into_iter().filter(|(_, call)| call.issued.is_some()).map(|(at, _)| at).collect();
    let allowed = ENOUGH_PAIRS + evidence.in_flight_allowance();
    Finding::at_most(allowed, renewals, |count| format!("it got {count} new pairs while each of them was refused"))
}

pub(super) fn slows_down(evidence: &Evidence) -> Finding {
    let sent = match within(evidence, Phase::Outage, OUTAGE) {
        Ok(sent) => sent,
        Err(not_judged) => return not_judged,
    };
    let Some(rate) = evidence.ordinary_rate() else { return NO_RATE };
    let ordinary = rate * OUTAGE.as_secs_f64();
    if ordinary < 5.0 {
        return Finding::NotShown("the client calls so seldom that it need not slow down");
    }
    let most = (ordinary * 0.7).ceil() as usize + 1;
    Finding::at_most(most, sent.into_iter().map(|(at, _)| at).collect(), |count| {
        format!("it sent {count} requests while the server answered 503; where nothing fails it sends {ordinary:.0}")
    })
}
