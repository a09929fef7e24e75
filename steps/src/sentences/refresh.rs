//! Sentences about presenting a refresh token, or what is taken for one.

use serde_json::json;

use super::words::{Change, Method, Token, User};
use crate::{
    Mismatch, StepError, World,
    api::REFRESH_PATH,
    message::{Answer, Call, Request},
};

pub(super) async fn has_been_refreshed(world: &mut World) -> Result<(), StepError> {
    refreshed(world).await
}

async fn refreshed(world: &mut World) -> Result<(), StepError> {
    world.refresh().await?;
    world.expect_pairs().map(drop)
}

pub(super) async fn refreshing_works(world: &mut World) -> Result<(), StepError> {
    refresh_once(world).await
}

/// With a pair of its own, so that the scenario's tokens stay as they are.
async fn refresh_once(world: &World) -> Result<(), StepError> {
    world.api.ensure_refresh_works().await
}

pub(super) async fn has_been_rotated(world: &mut World) -> Result<(), StepError> {
    rotated(world)
}

fn rotated(world: &World) -> Result<(), StepError> {
    if world.pair()?.refresh == world.earlier_pair()?.refresh {
        return Err(StepError::skipped("the server does not rotate: a refresh gives the same refresh token again"));
    }
    Ok(())
}

pub(super) async fn presented_again(world: &mut World) -> Result<(), StepError> {
    present(world, Token::EarlierRefresh).await
}

pub(super) async fn is_presented(world: &mut World, token: Token) -> Result<(), StepError> {
    present(world, token).await
}

async fn present(world: &mut World, token: Token) -> Result<(), StepError> {
    let request = world.api.refresh_request("GET", &world.token(token)?);
    send(world, request).await
}

async fn send(world: &mut World, request: Request) -> Result<(), StepError> {
    let answer = world.api.client.send(Call::Refresh, request).await?;
    world.answered(answer);
    Ok(())
}

pub(super) async fn nothing_is_presented(world: &mut World) -> Result<(), StepError> {
    send(world, Request::new("GET", REFRESH_PATH)).await
}

pub(super) async fn presented_alone(world: &mut World) -> Result<(), StepError> {
    present(world, Token::Refresh).await
}

pub(super) async fn presented_with_change(world: &mut World, token: Token, change: Change) -> Result<(), StepError> {
    present_changed(world, token, change).await
}

async fn present_changed(world: &mut World, token: Token, change: Change) -> Result<(), StepError> {
    let spoilt = change.of(&world.token(token)?, world)?;
    world.answers.clear();
    for token in spoilt {
        let answer = world.api.present(&token).await?;
        world.answers.push(answer);
    }
    Ok(())
}

pub(super) async fn presented_with_method(world: &mut World, token: Token, method: Method) -> Result<(), StepError> {
    present_with(world, token, method).await
}

async fn present_with(world: &mut World, token: Token, method: Method) -> Result<(), StepError> {
    let request = world.api.refresh_request(method.name(), &world.token(token)?);
    send(world, request).await
}

pub(super) async fn presented_in_body(world: &mut World) -> Result<(), StepError> {
    present_in_body(world).await
}

async fn present_in_body(world: &mut World) -> Result<(), StepError> {
    let token = world.token(Token::Refresh)?;
    let request = Request::new("GET", REFRESH_PATH).json(&json!({ "token": token.expose() })).carrying(&token);
    send(world, request).await
}

pub(super) async fn refreshed_in_a_row(world: &mut World, times: usize) -> Result<(), StepError> {
    refresh_in_a_row(world, times).await
}

/// Goes on only as long as each refresh gives a pair, so that the first failure is the one that is judged.
async fn refresh_in_a_row(world: &mut World, times: usize) -> Result<(), StepError> {
    let mut answers: Vec<Answer> = Vec::with_capacity(times);
    for _ in 0..times {
        let pairs = world.pairs.len();
        world.refresh().await?;
        answers.append(&mut world.answers);
        if world.pairs.len() == pairs {
            break;
        }
    }
    world.answers = answers;
    Ok(())
}

pub(super) async fn has_refreshed_their_pair(world: &mut World, user: User) -> Result<(), StepError> {
    refresh_of(world, user).await
}

async fn refresh_of(world: &mut World, user: User) -> Result<(), StepError> {
    let login = user.credentials(world)?.login;
    let pair = world.pair_of(&login)?.clone();
    let refreshed = world.api.refreshed(&pair).await?;
    world.pairs.push(refreshed);
    Ok(())
}

pub(super) async fn gives_a_new_pair(world: &mut World) -> Result<(), StepError> {
    new_pairs(world)
}

fn new_pairs(world: &World) -> Result<(), StepError> {
    world.each_accepts(|answer| {
        world.api.pair(answer, "").map(drop).map_err(|mismatch| Mismatch { requirement: None, ..mismatch })
    })
}
