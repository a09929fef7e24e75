//! Sentences about a client's mistakes and how they are answered.

use serde_json::json;

use super::{
    credentials::{of_somebody_unknown, without_password},
    words::Mistake,
};
use crate::{
    Mismatch, Secret, StepError, World, answer_summary,
    api::{ERRORS_PATH, REFRESH_PATH, TOKEN_PATH, VERIFY_PATH, verify_request},
    check::{internals, repeated},
    fake,
    message::{Answer, Call, Request},
};

/// The statuses that the vendor's pages name for a client's mistake.
const DOCUMENTED: [u16; 5] = [400, 401, 404, 405, 406];
const NOWHERE: &str = "/no-such-path";

pub(super) async fn gets(world: &mut World, mistake: Mistake) -> Result<(), StepError> {
    make(world, mistake).await
}

async fn make(world: &mut World, mistake: Mistake) -> Result<(), StepError> {
    let secret = world.api.made_up(fake::text(43));
    let (call, request) = mistake.request(world, &secret)?;
    let answer = match call {
        Call::Issue => world.api.attempt("", request).await?,
        Call::Verify => world.api.verification(request).await?,
        call => world.api.client.send(call, request).await?,
    };
    world.sent = vec![secret];
    world.answered(answer);
    Ok(())
}

impl Mistake {
    /// The request that makes it; `secret` goes wherever the mistake carries one.
    fn request(self, world: &World, secret: &Secret) -> Result<(Call, Request), StepError> {
        let api = &world.api;
        let malformed = format!("{{\"login\":\"x\",\"password\":\"{}\"", secret.expose());
        Ok(match self {
            Self::UnknownLogin => (Call::Issue, of_somebody_unknown(world, secret)),
            Self::NoPassword => (Call::Issue, without_password()),
            Self::NoJson => {
                (Call::Issue, Request::new("POST", TOKEN_PATH).text("application/json", malformed).carrying(secret))
            }
            Self::LoginMethod => (Call::Issue, Request::new("GET", TOKEN_PATH)),
            Self::NoToken => (Call::Probe, api.probe_request()?),
            Self::MadeUpToken => (Call::Probe, api.probe_request()?.bearer(secret)),
            Self::MadeUpRefresh => (Call::Refresh, api.refresh_request("GET", secret)),
            Self::NoRefresh => (Call::Refresh, Request::new("GET", REFRESH_PATH)),
            Self::RefreshMethod => (Call::Refresh, api.refresh_request("POST", secret)),
            Self::MadeUpOneTime => (Call::Verify, verify_request(secret)),
            Self::NoOneTime => (Call::Verify, Request::new("POST", VERIFY_PATH).json(&json!({}))),
            Self::VerificationNoJson => {
                (Call::Verify, Request::new("POST", VERIFY_PATH).text("application/json", malformed).carrying(secret))
            }
            Self::VerificationMethod => (Call::Verify, Request::new("GET", VERIFY_PATH)),
            Self::UnknownPath => (Call::Other, Request::new("GET", NOWHERE)),
        })
    }
}

pub(super) async fn unknown_path(world: &mut World) -> Result<(), StepError> {
    call_nowhere(world).await
}

async fn call_nowhere(world: &mut World) -> Result<(), StepError> {
    let request = Request::new("GET", NOWHERE).bearer(&world.pair()?.access);
    let answer = world.api.call(request).await?;
    world.answered(answer);
    Ok(())
}

pub(super) async fn is_documented_error(world: &mut World) -> Result<(), StepError> {
    world.each(|answer| documented(answer, DOCUMENTED.contains(&answer.status)))
}

pub(super) async fn is_documented_refusal(world: &mut World) -> Result<(), StepError> {
    world.each(|answer| documented(answer, answer.is_success() || DOCUMENTED.contains(&answer.status)))
}

fn documented(answer: &Answer, holds: bool) -> Result<(), Mismatch> {
    if holds {
        return Ok(());
    }
    Err(Mismatch::new("one of the documented statuses 400, 401, 404, 405, 406", answer.status_text())
        .at(answer.exchange))
}

pub(super) async fn error_is_json(world: &mut World) -> Result<(), StepError> {
    errors_are_json(world)
}

fn errors_are_json(world: &World) -> Result<(), StepError> {
    for answer in world.judged()?.iter().filter(|answer| !answer.is_success() && !answer.body.is_empty()) {
        let wrong = |answered: String| Mismatch::new("a JSON body as application/json", answered).at(answer.exchange);
        if answer.media_type().as_deref() != Some("application/json") {
            let answered = answer.media_type().unwrap_or_else(|| "nothing at all".to_owned());
            return Err(wrong(format!("the body comes as {answered}")).into());
        }
        let Some(json) = &answer.json else {
            return Err(wrong("the body is no JSON".to_owned()).into());
        };
        let problems = world.site().shared.schemas.problems("error", json);
        if let Some(problem) = problems.map_err(|error| StepError::inconclusive(error.to_string()))?.first() {
            return Err(wrong(problem.message.clone()).into());
        }
    }
    Ok(())
}

pub(super) async fn is_discreet(world: &mut World) -> Result<(), StepError> {
    world.each(|answer| {
        repeated::none_of(&world.sent, "a token or password", answer)?;
        internals::none_in(answer)
    })
}

fn error_code(world: &World, answer: &Answer) -> Option<String> {
    answer_summary::error_code(answer.json.as_ref()?, &world.site().target.dialect)
}

pub(super) async fn records_code(world: &mut World, mistake: Mistake) -> Result<(), StepError> {
    record_code(world, mistake)
}

fn record_code(world: &World, mistake: Mistake) -> Result<(), StepError> {
    let answer = world.answer()?;
    let code = error_code(world, answer).unwrap_or_else(|| "no code".to_owned());
    world.observe(
        &format!("Which error code comes with {}?", mistake.as_written()),
        &format!("{} with {}", code, answer.status),
    );
    Ok(())
}

pub(super) async fn code_of(world: &mut World, mistake: Mistake) -> Result<(), StepError> {
    take_code(world, mistake).await
}

async fn take_code(world: &mut World, mistake: Mistake) -> Result<(), StepError> {
    make(world, mistake).await?;
    world.error_code = error_code(world, world.answer()?);
    Ok(())
}

pub(super) async fn looked_up(world: &mut World) -> Result<(), StepError> {
    look_up(world).await
}

async fn look_up(world: &mut World) -> Result<(), StepError> {
    let Some(code) = world.error_code.clone() else {
        return Err(StepError::skipped("the server's errors carry no code to look up"));
    };
    let request = Request::new("GET", ERRORS_PATH).query("errorId", &code).bearer(&world.pair()?.access);
    let answer = world.api.call(request).await?;
    world.answered(answer);
    Ok(())
}
