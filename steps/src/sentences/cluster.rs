//! Steps about several nodes behind one address: what one node gives, spends, changes or refuses holds on every other at once. "At once"
//! means by the next request, sent when the answer of the first node is complete: nothing is waited for.

use std::time::Duration;

use futures::future::join_all;

use super::{
    calls,
    node_spending::BEFORE_END,
    words::{Action, Change, Credential, Token},
};
use crate::{
    Mismatch, Secret, StepError, World, cluster::Deviation, target::Credentials, tokens::Pair, world::NodeAnswer,
};

/// Longest time in which something that comes late is waited for, to measure how late.
const LONGEST_LAG: Duration = Duration::from_secs(13);
/// Shortest pause between two looks.
pub(super) const SHORTEST_PAUSE: Duration = Duration::from_millis(2);
/// One-time tokens that are tried where they are not dear: which node the source takes is left to chance.
const PLENTY: usize = 24;

pub(super) async fn act_on_every(world: &mut World, token: Token, action: Action) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    let token = token.secret(world)?;
    world.by_node.clear();
    try_on(world, None, &nodes, action, token.as_ref()).await?;
    enough(world)
}

pub(super) async fn act_changed_on_every(
    world: &mut World,
    token: Token,
    action: Action,
    change: Change,
) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    let changed = change.apply(&world.token(token)?, world)?;
    world.by_node.clear();
    for token in changed {
        try_on(world, None, &nodes, action, Some(&token)).await?;
    }
    enough(world)
}

pub(super) async fn has_been_accepted_on_every(world: &mut World, token: Token) -> Result<(), StepError> {
    act_on_every(world, token, Action::Use).await?;
    each_accepts(world).map_err(|mismatch| mismatch.requirement("CLUSTER-2").as_inconclusive())
}

pub(super) fn each_accepts(world: &World) -> Result<(), Mismatch> {
    world.by_node.iter().try_for_each(|it| calls::is_accepted(world, &it.answer))
}

/// Tokens of every node, tried on every node: those of a login and those of a second refresh, of each user.
pub(super) async fn try_fresh(world: &mut World, credential: Credential) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    world.by_node.clear();
    match credential {
        Credential::Access => {
            for node in &nodes {
                try_fresh_access(world, &nodes, *node).await?;
            }
        }
        Credential::Refresh => {
            for (at, node) in nodes.iter().enumerate() {
                for other in nodes.iter().filter(|other| *other != node) {
                    let is_next = nodes[(at + 1) % nodes.len()] == *other;
                    try_fresh_refresh(world, *node, *other, is_next || world.is_unhurried()).await?;
                }
            }
        }
        Credential::OneTime => try_fresh_one_time(world, &nodes).await?,
    }
    enough(world)
}

async fn try_fresh_access(world: &mut World, nodes: &[usize], node: usize) -> Result<(), StepError> {
    let second = world.site().target.second_user.clone();
    for user in [Some(world.user()), second].into_iter().flatten() {
        let pair = log_in_on(world, node, &user).await?;
        try_on(world, Some(node), nodes, Action::Use, Some(&pair.access)).await?;
        if let Some(pair) = refreshed_twice_on(world, node, pair).await {
            try_on(world, Some(node), nodes, Action::Use, Some(&pair.access)).await?;
        }
    }
    Ok(())
}

/// A refresh token is good once, so each try takes one of its own.
async fn try_fresh_refresh(world: &mut World, node: usize, other: usize, thorough: bool) -> Result<(), StepError> {
    let user = world.user();
    let pair = log_in_on(world, node, &user).await?;
    try_on(world, Some(node), &[other], Action::Present, Some(&pair.refresh)).await?;
    if thorough {
        let user = world.site().target.second_user.clone().unwrap_or(user);
        let pair = log_in_on(world, node, &user).await?;
        if let Some(pair) = refreshed_twice_on(world, node, pair).await {
            try_on(world, Some(node), &[other], Action::Present, Some(&pair.refresh)).await?;
        }
    }
    Ok(())
}

/// The source may take its nodes in turn: the order shifts, so that each of them meets each node.
async fn try_fresh_one_time(world: &mut World, nodes: &[usize]) -> Result<(), StepError> {
    let login = world.api.one_time_login()?;
    let rounds = if world.has_plenty_of_one_time_tokens() { PLENTY.div_ceil(nodes.len()) } else { 2 };
    for round in 0..rounds {
        for at in 0..nodes.len() {
            world.mint(&login).await?;
            let token = world.one_time()?.token.clone();
            try_on(world, None, &[nodes[(at + round) % nodes.len()]], Action::Verify, Some(&token)).await?;
        }
    }
    Ok(())
}

