//! Sentences about changing lifetimes.

use std::time::Duration;

use serde_json::json;

use super::words::{Lifetime, Token, Value};
use crate::{Mismatch, StepError, World, lifetimes::LifetimeKind, tokens::Pair, world::announced};

impl Lifetime {
    fn setting(self) -> LifetimeKind {
        match self {
            Self::Access => LifetimeKind::Access,
            Self::Refresh => LifetimeKind::Refresh,
            Self::OneTime => LifetimeKind::OneTime,
        }
    }

    /// What a login announces of it.
    fn announced(self, pair: &Pair) -> Result<Duration, StepError> {
        match self {
            Self::Access => announced(pair.access_lifetime, "an access token", "ISSUE-4"),
            Self::Refresh => announced(pair.refresh_lifetime, "a refresh token", "ISSUE-5"),
            Self::OneTime => Err(StepError::skipped("no answer announces the lifetime of one-time tokens")),
        }
    }
}

pub(super) async fn has_been_shortened(world: &mut World, lifetime: Lifetime) -> Result<(), StepError> {
    shorten(world, lifetime).await
}

pub(super) async fn is_shortened(world: &mut World, lifetime: Lifetime) -> Result<(), StepError> {
    shorten(world, lifetime).await
}

/// Once for all scenarios at the same server.
async fn shorten(world: &World, lifetime: Lifetime) -> Result<(), StepError> {
    world.api.shorten(lifetime.setting()).await.map(drop)
}

pub(super) async fn has_been_changed(world: &mut World, lifetime: Lifetime) -> Result<(), StepError> {
    world.change_lifetime(lifetime.setting()).await
}

pub(super) async fn is_changed_without_token(world: &mut World, lifetime: Lifetime) -> Result<(), StepError> {
    world.try_change(lifetime.setting(), &json!(77), None).await
}

pub(super) async fn is_changed_with(world: &mut World, lifetime: Lifetime, token: Token) -> Result<(), StepError> {
    change_with(world, lifetime, token).await
}

async fn change_with(world: &mut World, lifetime: Lifetime, token: Token) -> Result<(), StepError> {
    let token = world.token(token)?;
    world.try_change(lifetime.setting(), &json!(77), Some(&token)).await
}

pub(super) async fn is_set_to(world: &mut World, lifetime: Lifetime, value: Value) -> Result<(), StepError> {
    set_to(world, lifetime, value).await
}

async fn set_to(world: &mut World, lifetime: Lifetime, value: Value) -> Result<(), StepError> {
    let value = match value {
        Value::Zero => json!(0),
        Value::Negative => json!(-60),
        Value::Text => json!("ten"),
    };
    let token = world.api.fresh_pair().await?.access;
    world.try_change(lifetime.setting(), &value, Some(&token)).await
}

pub(super) async fn shortened_is_announced(world: &mut World, lifetime: Lifetime) -> Result<(), StepError> {
    announces_shortened(world, lifetime)
}

fn announces_shortened(world: &World, lifetime: Lifetime) -> Result<(), StepError> {
    let Some(short) = world.site().lifetimes.shortened(lifetime.setting()) else {
        return Err(StepError::inconclusive("no lifetime was shortened"));
    };
    let now = lifetime.announced(world.pair()?)?;
    if now == short {
        return Ok(());
    }
    let expected = format!("a login to announce {} s", short.as_secs_f64());
    Err(Mismatch::new(expected, format!("it announces {} s", now.as_secs_f64())).at(world.answer()?.exchange).into())
}

pub(super) async fn announced_as_before(world: &mut World, lifetime: Lifetime) -> Result<(), StepError> {
    is_as_before(world, lifetime)
}

fn is_as_before(world: &World, lifetime: Lifetime) -> Result<(), StepError> {
    compare(world, lifetime, world.pair()?, world.answer()?.exchange)
}

fn compare(world: &World, lifetime: Lifetime, pair: &Pair, exchange: usize) -> Result<(), StepError> {
    let Some(change) = &world.change else {
        return Err(StepError::inconclusive("no lifetime was changed"));
    };
    let (before, now) = (lifetime.announced(&change.before)?, lifetime.announced(pair)?);
    if before == now {
        return Ok(());
    }
    let expected = format!("a login to announce {} s as before", before.as_secs_f64());
    Err(Mismatch::new(expected, format!("it announces {} s", now.as_secs_f64())).at(exchange).into())
}

pub(super) async fn new_login_as_before(world: &mut World) -> Result<(), StepError> {
    nothing_changed(world).await
}

/// A lifetime that no answer announces cannot be compared; the access lifetime always is.
async fn nothing_changed(world: &mut World) -> Result<(), StepError> {
    let refused = world.answer()?.exchange;
    let now = world.api.fresh_pair().await?;
    compare(world, Lifetime::Access, &now, refused)?;
    if now.refresh_lifetime.is_some() {
        compare(world, Lifetime::Refresh, &now, refused)?;
    }
    Ok(())
}
