//! Steps that spend a token on one node and show it to every other: at once, by races over all nodes, and again a while later.

use std::time::Duration;

use super::{
    calls,
    cluster::{SHORTEST_PAUSE, deviates, end_of, enough, log_in_on, place, record, seconds, try_on},
    words::Race,
};
use crate::{
    Mismatch, Secret, StepError, World,
    api::verify_request,
    message::{Answer, Call},
    target::Credentials,
    world::NodeAnswer,
};

/// Delays after which a spent token is tried, to measure when it is refused.
const DELAYS: [u64; 10] = [10, 20, 50, 100, 250, 500, 1_000, 2_000, 5_000, 12_000];
/// How long before its end a token is not looked at any more: a refusal would show its age.
pub(super) const BEFORE_END: Duration = Duration::from_millis(2_500);
/// Most time that one such measurement may take.
const LONGEST_MEASUREMENT: Duration = Duration::from_secs(45);
/// When spent tokens are shown again: a node may have forgotten them by then.
const LATER: Duration = Duration::from_secs(2);

/// Which token is spent. A node may know the first token of a session or the tokens of one user better than others.
#[derive(Clone)]
enum Spent {
    OneTime { login: String },
    Refresh { user: Credentials, refreshed: bool },
}

impl Spent {
    /// What a race may spend, the usual first. Further tokens are taken only where there are plenty.
    fn all(world: &World, race: Race) -> Result<Vec<Self>, StepError> {
        let (target, user) = (&world.site().target, world.user());
        Ok(match race {
            Race::OneTime => {
                let second = target.one_time.as_ref().and_then(|users| users.second_login.clone());
                let second = second.filter(|_| world.has_plenty_of_one_time_tokens());
                let logins = [Some(world.api.one_time_login()?), second].into_iter().flatten();
                logins.map(|login| Self::OneTime { login }).collect()
            }
            Race::Refresh => {
                let second = target.second_user.clone().unwrap_or_else(|| user.clone());
                vec![Self::Refresh { user, refreshed: false }, Self::Refresh { user: second, refreshed: true }]
            }
        })
    }

    /// A fresh token that this node has spent, and its answer.
    async fn spend_on(&self, world: &mut World, node: usize) -> Result<(Secret, Answer), StepError> {
        let (token, answer) = match self {
            Self::OneTime { login } => {
                world.mint(login).await?;
                let token = world.one_time()?.token.clone();
                let answer = world.api.on_node(node).verify(&token).await?;
                (token, answer)
            }
            Self::Refresh { user, refreshed } => {
                let mut pair = log_in_on(world, node, user).await?;
                if *refreshed {
                    pair = world.api.on_node(node).refreshed(&pair).await?;
                    world.pairs.push(pair.clone());
                }
                let answer = world.api.on_node(node).present(&pair.refresh).await?;
                (pair.refresh, answer)
            }
        };
        calls::is_accepted(world, &answer).map_err(|mismatch| mismatch.requirement("CLUSTER-2").as_inconclusive())?;
        Ok((token, answer))
    }
}

/// Spends fresh tokens on each node in turn, and shows each to every other node at once and once more after a while.
pub(super) async fn spend_on_each(world: &mut World, race: Race) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    let kinds = Spent::all(world, race)?;
    let mut spent: Vec<(usize, Secret)> = Vec::new();
    world.by_node.clear();
    for node in &nodes {
        for kind in &kinds {
            let (token, _) = kind.spend_on(world, *node).await?;
            show_to_others(world, race, &nodes, *node, &token).await?;
            spent.push((*node, token));
        }
    }
    let at_once = world.by_node.len();
    world.wait_out(world.site().clock.now() + LATER).await?;
    for (node, token) in &spent {
        try_on_others(world, race, &nodes, *node, token).await?;
    }
    world.by_node[at_once..].iter_mut().for_each(|it| it.is_later = true);
    enough(world)
}

async fn show_to_others(
    world: &mut World,
    race: Race,
    nodes: &[usize],
    node: usize,
    token: &Secret,
) -> Result<(), StepError> {
    if race == Race::Refresh {
        world.wait_for_grace(world.site().clock.now(), end_of(world, token)).await?;
    }
    try_on_others(world, race, nodes, node, token).await?;
    if race == Race::Refresh {
        is_spent_on(world, node, token).await?;
    }
    Ok(())
}

/// # Errors
/// Skips where the node that has refreshed with the token does so again.
async fn is_spent_on(world: &World, node: usize, token: &Secret) -> Result<(), StepError> {
    let again = world.api.on_node(node).present(token).await?;
    if world.api.pair(&again, "").is_ok() {
        return Err(StepError::skipped("the server does not spend refresh tokens (see REFRESH-9)"));
    }
    Ok(())
}

async fn try_on_others(
    world: &mut World,
    race: Race,
    nodes: &[usize],
    node: usize,
    token: &Secret,
) -> Result<(), StepError> {
    let others: Vec<usize> = nodes.iter().copied().filter(|other| *other != node).collect();
    try_on(world, Some(node), &others, race.action(), Some(token)).await
}