/// `None` where refreshing does not work on the node itself, which is for others to judge.
async fn refreshed_twice_on(world: &mut World, node: usize, mut pair: Pair) -> Option<Pair> {
    for _ in 0..2 {
        pair = world.api.on_node(node).refreshed(&pair).await.ok()?;
    }
    world.pairs.push(pair.clone());
    Some(pair)
}

pub(super) async fn log_in_on(world: &mut World, node: usize, user: &Credentials) -> Result<Pair, StepError> {
    let api = world.api.on_node(node);
    let answer = api.issue(user).await?;
    let pair = api.pair(&answer, &user.login).map_err(|mismatch| mismatch.requirement("ISSUE-1").as_inconclusive())?;
    world.pairs.push(pair.clone());
    Ok(pair)
}

/// Sends a token to nodes, at one time as far as the pace allows. A node without an answer takes no part.
pub(super) async fn try_on(
    world: &mut World,
    source: Option<usize>,
    nodes: &[usize],
    action: Action,
    token: Option<&Secret>,
) -> Result<(), StepError> {
    let request = action.request(&world.api, token)?;
    let since = world.site().clock.now();
    let sent = nodes.iter().map(|node| {
        let (api, request) = (world.api.on_node(*node), request.clone());
        async move { (*node, action.send(&api, request).await) }
    });
    for (node, answer) in join_all(sent).await {
        match answer {
            Ok(answer) => {
                let (action, token) = (Some(action), token.cloned());
                world.by_node.push(NodeAnswer { source, node, action, token, since, is_later: false, answer });
            }
            Err(StepError::Inconclusive(reason)) => {
                let note = format!("the node {} takes no part: {}", name(world, node), reason.expose());
                world.journal.note(world.site().redactor.mask(&note));
            }
            Err(error) => return Err(error),
        }
    }
    world.answers = world.by_node.iter().map(|it| it.answer.clone()).collect();
    Ok(())
}

/// One node alone shows nothing.
pub(super) fn enough(world: &World) -> Result<(), StepError> {
    let first = world.by_node.first().map(|it| it.node);
    let is_other = |it: &NodeAnswer| Some(it.node) != first || it.source.is_some_and(|source| source != it.node);
    if world.by_node.iter().any(is_other) {
        return Ok(());
    }
    Err(StepError::inconclusive("fewer than two nodes answered"))
}

fn name(world: &World, node: usize) -> String {
    world.site().target.nodes.get(node).map_or_else(|| format!("number {node}"), ToString::to_string)
}

pub(super) async fn accepts(world: &mut World) -> Result<(), StepError> {
    let mut refused: Vec<(NodeAnswer, Mismatch)> = Vec::new();
    for it in &world.by_node {
        record(world, it);
        if let Some(mismatch) = names_another(world, it) {
            deviates(world, it, "takes a token for another user's", None);
            return Err(mismatch.into());
        }
        if let Err(mismatch) = calls::is_accepted(world, &it.answer) {
            // A token that was used too late shows nothing.
            match world.blame(&it.answer, mismatch) {
                Err(StepError::Failed(mismatch)) => refused.push((it.clone(), mismatch)),
                other => other?,
            }
        }
    }
    let began = world.site().clock.now();
    let lags = lags_until_accepted(world, refused.iter().map(|(it, _)| it)).await?;
    let waited = world.site().clock.now().saturating_sub(began);
    let mut failure = None;
    for ((it, mismatch), lag) in refused.into_iter().zip(lags) {
        let late = match lag {
            Some(lag) => format!("; it accepts the token {} after it was there", seconds(lag)),
            None => format!("; it did not accept the token within {}", seconds(waited)),
        };
        deviates(world, &it, "refuses a fresh token", lag);
        let answered = format!("{} refuses it with {}{late}", place(world, &it), it.answer.status);
        failure = failure.or(Some(Mismatch {
            expected: "every node to accept it at once".into(),
            answered: answered.into(),
            ..mismatch
        }));
    }
    failure.map_or(Ok(()), |mismatch| Err(mismatch.into()))
}

/// The node takes a token of one user for the other's.
fn names_another(world: &World, it: &NodeAnswer) -> Option<Mismatch> {
    let (token, target) = (it.token.as_ref()?, &world.site().target);
    let pair = world.pairs.iter().find(|pair| pair.access == *token)?;
    let named = world.api.named_user(&it.answer).filter(|named| it.answer.is_success() && *named != pair.login)?;
    [Some(&target.user), target.second_user.as_ref()].into_iter().flatten().find(|user| user.login == named)?;
    let answered = format!("{} takes it for a token of {named}", place(world, it));
    Some(Mismatch::new(format!("the token to be {}'s on every node", pair.login), answered).at(it.answer.exchange))
}

