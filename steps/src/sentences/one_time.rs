//! Sentences about getting one-time tokens and verifying them, or what is taken for one.

use serde_json::{Value, json};

use super::words::{Change, Method, Token, Verification, WrongPlace};
use crate::{
    Secret, StepError, World,
    api::{VERIFY_PATH, verify_request},
    check::verification,
    message::{Answer, Call, Request},
    tokens::OneTime,
};

pub(super) async fn fresh(world: &mut World) -> Result<(), StepError> {
    mint(world, 1).await
}

pub(super) async fn several_fresh(world: &mut World, count: usize) -> Result<(), StepError> {
    mint(world, count).await
}

async fn mint(world: &mut World, count: usize) -> Result<(), StepError> {
    let login = world.api.one_time_login()?;
    for _ in 0..count {
        world.mint(&login).await?;
    }
    Ok(())
}

pub(super) async fn fresh_of_second(world: &mut World) -> Result<(), StepError> {
    mint_of_second(world).await
}

async fn mint_of_second(world: &mut World) -> Result<(), StepError> {
    let login = world.site().target.one_time.as_ref().and_then(|users| users.second_login.clone());
    let missing = || StepError::skipped("the source gives no token of a second user (`ott.second_login`)");
    world.mint(&login.ok_or_else(missing)?).await
}

pub(super) async fn has_been_verified(world: &mut World) -> Result<(), StepError> {
    verified(world).await
}

pub(super) async fn second_has_been_verified(world: &mut World) -> Result<(), StepError> {
    verified_second(world).await
}

/// A server may keep only the newest token of a user: then there are no others that could stay good.
async fn verified_second(world: &mut World) -> Result<(), StepError> {
    let second = world.one_time.remove(1);
    let others = std::mem::replace(&mut world.one_time, vec![second]);
    let second_is_good = verified(world).await;
    world.one_time = others;
    if second_is_good.is_err() && verified(world).await.is_ok() {
        return Err(StepError::skipped("the server keeps only the newest one-time token of a user"));
    }
    second_is_good
}

/// Verifies the newest token, which must be good.
async fn verified(world: &mut World) -> Result<(), StepError> {
    let token = world.one_time()?.clone();
    let answer = world.api.verify(&token.token).await?;
    verification::names(&answer, &token.login, &world.site().target.dialect)
        .map_err(|mismatch| mismatch.requirement("OTT-1").as_inconclusive())
}

pub(super) async fn made_up_refused(world: &mut World, times: usize) -> Result<(), StepError> {
    refuse_made_up(world, times).await
}

async fn refuse_made_up(world: &mut World, times: usize) -> Result<(), StepError> {
    for _ in 0..times {
        let answer = world.api.verify(&world.token(Token::MadeUpOneTime)?).await?;
        verification::is_refused(&answer, &world.site().target.dialect)
            .map_err(|mismatch| mismatch.requirement("OTT-4").as_inconclusive())?;
    }
    Ok(())
}

pub(super) async fn is_verified(world: &mut World, token: Token) -> Result<(), StepError> {
    verify_all(world, &[token]).await
}

pub(super) async fn is_verified_times(world: &mut World, token: Token, times: usize) -> Result<(), StepError> {
    verify_all(world, &vec![token; times]).await
}

pub(super) async fn and_a_made_up_one(world: &mut World) -> Result<(), StepError> {
    verify_all(world, &[Token::OneTime, Token::MadeUpOneTime]).await
}

/// The token in question stands between two made-up ones, which show what differs by nature.
pub(super) async fn and_made_up_ones(world: &mut World) -> Result<(), StepError> {
    verify_all(world, &[Token::MadeUpOneTime, Token::OneTime, Token::MadeUpOneTime]).await
}

async fn verify_all(world: &mut World, tokens: &[Token]) -> Result<(), StepError> {
    let tokens: Vec<Secret> = tokens.iter().map(|token| world.token(*token)).collect::<Result<_, _>>()?;
    verify_secrets(world, tokens).await
}

async fn verify_secrets(world: &mut World, tokens: Vec<Secret>) -> Result<(), StepError> {
    world.answers.clear();
    for token in &tokens {
        let answer = world.api.verify(token).await?;
        world.answers.push(answer);
    }
    world.named = tokens.iter().map(|token| token.expose().to_owned()).collect();
    Ok(())
}

pub(super) async fn both_are_verified(world: &mut World) -> Result<(), StepError> {
    let tokens = world.one_time.iter().map(|token| token.token.clone()).collect();
    verify_secrets(world, tokens).await
}

