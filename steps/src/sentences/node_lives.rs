//! Steps about lifetimes that end on every node at the same time: tokens of each node are tried on the next one, shortly before their
//! end or after it.

use std::time::Duration;

use super::{
    calls,
    cluster::{each_accepts, enough, log_in_on, try_on},
    words::{Action, Credential, Moment},
};
use crate::{
    Secret, StepError, World,
    lifetimes::LifetimeKind,
    tokens::Pair,
    world::{Life, NodeAnswer, announced},
};

/// On a server that keeps one session of a user, another login would end the first one: then only one node has a login.
pub(super) async fn log_in_on_each(world: &mut World) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    let logins = if world.api.many_sessions().await? { nodes.len() } else { 1 };
    for node in &nodes[..logins] {
        log_in_on(world, *node, &world.user()).await?;
    }
    try_on_next(world, Credential::Access).await?;
    each_accepts(world).map_err(|mismatch| mismatch.requirement("CLUSTER-2").as_inconclusive())
}

/// Which node the source takes is its own affair.
pub(super) async fn mint_for_each(world: &mut World) -> Result<(), StepError> {
    let (nodes, login) = (world.api.nodes().await?, world.api.one_time_login()?);
    if !world.has_plenty_of_one_time_tokens() {
        return Err(StepError::skipped("the source of one-time tokens has none to spare for each node"));
    }
    for _ in &nodes {
        world.mint(&login).await?;
    }
    Ok(())
}

/// Waits until the first of the tokens is nearly over, or until all have ended.
pub(super) async fn lifetimes_pass(world: &mut World, credential: Credential, moment: Moment) -> Result<(), StepError> {
    let lives = lives(world, credential)?;
    let end = |life: &&Life| life.issued.earliest + life.lifetime;
    let life = if moment == Moment::Passed { lives.iter().max_by_key(end) } else { lives.iter().min_by_key(end) };
    let life = life.ok_or_else(|| StepError::inconclusive("no token whose life could pass"))?;
    world.wait_for(moment, *life).await
}

fn lives(world: &World, credential: Credential) -> Result<Vec<Life>, StepError> {
    let of_pair = |kind, lifetime: Option<Duration>, pair: &Pair, what, requirement| {
        Ok(Life { kind, issued: pair.issued, lifetime: announced(lifetime, what, requirement)? })
    };
    match credential {
        Credential::Access => world
            .pairs
            .iter()
            .map(|pair| of_pair(LifetimeKind::Access, pair.access_lifetime, pair, "an access token", "ISSUE-4"))
            .collect(),
        Credential::Refresh => world
            .pairs
            .iter()
            .map(|pair| {
                of_pair(LifetimeKind::Refresh, world.refresh_lifetime(pair), pair, "a refresh token", "ISSUE-5")
            })
            .collect(),
        Credential::OneTime => world
            .one_time
            .iter()
            .map(|token| {
                let lifetime = token.lifetime.ok_or_else(|| {
                    StepError::skipped("how long a one-time token lives is not configured (`ott.lifetime`)")
                })?;
                Ok(Life { kind: LifetimeKind::OneTime, issued: token.issued, lifetime })
            })
            .collect(),
    }
}

/// The token of each node on the node after it: two clocks that differ meet in one of these pairs. A single access token on all others.
pub(super) async fn try_on_next(world: &mut World, credential: Credential) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    world.by_node.clear();
    let action = match credential {
        Credential::Access => Action::Use,
        Credential::Refresh => Action::Present,
        Credential::OneTime => Action::Verify,
    };
    let tokens: Vec<Secret> = match credential {
        Credential::Access => world.pairs.iter().map(|pair| pair.access.clone()).collect(),
        Credential::Refresh => world.pairs.iter().map(|pair| pair.refresh.clone()).collect(),
        Credential::OneTime => world.one_time.iter().map(|one_time| one_time.token.clone()).collect(),
    };
    for (at, token) in tokens.iter().enumerate().take(nodes.len()) {
        let is_single = tokens.len() == 1 && credential == Credential::Access;
        let others = if is_single { nodes[1..].to_vec() } else { vec![nodes[(at + 1) % nodes.len()]] };
        let source = Some(nodes[at]).filter(|_| credential != Credential::OneTime);
        try_on(world, source, &others, action, Some(token)).await?;
    }
    if credential == Credential::OneTime && keeps_newest_only(world) {
        return Err(StepError::skipped("the server keeps only the newest one-time token of a user"));
    }
    enough(world)
}

fn keeps_newest_only(world: &World) -> bool {
    let is_accepted = |it: &NodeAnswer| calls::is_accepted(world, &it.answer).is_ok();
    let Some((newest, earlier)) = world.by_node.split_last() else { return false };
    !earlier.is_empty() && is_accepted(newest) && !earlier.iter().any(is_accepted)
}