/// When the life of a token of this scenario ends, where that is known.
pub(super) fn end_of(world: &World, token: &Secret) -> Option<Duration> {
    let pairs = world.pairs.iter().find_map(|pair| {
        let is_access = pair.access == *token;
        let lifetime = if is_access { pair.access_lifetime } else { world.refresh_lifetime(pair) };
        (is_access || pair.refresh == *token).then_some(())?;
        Some(pair.issued.earliest + lifetime?)
    });
    let one_time = || {
        let one_time = world.one_time.iter().find(|one_time| one_time.token == *token)?;
        Some(one_time.issued.earliest + one_time.lifetime?)
    };
    pairs.or_else(one_time)
}

/// Looks with growing pauses when each node accepts its token.
async fn lags_until_accepted(
    world: &World,
    refused: impl Iterator<Item = &NodeAnswer>,
) -> Result<Vec<Option<Duration>>, StepError> {
    let refused: Vec<&NodeAnswer> = refused.collect();
    let mut lags = vec![None; refused.len()];
    let clock = &world.site().clock;
    let began = clock.now();
    let ends = refused.iter().filter_map(|it| end_of(world, it.token.as_ref()?));
    let until = ends.map(|end| end.saturating_sub(BEFORE_END)).fold(began + LONGEST_LAG, Duration::min);
    loop {
        let pause = (clock.now().saturating_sub(began) / 10).max(SHORTEST_PAUSE);
        if lags.iter().all(Option::is_some) || clock.now() + pause >= until {
            break;
        }
        clock.pass(pause).await;
        for (it, lag) in refused.iter().zip(&mut lags).filter(|(_, lag)| lag.is_none()) {
            let (Some(action), Some(token)) = (it.action, &it.token) else { return Ok(lags) };
            let api = world.api.on_node(it.node);
            // What ends while it is looked at comes no more.
            let Ok(answer) = action.send(&api, action.request(&api, Some(token))?).await else { return Ok(lags) };
            if calls::is_accepted(world, &answer).is_ok() {
                *lag = Some(answer.sent.saturating_sub(it.since));
            }
        }
    }
    Ok(lags)
}

pub(super) async fn refuses(world: &mut World) -> Result<(), StepError> {
    for it in &world.by_node {
        record(world, it);
    }
    let accepted = world.by_node.iter().find_map(|it| Some((it.clone(), calls::is_refused(world, &it.answer).err()?)));
    let Some((it, mismatch)) = accepted else { return Ok(()) };
    deviates(world, &it, "accepts what must be refused", None);
    let answered = format!("{} answers {}", place(world, &it), it.answer.status);
    Err(Mismatch { expected: "every node to refuse it".into(), answered: answered.into(), ..mismatch }.into())
}

pub(super) async fn agree(world: &mut World) -> Result<(), StepError> {
    let accepts = |it: &NodeAnswer| calls::is_accepted(world, &it.answer).is_ok();
    let accepting = world.by_node.iter().find(|it| accepts(it));
    let refusing = world.by_node.iter().find(|it| !accepts(it));
    let (Some(accepting), Some(refusing)) = (accepting, refusing) else { return Ok(()) };
    let what = Deviation { what: "accepts what the other refuses".to_owned(), lag: None };
    world.site().cluster.deviates(refusing.node, accepting.node, what);
    let answered = format!(
        "{} accepts it and {} refuses it with {}",
        name(world, accepting.node),
        name(world, refusing.node),
        refusing.answer.status
    );
    let mismatch = Mismatch::new("all nodes to accept it, or all to refuse it", answered);
    world.blame(&refusing.answer, mismatch.at(accepting.answer.exchange))
}

pub(super) fn record(world: &World, it: &NodeAnswer) {
    world.site().cluster.tried(it.source.unwrap_or(it.node), it.node);
}

pub(super) fn deviates(world: &World, it: &NodeAnswer, what: &str, lag: Option<Duration>) {
    let deviation = Deviation { what: what.to_owned(), lag };
    world.site().cluster.deviates(it.source.unwrap_or(it.node), it.node, deviation);
}

/// The node, and the one that its token comes from.
pub(super) fn place(world: &World, it: &NodeAnswer) -> String {
    match it.source.filter(|source| *source != it.node) {
        Some(source) => format!("{} (after {})", name(world, it.node), name(world, source)),
        None => name(world, it.node),
    }
}

/// A time to a tenth of it.
pub(super) fn seconds(time: Duration) -> String {
    let digits = if time < Duration::from_millis(100) {
        3
    } else if time < Duration::from_secs(1) {
        2
    } else {
        1
    };
    format!("{:.digits$} s", time.as_secs_f64())
}
