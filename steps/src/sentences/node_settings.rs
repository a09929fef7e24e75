//! Steps that change a lifetime on each node and look for it on all: in the pairs that they give, or in the settings that they show.

use std::time::Duration;

use super::{
    cluster::{deviates, enough, place, record},
    words::Lifetime,
};
use crate::{
    Mismatch, StepError, World,
    api::number,
    message::{Answer, Call},
    world::NodeAnswer,
};

/// Changes a lifetime on each node, and looks at every one after that. Each node gets back what it had.
pub(super) async fn change_on_each(world: &mut World, lifetime: Lifetime) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    let kind = lifetime.setting();
    let present = world.api.prepare_change(kind).await?;
    let mut before = Vec::new();
    for node in &nodes {
        let api = world.api.on_node(*node);
        let pair = api.fresh_pair().await?;
        let setting = *api.settings(&pair.access).await?.get(kind);
        // What is announced may be in another unit: sent as a setting, it would stay.
        before.push((*node, setting.or_else(|| world.site().lifetimes.present(kind))));
    }
    world.by_node.clear();
    world.node_lifetimes.clear();
    let changed = change_in_turn(world, lifetime, &nodes, present).await;
    for (node, setting) in before {
        let api = world.api.on_node(node);
        // The end of the run makes sure of what does not succeed here.
        if let (Some(setting), Ok(pair)) = (setting, api.fresh_pair().await) {
            let _ = api.change(kind, &number(setting), Some(&pair.access)).await;
        }
    }
    changed?;
    world.answers = world.by_node.iter().map(|it| it.answer.clone()).collect();
    enough(world)
}

async fn change_in_turn(
    world: &mut World,
    lifetime: Lifetime,
    nodes: &[usize],
    present: Duration,
) -> Result<(), StepError> {
    let mut refused: Option<(usize, Answer)> = None;
    let mut is_taken = false;
    for (at, source) in nodes.iter().enumerate() {
        // Far enough from any value before to be no rounding.
        let to = present + Duration::from_secs(10 * (at as u64 + 1));
        let api = world.api.on_node(*source);
        let token = api.fresh_pair().await?.access;
        let answer = api.change(lifetime.setting(), &number(to), Some(&token)).await?;
        if !answer.is_success() {
            refused = refused.or(Some((*source, answer)));
            continue;
        }
        is_taken = true;
        for node in nodes {
            look_at(world, lifetime, *source, *node, to).await?;
        }
    }
    let Some((node, answer)) = refused else { return Ok(()) };
    let answered = format!("{} answers {}", world.site().target.nodes[node], answer.status_text());
    let mismatch = Mismatch::new("every node to accept the change", answered).at(answer.exchange);
    Err(if is_taken { mismatch.into() } else { mismatch.requirement("SETTINGS-1").as_inconclusive() })
}

/// What a node announces after a change on another: in a login and a refresh, or in its settings where no answer announces the lifetime.
async fn look_at(
    world: &mut World,
    lifetime: Lifetime,
    source: usize,
    node: usize,
    to: Duration,
) -> Result<(), StepError> {
    let (api, user) = (world.api.on_node(node), world.user());
    let is_bad = |mismatch: Mismatch| mismatch.requirement("ISSUE-1").as_inconclusive();
    let answer = api.issue(&user).await?;
    let pair = api.pair(&answer, &user.login).map_err(is_bad)?;
    let seen = match lifetime {
        Lifetime::OneTime => {
            let shown = api.settings_answer(&pair.access).await?;
            let unread = || StepError::skipped("no answer announces the lifetime of one-time tokens");
            let seen = api.read_settings(&shown).get(lifetime.setting()).ok_or_else(unread)?;
            vec![(shown, seen)]
        }
        Lifetime::Access | Lifetime::Refresh => {
            let refreshed = api.present(&pair.refresh).await?;
            let next = api.pair(&refreshed, &user.login).ok();
            let later = next.and_then(|next| Some((refreshed, lifetime.announced(&next).ok()?)));
            [Some((answer, lifetime.announced(&pair)?)), later].into_iter().flatten().collect()
        }
    };
    for (answer, announced) in seen {
        let (source, since) = (Some(source), answer.sent);
        world.node_lifetimes.push((to, announced));
        world.by_node.push(NodeAnswer { source, node, action: None, token: None, since, is_later: false, answer });
    }
    Ok(())
}

pub(super) async fn announces_changed(world: &mut World) -> Result<(), StepError> {
    let mut failure = None;
    for (it, (to, announced)) in world.by_node.iter().zip(&world.node_lifetimes) {
        record(world, it);
        if announced <= to && *announced + Duration::from_secs(2) >= *to {
            continue;
        }
        deviates(world, it, "keeps other settings", None);
        let by = if it.answer.call == Call::Refresh { " with a refresh" } else { "" };
        let answered = format!("{} announces {} s{by}", place(world, it), announced.as_secs_f64());
        let expected = format!("every node to announce {} s", to.as_secs_f64());
        failure = failure.or(Some(Mismatch::new(expected, answered).at(it.answer.exchange)));
    }
    failure.map_or(Ok(()), |mismatch| Err(mismatch.into()))
}
