//! Steps that judge any answer by its status, its headers and its form.

use std::sync::atomic::Ordering;

use serde_json::Value;

use super::{calls, words::AnswerKind};
use crate::{
    Mismatch, StepError, World,
    message::{Answer, Call},
};

/// The statuses that the vendor's pages name for a client's mistake.
const DOCUMENTED: [u16; 5] = [400, 401, 404, 405, 406];

pub(super) async fn have_status(world: &mut World, status: u16) -> Result<(), StepError> {
    world.each(|answer| has_status(answer, answer.status == status, &format!("the status {status}")))
}

fn has_status(answer: &Answer, holds: bool, expected: &str) -> Result<(), Mismatch> {
    if holds { Ok(()) } else { Err(Mismatch::new(expected, answer.status_text()).at(answer.exchange)) }
}

pub(super) async fn are(world: &mut World, kind: AnswerKind) -> Result<(), StepError> {
    world.each(|answer| match kind {
        AnswerKind::JsonObject => is_json_object(world, answer),
        AnswerKind::ClientError => has_status(answer, answer.is_client_error(), "a client error (4xx)"),
        AnswerKind::DocumentedError => is_documented(answer, DOCUMENTED.contains(&answer.status)),
        AnswerKind::DocumentedRefusal => {
            is_documented(answer, answer.is_success() || DOCUMENTED.contains(&answer.status))
        }
    })
}

fn is_json_object(world: &World, answer: &Answer) -> Result<(), Mismatch> {
    has_status(answer, answer.status == 200, "the status 200")?;
    let expected = "a JSON object as application/json";
    if !answer.json.as_ref().is_some_and(Value::is_object) {
        return Err(Mismatch::new(expected, "the body is not a JSON object").at(answer.exchange));
    }
    // A server that writes every answer so makes one mistake, which the requirement about logins names.
    let is_known = answer.call != Call::Issue && world.site().behaviour.login_is_misencoded.load(Ordering::Relaxed);
    if let Some(flaw) = answer.flaw.filter(|_| !is_known) {
        return Err(Mismatch::new(expected, format!("the body {flaw}")).at(answer.exchange));
    }
    match answer.media_type().as_deref() {
        Some("application/json") => Ok(()),
        Some(other) => Err(Mismatch::new(expected, format!("it comes as {other}")).at(answer.exchange)),
        None => Err(Mismatch::new(expected, "it comes without a Content-Type").at(answer.exchange)),
    }
}

/// One in so many answers of a race may come from a gateway.
const RARE: usize = 10;

fn is_documented(answer: &Answer, holds: bool) -> Result<(), Mismatch> {
    has_status(answer, holds, "one of the documented statuses 400, 401, 404, 405, 406")
}

/// A request of a race goes out once. Where a gateway answers one of many, as it does now and then, that is none of the server's errors.
pub(super) async fn are_no_server_errors(world: &mut World) -> Result<(), StepError> {
    let judged = world.judged()?;
    let from_gateway = judged.iter().filter(|answer| answer.is_from_gateway()).count();
    let is_rare = from_gateway * RARE <= judged.len();
    world.each(|answer| {
        let is_right = answer.status < 500 || (is_rare && answer.is_from_gateway());
        has_status(answer, is_right, "no server error (5xx)")
    })
}

pub(super) async fn have_json_errors(world: &mut World) -> Result<(), StepError> {
    for answer in world.judged()?.iter().filter(|answer| !answer.is_success() && !answer.body.is_empty()) {
        let wrong = |answered: String| Mismatch::new("a JSON body as application/json", answered).at(answer.exchange);
        if answer.media_type().as_deref() != Some("application/json") {
            let answered = answer.media_type().unwrap_or_else(|| "no type".to_owned());
            return Err(wrong(format!("the body comes as {answered}")).into());
        }
        let Some(json) = &answer.json else {
            return Err(wrong("the body is not JSON".to_owned()).into());
        };
        if let Some(flaw) = answer.flaw {
            return Err(wrong(format!("the body {flaw}")).into());
        }
        let problems = world.site().shared.schemas.problems("error", json);
        if let Some(problem) = problems.map_err(|error| StepError::inconclusive(error.to_string()))?.first() {
            return Err(wrong(problem.message.clone()).into());
        }
    }
    Ok(())
}

pub(super) async fn are_not_cacheable(world: &mut World) -> Result<(), StepError> {
    let is_token_answer = |answer: &Answer| world.api.pair(answer, "").map(drop);
    world.judged()?.iter().try_for_each(is_token_answer).map_err(|mismatch| mismatch.as_inconclusive())?;
    world.each(|answer| {
        let directives: Vec<&str> = answer.headers_named("cache-control").collect();
        let mut words = directives.iter().flat_map(|value| value.split(','));
        if words.any(|word| word.trim().eq_ignore_ascii_case("no-store")) {
            return Ok(());
        }
        let answered =
            if directives.is_empty() { "there is no Cache-Control".to_owned() } else { directives.join(", ") };
        Err(Mismatch::new("`Cache-Control: no-store`", answered).at(answer.exchange))
    })
}

/// Compares what the last step sent with what it sent between.
pub(super) async fn are_indistinguishable(world: &mut World) -> Result<(), StepError> {
    let Some(comparison) = &world.comparison else {
        return Err(StepError::inconclusive("there are no answers to compare"));
    };
    for answer in world.judged()? {
        // Only refusals can be compared.
        let requirement = if answer.call == Call::Verify { "OTT-2" } else { "ISSUE-6" };
        calls::is_refused(world, answer).map_err(|mismatch| mismatch.requirement(requirement).as_inconclusive())?;
    }
    comparison.difference().map_or(Ok(()), |difference| Err(difference.into()))
}
