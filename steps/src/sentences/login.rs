//! Sentences about logging in with the right credentials.

use super::words::User;
use crate::{StepError, World, target::Credentials};

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

pub(super) async fn has_logged_in(world: &mut World, user: User) -> Result<(), StepError> {
    logged_in(world, user).await
}

async fn logged_in(world: &mut World, user: User) -> Result<(), StepError> {
    world.log_in(&user.credentials(world)?).await?;
    world.expect_pairs().map(drop)
}

pub(super) async fn is_logged_in(world: &mut World) -> Result<(), StepError> {
    share_session(world).await
}

async fn share_session(world: &mut World) -> Result<(), StepError> {
    let pair = world.api.shared_pair().await?;
    world.pairs.push(pair);
    Ok(())
}

pub(super) async fn logs_in(world: &mut World, user: User) -> Result<(), StepError> {
    log_in_times(world, user, 1).await
}

pub(super) async fn logs_in_times(world: &mut World, user: User, times: usize) -> Result<(), StepError> {
    log_in_times(world, user, times).await
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
