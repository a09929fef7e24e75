//! Sentences that judge any answer: its status, its form, and what it carries.

use serde_json::{Map, Value};

use super::words::{Member, Part, Token};
use crate::{
    Mismatch, StepError, World,
    check::{alike, guessing, repeated, tokens_in, verification},
    message::{Answer, Call},
    tokens::Pair,
};

fn status_is(answer: &Answer, holds: bool, expected: &str) -> Result<(), Mismatch> {
    if holds { Ok(()) } else { Err(Mismatch::new(expected, answer.status_text()).at(answer.exchange)) }
}

pub(super) async fn answer_is(world: &mut World, status: u16) -> Result<(), StepError> {
    world.each(|answer| status_is(answer, answer.status == status, &format!("the status {status}")))
}

pub(super) async fn answer_is_json_object(world: &mut World) -> Result<(), StepError> {
    world.each(is_json_object)
}

fn is_json_object(answer: &Answer) -> Result<(), Mismatch> {
    status_is(answer, answer.status == 200, "the status 200")?;
    let expected = "a JSON object as application/json";
    if !answer.json.as_ref().is_some_and(Value::is_object) {
        return Err(Mismatch::new(expected, "the body is no JSON object").at(answer.exchange));
    }
    match answer.media_type().as_deref() {
        Some("application/json") => Ok(()),
        Some(other) => Err(Mismatch::new(expected, format!("it comes as {other}")).at(answer.exchange)),
        None => Err(Mismatch::new(expected, "it comes without a Content-Type").at(answer.exchange)),
    }
}

pub(super) async fn is_client_error(world: &mut World) -> Result<(), StepError> {
    world.each(|answer| status_is(answer, answer.is_client_error(), "a client error (4xx)"))
}

pub(super) async fn is_no_server_error(world: &mut World) -> Result<(), StepError> {
    world.each(|answer| status_is(answer, answer.status < 500, "no server error (5xx)"))
}

pub(super) async fn carries_no_token(world: &mut World) -> Result<(), StepError> {
    no_token(world).await
}

pub(super) async fn no_answer_carries_a_token(world: &mut World) -> Result<(), StepError> {
    no_token(world).await
}

async fn no_token(world: &World) -> Result<(), StepError> {
    for answer in world.judged()? {
        tokens_in::none(&world.api, answer).await?;
    }
    Ok(())
}

impl Part {
    /// As the schema of token answers calls it.
    fn property(self) -> &'static str {
        match self {
            Self::Access => "accessToken",
            Self::Refresh => "refreshToken",
            Self::AccessLifetime => "accessTokenLifeTime",
            Self::RefreshLifetime => "refreshTokenLifeTime",
        }
    }
}

pub(super) async fn carries_part(world: &mut World, part: Part) -> Result<(), StepError> {
    carries(world, &[part])
}

pub(super) async fn carries_everything(world: &mut World) -> Result<(), StepError> {
    carries_as_much_as_the_login(world)
}

/// The refresh lifetime is only asked for where the login's answer told it.
fn carries_as_much_as_the_login(world: &World) -> Result<(), StepError> {
    let mut parts = vec![Part::Access, Part::Refresh, Part::AccessLifetime];
    if world.pairs.first().is_some_and(|login| login.refresh_lifetime.is_some()) {
        parts.push(Part::RefreshLifetime);
    }
    carries(world, &parts)
}

fn carries(world: &World, parts: &[Part]) -> Result<(), StepError> {
    let answer = world.answer()?;
    if !answer.is_success() || answer.json.is_none() {
        return Err(Mismatch::new("a token answer", answer.status_text())
            .at(answer.exchange)
            .requirement("ISSUE-1")
            .as_inconclusive());
    }
    let canonical = canonical(world, answer);
    let problems = world.site().shared.schemas.problems("token-answer", &canonical);
    let problems = problems.map_err(|error| StepError::inconclusive(error.to_string()))?;
    for part in parts {
        let about = |problem: &&crate::schema::SchemaProblem| problem.property.as_deref() == Some(part.property());
        let missing = canonical.get(part.property()).is_none().then(|| "the answer has none".to_owned());
        if let Some(problem) = problems.iter().find(about).map(|problem| problem.message.clone()).or(missing) {
            let expected = format!("the {} at {}", part.property(), place(world, *part));
            return Err(Mismatch::new(expected, problem).at(answer.exchange).into());
        }
    }
    Ok(())
}

fn place(world: &World, part: Part) -> &crate::target::Pointer {
    let dialect = &world.site().target.dialect;
    match part {
        Part::Access => &dialect.access_token,
        Part::Refresh => &dialect.refresh_token,
        Part::AccessLifetime => &dialect.access_lifetime,
        Part::RefreshLifetime => &dialect.refresh_lifetime,
    }
}

