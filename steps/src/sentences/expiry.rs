//! Steps about lifetimes that pass.

use super::words::{Moment, Token};
use crate::{
    Mismatch, StepError, World,
    lifetimes::LifetimeKind,
    world::{Life, announced},
};

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
        _ => Err(StepError::inconclusive("the lifetime of this token is not known")),
    }
}

pub(super) async fn lifetime_passes(world: &mut World, token: Token, moment: Moment) -> Result<(), StepError> {
    world.wait_for(moment, life(world, token)?).await
}

pub(super) async fn refresh_token_outlives(world: &mut World) -> Result<(), StepError> {
    let access = life(world, Token::Access)?.lifetime;
    let refresh = world.refresh_lifetime(world.pair()?);
    if refresh.is_some_and(|refresh| refresh <= access + world.site().target.margin * 2) {
        return Err(StepError::skipped("the refresh token does not outlive the access token (see ISSUE-5)"));
    }
    Ok(())
}

pub(super) async fn use_until_the_end(world: &mut World, token: Token) -> Result<(), StepError> {
    let life = life(world, token)?;
    let token = world.token(token)?;
    for part in [0.25, 0.5, 0.75] {
        world.wait_for_part(part, life).await?;
        world.api.use_token(&token).await?;
    }
    world.wait_for(Moment::NearlyOver, life).await?;
    world.api.use_token(&token).await?;
    world.wait_for(Moment::Passed, life).await
}

/// The earlier access token has not been used. Where it lives on too, nothing follows for the used one.
pub(super) async fn use_does_not_prolong(world: &mut World) -> Result<(), StepError> {
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
