//! Sentences about using an access token, or what is taken for one, on a protected call.

use cucumber::{given, then, when};

use super::words::{Change, Token, User};
use crate::{
    Mismatch, Secret, Settle, StepError, World,
    client::{Answer, Call, Connection, Request},
    fake::{Alteration, altered},
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
            return Err(StepError::Skipped("the token has nothing that could be changed that way".to_owned()));
        }
        Ok(spoilt)
    }
}

async fn call_with(world: &mut World, request: Result<Request, StepError>) -> Result<(), StepError> {
    let answer = world.api.probe(request?).await?;
    world.answered(answer);
    Ok(())
}

#[given("the access token has been accepted")]
async fn has_been_accepted(world: &mut World) {
    accepted_once(world).await.settle();
}

async fn accepted_once(world: &mut World) -> Result<(), StepError> {
    let answer = world.api.use_token(&world.pair()?.access).await?;
    accepted(&answer).or_else(|mismatch| world.blame(&answer, mismatch.rests_on("USE-1")))
}

#[when(expr = "{token} is used")]
async fn is_used(world: &mut World, token: Token) {
    use_token(world, token).await.settle();
}

async fn use_token(world: &mut World, token: Token) -> Result<(), StepError> {
    let token = world.token(token)?;
    let request = world.api.probe_request().map(|request| request.bearer(&token));
    call_with(world, request).await
}

#[when(expr = "{user}'s access token is used")]
async fn users_token_is_used(world: &mut World, user: User) {
    use_token_of(world, user).await.settle();
}

async fn use_token_of(world: &mut World, user: User) -> Result<(), StepError> {
    let login = user.credentials(world)?.login;
    let token = world.pair_of(&login)?.access.clone();
    let request = world.api.probe_request().map(|request| request.bearer(&token));
    call_with(world, request).await
}

#[when(expr = "{token} is used {int} times on new connections")]
async fn is_used_on_new_connections(world: &mut World, token: Token, times: usize) {
    use_on_new_connections(world, token, times).await.settle();
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

#[when(expr = "{token} is used with {change}")]
async fn is_used_with(world: &mut World, token: Token, change: Change) {
    use_changed(world, token, change).await.settle();
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

#[when("the access token is used without the word Bearer")]
async fn is_used_bare(world: &mut World) {
    use_with_scheme(world, "").await.settle();
}

#[when("the access token is used with the word bearer in lower case")]
async fn is_used_lower_case(world: &mut World) {
    use_with_scheme(world, "bearer ").await.settle();
}

async fn use_with_scheme(world: &mut World, scheme: &str) -> Result<(), StepError> {
    let token = world.pair()?.access.clone();
    let value = format!("{scheme}{}", token.expose());
    let request = world.api.probe_request().map(|request| request.header("Authorization", value).carrying(&token));
    call_with(world, request).await
}

#[when(expr = "the access token is used in the query string as {string}")]
async fn is_used_in_query(world: &mut World, name: String) {
    use_in_query(world, &name).await.settle();
}

async fn use_in_query(world: &mut World, name: &str) -> Result<(), StepError> {
    let token = world.pair()?.access.clone();
    let request = world.api.probe_request().map(|request| request.secret_query(name, &token));
    call_with(world, request).await
}

#[when("the protected call is made without a token")]
async fn without_a_token(world: &mut World) {
    let request = world.api.probe_request();
    call_with(world, request).await.settle();
}

fn accepted(answer: &Answer) -> Result<(), Mismatch> {
    if answer.is_success() {
        return Ok(());
    }
    Err(Mismatch::new("the call to be accepted", answer.status_text()).at(answer.exchange))
}

#[then(expr = "the/every call is accepted")]
fn call_is_accepted(world: &mut World) {
    world.each_accepts(accepted).settle();
}

/// Whether a refusal has the right status is for other requirements to say.
#[then("the call is refused")]
fn call_is_refused(world: &mut World) {
    let refused = |answer: &Answer| {
        if !answer.is_success() {
            return Ok(());
        }
        Err(Mismatch::new("the call to be refused", answer.status_text()).at(answer.exchange))
    };
    world.each(refused).settle();
}

#[then(expr = "the/every call is refused with 401")]
fn call_is_refused_with_401(world: &mut World) {
    let refused = |answer: &Answer| {
        if answer.status == 401 {
            return Ok(());
        }
        Err(Mismatch::new("the call to be refused with 401", answer.status_text()).at(answer.exchange))
    };
    world.each(refused).settle();
}

#[then("the answer asks for a Bearer token")]
fn asks_for_bearer(world: &mut World) {
    let asks = |answer: &Answer| {
        let schemes: Vec<&str> = answer.headers_named("www-authenticate").collect();
        let bearer = |value: &&str| value.split([',', ' ']).any(|word| word.trim().eq_ignore_ascii_case("bearer"));
        if schemes.iter().any(bearer) {
            return Ok(());
        }
        let answered = if schemes.is_empty() { "the answer has no such header".to_owned() } else { schemes.join(", ") };
        Err(Mismatch::new("the header `WWW-Authenticate: Bearer`", answered).at(answer.exchange))
    };
    world.each(asks).settle();
}

#[then(expr = "the answer names {user}")]
fn names_user(world: &mut World, user: User) {
    named(world, user).settle();
}

fn named(world: &World, user: User) -> Result<(), StepError> {
    let login = user.credentials(world)?.login;
    let answer = world.answer()?;
    accepted(answer).map_err(|mismatch| mismatch.rests_on("USE-1").blocks())?;
    match world.api.named_user(answer) {
        Some(named) if named == login => Ok(()),
        Some(named) => Err(Mismatch::new(format!("the token to be {login}'s"), format!("it is {named}'s"))
            .at(answer.exchange)
            .into()),
        None => Err(StepError::Skipped(
            "the protected call's answer names no user where `probe_login` points; set it to the place that does"
                .to_owned(),
        )),
    }
}