/// The answer with the names that the schema uses, wherever this deployment puts them.
fn canonical(world: &World, answer: &Answer) -> Value {
    let parts = [Part::Access, Part::Refresh, Part::AccessLifetime, Part::RefreshLifetime];
    let found =
        |part: Part| Some((part.property().to_owned(), place(world, part).find(answer.json.as_ref()?)?.clone()));
    Value::Object(parts.into_iter().filter_map(found).collect::<Map<_, _>>())
}

pub(super) async fn differ(world: &mut World, one: Token, other: Token) -> Result<(), StepError> {
    tokens_differ(world, one, other)
}

fn tokens_differ(world: &World, one: Token, other: Token) -> Result<(), StepError> {
    if world.token(one)? != world.token(other)? {
        return Ok(());
    }
    let exchange = world.answer()?.exchange;
    Err(Mismatch::new("two different tokens", "they are the same").at(exchange).into())
}

pub(super) async fn refresh_lives_longer(world: &mut World) -> Result<(), StepError> {
    lifetimes_in_order(world)
}

fn lifetimes_in_order(world: &World) -> Result<(), StepError> {
    let Pair { access_lifetime, refresh_lifetime, .. } = world.pair()?;
    let (Some(access), Some(refresh)) = (access_lifetime, refresh_lifetime) else {
        return Err(StepError::inconclusive("the answer does not tell both lifetimes (see ISSUE-4)"));
    };
    if refresh >= access {
        return Ok(());
    }
    let answered = format!("{} s against {} s", refresh.as_secs_f64(), access.as_secs_f64());
    Err(Mismatch::new("a refresh lifetime not below the access lifetime", answered).at(world.answer()?.exchange).into())
}

pub(super) async fn forbids_to_store(world: &mut World) -> Result<(), StepError> {
    no_store(world)
}

fn no_store(world: &World) -> Result<(), StepError> {
    let is_token_answer = |answer: &Answer| world.api.pair(answer, "").map(drop);
    world.judged()?.iter().try_for_each(is_token_answer).map_err(|mismatch| mismatch.as_inconclusive())?;
    let no_store = |answer: &Answer| {
        let directives: Vec<&str> = answer.headers_named("cache-control").collect();
        if directives.iter().flat_map(|value| value.split(',')).any(|word| word.trim().eq_ignore_ascii_case("no-store"))
        {
            return Ok(());
        }
        let answered =
            if directives.is_empty() { "there is no Cache-Control".to_owned() } else { directives.join(", ") };
        Err(Mismatch::new("`Cache-Control: no-store`", answered).at(answer.exchange))
    };
    world.each(no_store)
}

pub(super) async fn does_not_repeat_password(world: &mut World) -> Result<(), StepError> {
    world.each(|answer| repeated::none_of(&world.sent, "the password", answer))
}

pub(super) async fn cannot_be_told_apart(world: &mut World) -> Result<(), StepError> {
    alike_in_the_middle(world)
}

fn alike_in_the_middle(world: &World) -> Result<(), StepError> {
    let [first, subject, last] = world.judged()? else {
        return Err(StepError::inconclusive("three answers are needed to compare"));
    };
    for answer in [first, subject, last] {
        is_a_refusal(world, answer).map_err(|mismatch| mismatch.as_inconclusive())?;
    }
    Ok(alike::indistinguishable([first, subject, last], &world.named)?)
}

/// Refusals can only be compared where there are some.
fn is_a_refusal(world: &World, answer: &Answer) -> Result<(), Mismatch> {
    match answer.call {
        Call::Verify => {
            verification::is_refused(answer, &world.site().target.dialect).map_err(|wrong| wrong.requirement("OTT-2"))
        }
        _ if world.api.pair(answer, "").is_ok() => {
            Err(Mismatch::new("wrong credentials to be refused", "they are accepted").requirement("ISSUE-6"))
        }
        _ => Ok(()),
    }
}

pub(super) async fn differ_by_bits(world: &mut World, member: Member, bits: u32) -> Result<(), StepError> {
    enough_change(world, member, bits)
}

fn enough_change(world: &World, member: Member, bits: u32) -> Result<(), StepError> {
    let tokens: Vec<&str> = world
        .pairs
        .iter()
        .map(|pair| if member == Member::Access { pair.access.expose() } else { pair.refresh.expose() })
        .collect();
    if tokens.len() < 8 {
        return Err(world.expect_pairs().err().unwrap_or_else(|| StepError::inconclusive("too few tokens")));
    }
    let found = guessing::bits_of_change(&tokens);
    if found >= f64::from(bits) {
        return Ok(());
    }
    let answered = format!("{found:.0} bits change over {} tokens", tokens.len());
    Err(Mismatch::new(format!("at least {bits} bits of change from token to token"), answered).into())
}