/// The one that was verified has left the list.
pub(super) async fn others_are_verified(world: &mut World) -> Result<(), StepError> {
    let tokens = world.one_time.iter().map(|token| token.token.clone()).collect();
    verify_secrets(world, tokens).await
}

pub(super) async fn is_verified_with(world: &mut World, token: Token, change: Change) -> Result<(), StepError> {
    verify_changed(world, token, change).await
}

async fn verify_changed(world: &mut World, token: Token, change: Change) -> Result<(), StepError> {
    let spoilt = change.of(&world.token(token)?, world)?;
    verify_secrets(world, spoilt).await
}

pub(super) async fn is_verified_in(world: &mut World, place: WrongPlace) -> Result<(), StepError> {
    verify_in(world, place).await
}

async fn verify_in(world: &mut World, place: WrongPlace) -> Result<(), StepError> {
    let token = world.one_time()?.token.clone();
    let bare = Request::new("POST", VERIFY_PATH).json(&json!({}));
    let request = match place {
        WrongPlace::Query => bare.secret_query("token", &token),
        WrongPlace::Header => bare.secret_header("token", &token),
    };
    send(world, request).await
}

async fn send(world: &mut World, request: Request) -> Result<(), StepError> {
    let answer = world.api.verification(request).await?;
    world.answered(answer);
    Ok(())
}

pub(super) async fn is_verified_with_method(world: &mut World, method: Method) -> Result<(), StepError> {
    verify_with_method(world, method).await
}

async fn verify_with_method(world: &mut World, method: Method) -> Result<(), StepError> {
    let token = world.one_time()?.token.clone();
    send(world, Request { method: method.name(), ..verify_request(&token) }).await
}

pub(super) async fn asked_with_method(world: &mut World, method: Method) -> Result<(), StepError> {
    let token = world.token(Token::MadeUp);
    ask_with_method(world, method, token).await
}

async fn ask_with_method(world: &mut World, method: Method, token: Result<Secret, StepError>) -> Result<(), StepError> {
    let request = Request { method: method.name(), ..verify_request(&token?) };
    send(world, request).await
}

pub(super) async fn asked_with(world: &mut World, verification: Verification) -> Result<(), StepError> {
    let text = verification.body();
    send(world, Request::new("POST", VERIFY_PATH).text("application/json", text)).await
}

impl Verification {
    fn body(self) -> String {
        let token = match self {
            Self::NoToken => return "{}".to_owned(),
            Self::Malformed => return "{\"token\":".to_owned(),
            Self::EmptyBody => return String::new(),
            Self::Empty => json!(""),
            Self::Null => Value::Null,
            Self::Number => json!(12345),
            Self::Boolean => json!(true),
            Self::List => json!([]),
            Self::Object => json!({}),
        };
        json!({ "token": token }).to_string()
    }
}

pub(super) async fn verified_at_once(world: &mut World, times: usize, rounds: usize) -> Result<(), StepError> {
    race_verifications(world, times, rounds).await
}

async fn race_verifications(world: &mut World, times: usize, rounds: usize) -> Result<(), StepError> {
    world.rounds.clear();
    for _ in 0..rounds {
        // What the race takes is there before its token begins to age.
        world.prepare_for_one_time().await?;
        let client = world.api.client.clone();
        let hold = client.hold(world.racers(times)).await?;
        mint(world, 1).await?;
        let request = verify_request(&world.one_time()?.token);
        let request = world.api.with_access_token_if_needed(request).await?;
        let results = client.race(Call::Verify, vec![request; world.racers(times)]).await;
        client.release(hold);
        let answers: Vec<Answer> = world.raced(results)?;
        world.rounds.push(answers);
    }
    world.answers = world.rounds.concat();
    Ok(())
}

pub(super) async fn without_then_with(world: &mut World) -> Result<(), StepError> {
    verify_without_then_with(world).await
}

async fn verify_without_then_with(world: &mut World) -> Result<(), StepError> {
    let OneTime { token, login, .. } = world.one_time()?.clone();
    let dialect = &world.site().target.dialect;
    let without = world.api.verify_bare(&token).await?;
    if verification::names(&without, &login, dialect).is_ok() {
        world.needed_access_token = Some(false);
        world.answered(without);
        return Ok(());
    }
    let pair = world.api.fresh_pair().await?;
    let with = world.api.client.send(Call::Verify, verify_request(&token).bearer(&pair.access)).await?;
    world.needed_access_token = verification::names(&with, &login, dialect).is_ok().then_some(true);
    world.answered(with);
    Ok(())
}