/// A fresh token in each round, sent twice to each node as far as the burst allows.
pub(super) async fn race_over_nodes(world: &mut World, race: Race, rounds: usize) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    if race == Race::Refresh && !world.site().target.refresh_grace.is_zero() {
        return Err(StepError::skipped("the declared `refresh_grace` lets several refreshes win"));
    }
    world.rounds.clear();
    for _ in 0..rounds {
        let answers = race_once(world, race, &nodes).await?;
        world.rounds.push(answers);
    }
    world.answers = world.rounds.concat();
    Ok(())
}

async fn race_once(world: &mut World, race: Race, nodes: &[usize]) -> Result<Vec<Answer>, StepError> {
    let racers: Vec<usize> = nodes.iter().chain(nodes).copied().take(world.racers(nodes.len() * 2)).collect();
    let client = world.api.client.clone();
    let mut refreshed = None;
    let (call, request) = match race {
        Race::OneTime => {
            world.prepare_for_one_time().await?;
            let login = world.api.one_time_login()?;
            world.mint(&login).await?;
            let request = verify_request(&world.one_time()?.token);
            (Call::Verify, world.api.with_access_token_if_needed(request).await?)
        }
        Race::Refresh => {
            let pair = world.api.fresh_pair().await?;
            let request = world.api.refresh_request("GET", &pair.refresh);
            refreshed = Some(pair.refresh.clone());
            world.pairs.push(pair);
            (Call::Refresh, request)
        }
    };
    let hold = client.hold(racers.len()).await?;
    let requests = racers.iter().map(|node| (Some(*node), request.clone())).collect();
    let results = client.race_on(call, requests).await;
    client.release(hold);
    if let Some(token) = refreshed {
        is_spent_on(world, nodes[0], &token).await?;
    }
    world.raced(results)
}

/// A token that was spent elsewhere.
pub(super) async fn others_refuse(world: &mut World) -> Result<(), StepError> {
    let mut accepted: Option<(NodeAnswer, Mismatch)> = None;
    for it in world.by_node.clone() {
        record(world, &it);
        let Err(mismatch) = calls::is_refused(world, &it.answer) else { continue };
        deviates(world, &it, "accepts a spent token", None);
        accepted = accepted.or(Some((it, mismatch)));
    }
    let Some((it, mismatch)) = accepted else { return Ok(()) };
    let late = if it.is_later {
        format!("; it refused the token at once, and accepts it {} later", seconds(LATER))
    } else {
        describe_lag(world, &it).await
    };
    let answered = format!("{} accepts it with {}{late}", place(world, &it), it.answer.status);
    Err(Mismatch { expected: "every other node to refuse it at once".into(), answered: answered.into(), ..mismatch }
        .into())
}

async fn describe_lag(world: &mut World, it: &NodeAnswer) -> String {
    let mut longest = Duration::ZERO;
    match spending_lag(world, it, &mut longest).await {
        Some(lag) => {
            deviates(world, it, "accepts a spent token", Some(lag));
            format!("; it refuses one {} after it was spent", seconds(lag))
        }
        None if longest > Duration::ZERO => format!("; it accepts one {} after it was spent, too", seconds(longest)),
        None => String::new(),
    }
}

/// How long after it was spent on one node a token is refused on the other, to a tenth. Each look takes a token of its own, for an
/// acceptance spends it.
async fn spending_lag(world: &mut World, it: &NodeAnswer, longest: &mut Duration) -> Option<Duration> {
    let (source, race) = (it.source?, if it.answer.call == Call::Verify { Race::OneTime } else { Race::Refresh });
    let began = world.site().clock.now();
    let (mut low, mut high) = (Duration::ZERO, None);
    for delay in DELAYS.map(Duration::from_millis) {
        match refused_after(world, race, source, it.node, delay).await? {
            (true, after) => {
                high = Some(after);
                break;
            }
            (false, after) => low = after,
        }
        *longest = low;
    }
    let mut high = high?;
    while high > low + (high / 10).max(SHORTEST_PAUSE)
        && world.site().clock.now().saturating_sub(began) < LONGEST_MEASUREMENT
    {
        let (refused, after) = refused_after(world, race, source, it.node, (low + high) / 2).await?;
        if refused && after < high {
            high = after;
        } else if !refused && after > low && after < high {
            low = after;
        } else {
            break;
        }
    }
    Some(high)
}

/// Whether the other node refuses a token this long after it was spent, and how long that really was: at most, where it refuses,
/// and at least, where it accepts, whenever in their exchanges the nodes spent and looked. `None` where the token would not live so
/// long, or cannot be had.
async fn refused_after(
    world: &mut World,
    race: Race,
    source: usize,
    other: usize,
    delay: Duration,
) -> Option<(bool, Duration)> {
    let kind = Spent::all(world, race).ok()?.into_iter().next()?;
    let (token, spending) = kind.spend_on(world, source).await.ok()?;
    let spent = world.site().clock.now();
    if end_of(world, &token).is_some_and(|end| spent + delay + BEFORE_END > end) {
        return None;
    }
    world.site().clock.pass(delay).await;
    let api = world.api.on_node(other);
    let request = race.action().request(&api, Some(&token)).ok()?;
    let answer = race.action().send(&api, request).await.ok()?;
    Some(match calls::is_refused(world, &answer) {
        Ok(()) => (true, answer.received.saturating_sub(spending.sent)),
        Err(_) => (false, answer.sent.saturating_sub(spending.received)),
    })
}
