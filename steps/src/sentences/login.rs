//! Sentences about logging in with the right credentials.

use cucumber::{given, when};

use super::words::User;
use crate::{Settle, StepError, World, target::Credentials};

impl User {
    /// # Errors
    /// Skips the scenario when the target has no such user.
    pub(super) fn credentials(self, world: &World) -> Result<Credentials, StepError> {
        match self {
            Self::First => Ok(world.user()),
            Self::Second => world.second_user(),
        }
    }
}

#[given(expr = "{user} has logged in")]
async fn has_logged_in(world: &mut World, user: User) {
    logged_in(world, user).await.settle();
}

async fn logged_in(world: &mut World, user: User) -> Result<(), StepError> {
    world.log_in(&user.credentials(world)?).await?;
    world.expect_pairs().map(drop)
}

#[given("the user is logged in")]
async fn is_logged_in(world: &mut World) {
    share_session(world).await.settle();
}

async fn share_session(world: &mut World) -> Result<(), StepError> {
    let pair = world.site().session.pair(&world.api).await?;
    world.pairs.push(pair);
    Ok(())
}

#[when(expr = "{user} logs in")]
async fn logs_in(world: &mut World, user: User) {
    log_in_times(world, user, 1).await.settle();
}

#[when(expr = "{user} logs in {int} times")]
async fn logs_in_times(world: &mut World, user: User, times: usize) {
    log_in_times(world, user, times).await.settle();
}

async fn log_in_times(world: &mut World, user: User, times: usize) -> Result<(), StepError> {
    let user = user.credentials(world)?;
    let mut answers = Vec::with_capacity(times);
    for _ in 0..times {
        world.log_in(&user).await?;
        answers.append(&mut world.answers);
    }
    world.answers = answers;
    Ok(())
}
