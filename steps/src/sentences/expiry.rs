//! Sentences about lifetimes that pass.

use super::words::{Token, When};
use crate::{
    Mismatch, StepError, World,
    lifetimes::LifetimeKind,
    world::{Life, Moment, announced},
};

impl When {
    fn moment(self) -> Moment {
        match self {
            Self::NearlyOver => Moment::NearlyOver,
            Self::Passed => Moment::Passed,
        }
    }
}

/// When the life of a token began, and how long it is.
fn life(world: &World, token: Token) -> Result<Life, StepError> {
    match token {
        Token::Access | Token::EarlierAccess => {
            let pair = if token == Token::Access { world.pair()? } else { world.earlier_pair()? };
            let lifetime = announced(pair.access_lifetime, "an access token", "ISSUE-4")?;
            Ok(Life { kind: LifetimeKind::Access, issued: pair.issued, lifetime })
        }
        Token::Refresh | Token::EarlierRefresh => {
            let pair = if token == Token::Refresh { world.pair()? } else { world.earlier_pair()? };
            let lifetime = world.refresh_lifetime(pair);
            let lifetime = announced(lifetime, "a refresh token", "ISSUE-5")?;
            Ok(Life { kind: LifetimeKind::Refresh, issued: pair.issued, lifetime })
        }
        Token::OneTime => {
            let token = world.one_time()?;
            let unknown = || StepError::skipped("how long a one-time token lives is not configured (`ott.lifetime`)");
            let lifetime = token.lifetime.ok_or_else(unknown)?;
            Ok(Life { kind: LifetimeKind::OneTime, issued: token.issued, lifetime })
        }
        _ => Err(StepError::inconclusive("a made-up token has no lifetime")),
    }
}

pub(super) async fn lifetime_passes(world: &mut World, token: Token, when: When) -> Result<(), StepError> {
    wait(world, token, when.moment()).await
}

async fn wait(world: &World, token: Token, moment: Moment) -> Result<(), StepError> {
    world.wait_for(moment, life(world, token)?).await
}

pub(super) async fn half_has_passed(world: &mut World) -> Result<(), StepError> {
    wait_for_half(world).await
}

async fn wait_for_half(world: &World) -> Result<(), StepError> {
    world.wait_for_part(0.5, life(world, Token::Access)?).await
}

pub(super) async fn refresh_outlives_access(world: &mut World) -> Result<(), StepError> {
    outlives(world)
}

fn outlives(world: &World) -> Result<(), StepError> {
    let access = life(world, Token::Access)?.lifetime;
    let refresh = world.refresh_lifetime(world.pair()?);
    if refresh.is_some_and(|refresh| refresh <= access + world.site().target.margin * 2) {
        return Err(StepError::skipped("the refresh token does not outlive the access token (see ISSUE-5)"));
    }
    Ok(())
}

pub(super) async fn used_until_the_end(world: &mut World) -> Result<(), StepError> {
    use_until_the_end(world).await
}

async fn use_until_the_end(world: &World) -> Result<(), StepError> {
    let token = world.pair()?.access.clone();
    let life = life(world, Token::Access)?;
    for part in [0.25, 0.5, 0.75] {
        world.wait_for_part(part, life).await?;
        world.api.use_token(&token).await?;
    }
    world.wait_for(Moment::NearlyOver, life).await?;
    world.api.use_token(&token).await?;
    world.wait_for(Moment::Passed, life).await
}

pub(super) async fn as_worthless(world: &mut World) -> Result<(), StepError> {
    no_better_than_unused(world).await
}

async fn no_better_than_unused(world: &World) -> Result<(), StepError> {
    let unused = world.api.use_token(&world.earlier_pair()?.access).await?;
    world.judges(&unused);
    if unused.is_success() {
        let reason = "an access token that was not used is accepted after its lifetime too (see EXPIRY-2)";
        return Err(StepError::inconclusive(reason));
    }
    let used = world.api.use_token(&world.pair()?.access).await?;
    world.judges(&used);
    if used.is_success() {
        let answered = "it is accepted, and one that was not used is refused";
        return Err(Mismatch::new("the used token to be refused after its lifetime", answered)
            .at(used.exchange)
            .into());
    }
    Ok(())
}
