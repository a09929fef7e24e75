//! Steps that refresh a pair of tokens, and judge the new one.

use super::words::{Token, User};
use crate::{Mismatch, StepError, World, message::Answer};

pub(super) async fn refreshed_pair(world: &mut World, user: User) -> Result<(), StepError> {
    let login = user.credentials(world)?.login;
    let pair = world.pair_of(&login)?.clone();
    let refreshed = world.api.refreshed(&pair).await?;
    world.pairs.push(refreshed);
    Ok(())
}

/// With a pair of its own, so that the scenario's tokens stay as they are.
pub(super) async fn refreshing_works(world: &mut World) -> Result<(), StepError> {
    world.api.ensure_refresh_works().await
}

pub(super) async fn has_been_rotated(world: &mut World) -> Result<(), StepError> {
    if world.pair()?.refresh == world.earlier_pair()?.refresh {
        return Err(StepError::skipped("the server does not rotate: a refresh gives the same refresh token again"));
    }
    Ok(())
}

/// Whatever the server answers.
pub(super) async fn has_been_presented(world: &mut World, token: Token) -> Result<(), StepError> {
    world.api.present(&world.token(token)?).await?;
    Ok(())
}

/// Generations of refresh tokens that are tried where requests are paced.
const MOST_GENERATIONS: usize = 4;

/// Goes on only as long as each refresh gives a pair, so that the first failure is the one that is judged.
pub(super) async fn refresh_repeatedly(world: &mut World, times: usize) -> Result<(), StepError> {
    let mut answers: Vec<Answer> = Vec::with_capacity(times);
    let times = if world.is_unhurried() { times } else { times.min(MOST_GENERATIONS) };
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

pub(super) async fn gives_new_pair(world: &mut World) -> Result<(), StepError> {
    world.each_accepts(|answer| {
        world.api.pair(answer, "").map(drop).map_err(|mismatch| Mismatch { requirement: None, ..mismatch })
    })
}
