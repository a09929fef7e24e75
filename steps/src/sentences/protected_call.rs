//! Sentences about using an access token, or what is taken for one, on a protected call.

use super::words::{Change, Token, User};
use crate::{
    Mismatch, Secret, StepError, World,
    client::Connection,
    fake::{Alteration, altered},
    message::{Answer, Call, Request},
};

impl Change {
    /// The token spoilt in this way, known to the redactor.
    ///
    /// # Errors
    /// Skips the scenario when nothing of this token can be changed that way.
    pub(super) fn of(self, token: &Secret, world: &World) -> Result<Vec<Secret>, StepError> {
        let how = match self {
            Self::Start => Alteration::Start,
            Self::Middle => Alteration::Middle,
            Self::WithoutPart => Alteration::WithoutPart,
            Self::Half => Alteration::Half,
            Self::Longer => Alteration::Longer,
            Self::Recased => Alteration::Recased,
        };
        let spoilt: Vec<Secret> = altered(token, how).into_iter().map(|other| world.api.made_up(other)).collect();
        if spoilt.is_empty() {
            return Err(StepError::skipped("the token has nothing that could be changed that way"));
        }
        Ok(spoilt)
    }
}

async fn call_with(world: &mut World, request: Result<Request, StepError>) -> Result<(), StepError> {
    let answer = world.api.probe(request?).await?;
    world.answered(answer);
    Ok(())
}

pub(super) async fn has_been_accepted(world: &mut World) -> Result<(), StepError> {
    accepted_once(world).await
}

async fn accepted_once(world: &mut World) -> Result<(), StepError> {
    let answer = world.api.use_token(&world.pair()?.access).await?;
    accepted(&answer).or_else(|mismatch| world.blame(&answer, mismatch.requirement("USE-1")))
}

pub(super) async fn is_used(world: &mut World, token: Token) -> Result<(), StepError> {
    use_token(world, token).await
}

async fn use_token(world: &mut World, token: Token) -> Result<(), StepError> {
    let token = world.token(token)?;
    let request = world.api.probe_request().map(|request| request.bearer(&token));
    call_with(world, request).await
}

pub(super) async fn users_token_is_used(world: &mut World, user: User) -> Result<(), StepError> {
    use_token_of(world, user).await
}

async fn use_token_of(world: &mut World, user: User) -> Result<(), StepError> {
    let login = user.credentials(world)?.login;
    let token = world.pair_of(&login)?.access.clone();
    let request = world.api.probe_request().map(|request| request.bearer(&token));
    call_with(world, request).await
}

pub(super) async fn is_used_on_new_connections(world: &mut World, token: Token, times: usize) -> Result<(), StepError> {
    use_on_new_connections(world, token, times).await
}

async fn use_on_new_connections(world: &mut World, token: Token, times: usize) -> Result<(), StepError> {
    let request = world.api.probe_request()?.bearer(&world.token(token)?);
    world.answers.clear();
    for _ in 0..times {
        let answer = world.api.client.send_over(Connection::Fresh, Call::Probe, request.clone()).await?;
        world.answers.push(answer);
    }
    Ok(())
}

pub(super) async fn is_used_with(world: &mut World, token: Token, change: Change) -> Result<(), StepError> {
    use_changed(world, token, change).await
}

async fn use_changed(world: &mut World, token: Token, change: Change) -> Result<(), StepError> {
    let spoilt = change.of(&world.token(token)?, world)?;
    world.answers.clear();
    for token in spoilt {
        let answer = world.api.use_token(&token).await?;
        world.answers.push(answer);
    }
    Ok(())
}

pub(super) async fn is_used_bare(world: &mut World) -> Result<(), StepError> {
    use_with_scheme(world, "").await
}

pub(super) async fn is_used_lower_case(world: &mut World) -> Result<(), StepError> {
    use_with_scheme(world, "bearer ").await
}

async fn use_with_scheme(world: &mut World, scheme: &str) -> Result<(), StepError> {
    let token = world.pair()?.access.clone();
    let value = format!("{scheme}{}", token.expose());
    let request = world.api.probe_request().map(|request| request.header("Authorization", value).carrying(&token));
    call_with(world, request).await
}

pub(super) async fn is_used_in_query(world: &mut World, name: String) -> Result<(), StepError> {
    use_in_query(world, &name).await
}

async fn use_in_query(world: &mut World, name: &str) -> Result<(), StepError> {
    let token = world.pair()?.access.clone();
    let request = world.api.probe_request().map(|request| request.secret_query(name, &token));
    call_with(world, request).await
}

pub(super) async fn without_a_token(world: &mut World) -> Result<(), StepError> {
    let request = world.api.probe_request();
    call_with(world, request).await
}

fn accepted(answer: &Answer) -> Result<(), Mismatch> {
    if answer.is_success() {
        return Ok(());
    }
    Err(Mismatch::new("the call to be accepted", answer.status_text()).at(answer.exchange))
}

pub(super) async fn call_is_accepted(world: &mut World) -> Result<(), StepError> {
    world.each_accepts(accepted)
}

/// Whether a refusal has the right status is for other requirements to say.
pub(super) async fn call_is_refused(world: &mut World) -> Result<(), StepError> {
    let refused = |answer: &Answer| {
        if !answer.is_success() {
            return Ok(());
        }
        Err(Mismatch::new("the call to be refused", answer.status_text()).at(answer.exchange))
    };
    world.each(refused)
}

pub(super) async fn call_is_refused_with_401(world: &mut World) -> Result<(), StepError> {
    let refused = |answer: &Answer| {
        if answer.status == 401 {
            return Ok(());
        }
        Err(Mismatch::new("the call to be refused with 401", answer.status_text()).at(answer.exchange))
    };
    world.each(refused)
}

pub(super) async fn asks_for_bearer(world: &mut World) -> Result<(), StepError> {
    let asks = |answer: &Answer| {
        let schemes: Vec<&str> = answer.headers_named("www-authenticate").collect();
        let bearer = |value: &&str| value.split([',', ' ']).any(|word| word.trim().eq_ignore_ascii_case("bearer"));
        if schemes.iter().any(bearer) {
            return Ok(());
        }
        let answered = if schemes.is_empty() { "the answer has no such header".to_owned() } else { schemes.join(", ") };
        Err(Mismatch::new("the header `WWW-Authenticate: Bearer`", answered).at(answer.exchange))
    };
    world.each(asks)
}

pub(super) async fn names_user(world: &mut World, user: User) -> Result<(), StepError> {
    named(world, user)
}

fn named(world: &World, user: User) -> Result<(), StepError> {
    let login = user.credentials(world)?.login;
    let answer = world.answer()?;
    accepted(answer).map_err(|mismatch| mismatch.requirement("USE-1").as_inconclusive())?;
    match world.api.named_user(answer) {
        Some(named) if named == login => Ok(()),
        Some(named) => Err(Mismatch::new(format!("the token to be {login}'s"), format!("it is {named}'s"))
            .at(answer.exchange)
            .into()),
        None => Err(StepError::skipped(
            "the protected call's answer names no user where `probe_login` points; set it to the place that does",
        )),
    }
}
