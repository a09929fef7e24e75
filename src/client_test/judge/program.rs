//! What a client is as a program: whether it runs, names itself, and keeps its secrets.

use std::time::Duration;

use super::Finding;
use crate::client_test::{
    evidence::{CallKind, Evidence, PhaseRun},
    phase::Phase,
};

/// A client that makes no request for so many times its usual pace has stopped.
const MANY_PACES: u32 = 20;
/// The least pace that is reckoned with.
const SHORTEST_PACE: Duration = Duration::from_millis(100);

pub(super) fn keeps_running(evidence: &Evidence) -> Finding {
    if let Some(end) = evidence.ends.iter().find(|end| end.phase.is_ordinary() && !end.is_success) {
        let last = match end.last_words.as_str() {
            "" => "it wrote nothing to standard error".to_owned(),
            words => format!("the end of its standard error: {words}"),
        };
        let what = format!("it ended by itself ({}) while {}; {last}", end.status, end.phase.condition());
        return Finding::broken(what, []);
    }
    if let Some(silence) = evidence.starts.iter().skip(1).find_map(|start| silence_before(evidence, *start)) {
        let what =
            format!("it stopped calling for {:.0} s while the server answered as documented", silence.as_secs_f64());
        return Finding::broken(what, []);
    }
    for phase in [Phase::Expiry, Phase::Quiet] {
        let Some(run) = evidence.phase(phase) else { continue };
        if run.progress.good_calls == 0 && evidence.ends.iter().all(|end| end.phase != phase) {
            let calls = evidence.in_phase(phase).map(|(at, _)| at).take(5);
            return Finding::broken(format!("it made no good call while {}", phase.condition()), calls);
        }
    }
    match evidence.calls.iter().filter(|call| call.is_good()).count() {
        0 => Finding::NotReached("the client made no good call"),
        _ => Finding::Kept,
    }
}

/// How long a client had made no request when it was started again; `None` where it had ended, had a reason to wait, or calls seldom.
fn silence_before(evidence: &Evidence, start: Duration) -> Option<Duration> {
    let last = evidence.calls.iter().rev().find(|call| call.at < start)?;
    let previous = evidence.starts.iter().rev().find(|it| **it < start)?;
    let calls = evidence.calls.iter().filter(|call| call.at >= *previous && call.at < start).count();
    let has_reason = |run: &PhaseRun| !run.phase.is_ordinary() && run.ended > last.at && run.begun < start;
    let is_idle = last.phase.is_ordinary() && !evidence.phases.iter().any(has_reason);
    let has_ended = evidence.ends.iter().any(|end| end.at > *previous && end.at <= start);
    let usual = last.at.saturating_sub(*previous).checked_div(calls.try_into().ok()?)?;
    let silence = start.saturating_sub(last.answered);
    (is_idle && !has_ended && calls >= 5 && silence > usual.max(SHORTEST_PACE) * MANY_PACES).then_some(silence)
}

pub(super) fn names_itself(evidence: &Evidence) -> Finding {
    if evidence.calls.is_empty() {
        return Finding::NotReached("the client sent no request");
    }
    // A library may make logins and refreshes apart from the client that the program has named: its calls count, where there are any.
    let has_calls = evidence.of_kind(CallKind::Probe).next().is_some();
    let counted = evidence.calls.iter().enumerate().filter(|(_, call)| !has_calls || call.kind == CallKind::Probe);
    let unnamed = counted.filter(|(_, call)| call.request.header("user-agent").is_none_or(str::is_empty));
    Finding::at_most(0, unnamed.map(|(at, _)| at).collect(), |count| format!("{count} requests have no User-Agent"))
}

pub(super) fn prints_no_secret(evidence: &Evidence) -> Finding {
    let is_printed = |secret: &str| !secret.is_empty() && evidence.printed.contains(secret);
    if is_printed(&evidence.password) {
        return Finding::broken("it printed the password", []);
    }
    let is_token_printed = evidence.pairs.iter().any(|pair| is_printed(&pair.access) || is_printed(&pair.refresh));
    if is_token_printed || evidence.one_time.iter().any(|token| is_printed(token)) {
        return Finding::broken("it printed a token", []);
    }
    if evidence.pairs.is_empty() { Finding::NotReached("the client did not log in") } else { Finding::Kept }
}
