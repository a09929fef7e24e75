//! What a client is as a program: whether it runs, names itself, and keeps its secrets.

use super::Finding;
use crate::client_test::{evidence::Evidence, phase::Phase};

pub(super) fn keeps_running(evidence: &Evidence) -> Finding {
    if let Some(end) = evidence.ends.iter().find(|end| end.phase.is_ordinary() && !end.is_success) {
        let last =
            if end.last_words.is_empty() { "it wrote nothing to standard error" } else { "see its standard error" };
        return Finding::broken(
            format!("it ended by itself ({}) while {}; {last}", end.status, end.phase.condition()),
            [],
        );
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

pub(super) fn names_itself(evidence: &Evidence) -> Finding {
    if evidence.calls.is_empty() {
        return Finding::NotReached("the client sent no request");
    }
    let unnamed = evidence
        .calls
        .iter()
        .enumerate()
        .filter(|(_, call)| call.request.header("user-agent").is_none_or(str::is_empty));
    Finding::at_most(0, unnamed.map(|(at, _)| at).collect(), |count| format!("{count} requests have no User-Agent"))
}

pub(super) fn prints_no_secret(evidence: &Evidence) -> Finding {
    if evidence.pairs.is_empty() {
        return Finding::NotReached("the client did not log in");
    }
    let is_printed = |secret: &str| evidence.printed.contains(secret);
    if is_printed(&evidence.password) {
        return Finding::broken("it printed the password", []);
    }
    if evidence.pairs.iter().any(|pair| is_printed(&pair.access) || is_printed(&pair.refresh)) {
        return Finding::broken("it printed a token", []);
    }
    Finding::Kept
}
