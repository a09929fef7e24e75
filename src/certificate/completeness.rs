//! Whether a run judged everything that its profile asks for, came out conformant, and may be shown to others. Both profiles ask
//! for what must and what should be; what is only observed can be missing, as the code of an error that a server does not give.

use steps::PRECONDITION;

use super::finding::{Finding, named};
use crate::results::{Level, RequirementResult, RequirementVerdict, Results, Verdict};

const MAKE_TESTABLE: &str = "`bo-conformance doctor` lists what the configuration lacks to test it";
const AGAIN: &str = "run it again when the server and the way to it are quiet";
const MEND_PRECONDITION: &str = "have the requirement repaired that it needs, or waive that one: what cannot be judged without it is waived with it";
const MEND_SOURCE: &str = "mend the source of one-time tokens that `ott` names, and run it again";
const SLOWER: &str = "set a lower `requests_per_second`, or have the limit raised for the login, and run it again";
const MORE_ROOM: &str = "give it more room: longer `short_lifetimes`, or more `requests_per_second`; `bo-conformance doctor` shows what fits";
const CONNECT: &str = "see what stands between here and the server, or set `connections = \"fresh\"`, and run it again";
const KEEP: &str = "pass nothing of it on; take them out of what the run was given, and run it again";
const SHOW: &str = "have the client do what docs/client.md describes, and run it again";
const REPAIR_CLIENT: &str = "have it repaired, and run it again";
const REPAIR: &str = "have it repaired, or waive it in the configuration with a reason, an owner and a date";

/// What is missing, broken or not fit to be seen.
pub(super) fn findings(results: &Results) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !results.selection.complete {
        findings.push(Finding::new("only a part of the suite was run", "run it without --tags and --requirement"));
    }
    findings.extend(judged(results));
    findings
}

/// The same whatever part of the suite was run.
pub(super) fn judged(results: &Results) -> Vec<Finding> {
    let mut findings: Vec<Finding> = leaked(results).into_iter().collect();
    findings.extend(not_restored(results));
    findings.extend(results.interrupted.as_ref().map(|signal| {
        Finding::new(format!("{signal} interrupted the run"), "complete it with `bo-conformance run --resume`")
    }));
    let is_client = results.client.is_some();
    // What a client of its kind does not do, as with one-time tokens, it cannot do wrong; the certificate lists it.
    if !is_client {
        findings.extend(unjudged(results.skipped(), "skipped", |_| MAKE_TESTABLE));
    }
    let in_doubt = results.requirements.iter().filter(|it| it.verdict == RequirementVerdict::Inconclusive);
    findings.extend(unjudged(in_doubt, "not judged", if is_client { |_| SHOW } else { advice_on_doubt }));
    let broken = |it: &RequirementResult| it.verdict == RequirementVerdict::Fail && it.waived.is_none();
    let broken = ids(results.requirements.iter().filter(|it| broken(it)));
    if !broken.is_empty() {
        let advice = if is_client { REPAIR_CLIENT } else { REPAIR };
        findings.push(Finding::new(format!("{} breaks {}", results.subject(), named(&broken)), advice));
    } else if results.verdict != Verdict::Conformant && findings.is_empty() {
        findings.push(Finding::new(format!("its verdict is {}", results.verdict), AGAIN));
    }
    findings
}

/// What must not be shown to others.
pub(super) fn leaked(results: &Results) -> Option<Finding> {
    let places: Vec<&str> = results.leaks.iter().map(String::as_str).collect();
    let what = || format!("secrets stand in what the run of {} wrote ({})", results.started_at, named(&places));
    (!places.is_empty()).then(|| Finding::new(what(), KEEP))
}

/// Lifetimes that the run may have left changed: the server differs from the one that is to be certified.
fn not_restored(results: &Results) -> Option<Finding> {
    let first = results.settings_not_restored.first()?;
    let lifetimes: Vec<&str> = results.settings_not_restored.iter().map(|it| it.lifetime.as_str()).collect();
    let what = format!("the run of {} may have left the {} lifetime changed", results.started_at, named(&lifetimes));
    Some(Finding::new(what, format!("run `{}`, then run the suite again", first.command)))
}

/// Requirements without a judgement, those with the same reason together.
fn unjudged<'a>(
    requirements: impl Iterator<Item = &'a RequirementResult>,
    what: &str,
    advice: fn(&str) -> &'static str,
) -> Vec<Finding> {
    let asked_for = |it: &&RequirementResult| it.level != Level::Observe && it.waived.is_none();
    let mut left: Vec<&RequirementResult> = requirements.filter(asked_for).collect();
    let mut findings = Vec::new();
    while let Some(reason) = left.first().map(|it| it.reason.clone()) {
        let (alike, others): (Vec<_>, Vec<_>) = left.into_iter().partition(|it| it.reason == reason);
        let why = reason.as_deref().unwrap_or("no reason is given");
        let verb = if alike.len() == 1 { "was" } else { "were" };
        let names = named(&ids(alike.into_iter()));
        findings.push(Finding::new(format!("{names} {verb} {what} ({why})"), advice(why)));
        left = others;
    }
    findings
}

/// What makes a requirement judgeable that was inconclusive for this reason.
fn advice_on_doubt(reason: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    if has(&[PRECONDITION]) {
        MEND_PRECONDITION
    } else if has(&["one-time token of", "no one-time token"]) {
        MEND_SOURCE
    } else if has(&["a token came to the server"]) {
        MORE_ROOM
    } else if has(&["again and again"]) {
        SLOWER
    } else if has(&["no connection to the server", "the connection broke", "has been given up"]) {
        CONNECT
    } else {
        AGAIN
    }
}

fn ids<'a>(requirements: impl Iterator<Item = &'a RequirementResult>) -> Vec<&'a str> {
    requirements.map(|requirement| requirement.id.as_str()).collect()
}
