//! Steps that refresh a pair of tokens, and judge the new one.

use std::time::Duration;

use super::words::{Token, User};
use crate::{Mismatch, StepError, World, check::tokens_in, message::Answer, pace::WHOLE_SECOND};

pub(super) async fn refreshed_pair(world: &mut World, user: User) -> Result<(), StepError> {
    let login = user.credentials(world)?.login;
    let pair = world.pair_of(&login)?.clone();
    let answer = world.api.present(&pair.refresh).await?;
    match world.api.pair(&answer, &pair.login) {
        Ok(refreshed) => {
            world.pairs.push(refreshed.after(&pair));
            Ok(())
        }
        Err(mismatch) => {
            // Where refreshing works, others may have ended this pair.
            world.api.ensure_refresh_works().await?;
            world.blame(&answer, mismatch.requirement("REFRESH-1"))
        }
    }
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

/// Of the earlier refresh token, which the newest pair has spent.
pub(super) async fn grace_has_passed(world: &mut World) -> Result<(), StepError> {
    let (earlier, newest) = (world.earlier_pair()?, world.pair()?);
    let end = world.refresh_lifetime(earlier).map(|lifetime| earlier.issued.earliest + lifetime);
    world.wait_for_grace(newest.issued.latest, end).await
}

/// Since the newest pair was given.
pub(super) async fn have_passed_since_refresh(world: &mut World, seconds: usize) -> Result<(), StepError> {
    let time = Duration::from_secs(seconds as u64);
    let max_wait = world.site().target.max_wait;
    if time > max_wait {
        let reason = format!("{seconds} s are longer than `max_wait` ({} s)", max_wait.as_secs_f64());
        return Err(StepError::skipped(reason));
    }
    let (earlier, newest) = (world.earlier_pair()?, world.pair()?);
    let (moment, lifetime) = (newest.issued.latest + time, world.refresh_lifetime(earlier));
    if lifetime.is_some_and(|lifetime| moment + WHOLE_SECOND >= earlier.issued.earliest + lifetime) {
        return Err(StepError::skipped(format!("a refresh token does not live {seconds} s after a refresh")));
    }
    world.wait_out(moment).await
}

/// A server that answers a spent token with a pair is asked how long it does.
pub(super) async fn spent_is_refused(world: &mut World) -> Result<(), StepError> {
    for answer in world.judged()? {
        if world.api.pair(answer, "").is_ok() {
            let answered = format!("{}; {}", answer.status_text(), world.api.spent_grace().await?);
            return Err(Mismatch::new("the spent refresh token to be refused", answered).at(answer.exchange).into());
        }
        if !answer.is_client_error() {
            return Err(Mismatch::new("a client error (4xx)", answer.status_text()).at(answer.exchange).into());
        }
        tokens_in::none(&world.api, answer).await?;
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
