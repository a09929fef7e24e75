//! Steps about several nodes behind one address: what one node gives, spends, changes or refuses holds on every other at once. "At once"
//! means by the next request, sent when the answer of the first node is complete: nothing is waited for.

use std::time::Duration;

use futures::future::join_all;

use super::{
    calls,
    words::{Action, Credential, Lifetime, Moment, Race, Token},
};
use crate::{
    Mismatch, Secret, StepError, World,
    api::verify_request,
    cluster::Deviation,
    lifetimes::LifetimeKind,
    message::{Answer, Call},
    tokens::Pair,
    world::{Life, NodeAnswer, announced},
};

/// Longest time in which something that comes late is waited for, to measure how late.
const LONGEST_LAG: Duration = Duration::from_secs(13);
/// Shortest pause between two looks.
const SHORTEST_PAUSE: Duration = Duration::from_millis(2);
/// Delays after which a spent token is tried, to measure when it is refused.
const DELAYS: [u64; 10] = [10, 20, 50, 100, 250, 500, 1_000, 2_000, 5_000, 12_000];
/// How long before its end a token is not looked at any more: a refusal would show its age.
const BEFORE_END: Duration = Duration::from_millis(2_500);
/// Most time that one such measurement may take.
const LONGEST_MEASUREMENT: Duration = Duration::from_secs(45);

pub(super) async fn act_on_every(world: &mut World, token: Token, action: Action) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    let token = token.secret(world)?;
    world.by_node.clear();
    try_on(world, None, &nodes, action, token.as_ref()).await?;
    enough(world)
}

pub(super) async fn has_been_accepted_on_every(world: &mut World, token: Token) -> Result<(), StepError> {
    act_on_every(world, token, Action::Use).await?;
    each_accepts(world).map_err(|mismatch| mismatch.requirement("CLUSTER-2").as_inconclusive())
}

fn each_accepts(world: &World) -> Result<(), Mismatch> {
    world.by_node.iter().try_for_each(|it| calls::is_accepted(world, &it.answer))
}

/// A token of every node, tried on every node. A refresh token and a one-time token are good once, so each try takes one of its own.
pub(super) async fn try_fresh(world: &mut World, credential: Credential) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    world.by_node.clear();
    match credential {
        Credential::Access => {
            for node in &nodes {
                let pair = log_in_on(world, *node).await?;
                try_on(world, Some(*node), &nodes, Action::Use, Some(&pair.access)).await?;
            }
        }
        Credential::Refresh => {
            for node in &nodes {
                for other in nodes.iter().filter(|other| *other != node) {
                    let pair = log_in_on(world, *node).await?;
                    try_on(world, Some(*node), &[*other], Action::Present, Some(&pair.refresh)).await?;
                }
            }
        }
        Credential::OneTime => {
            let login = world.api.one_time_login()?;
            for node in nodes.iter().chain(&nodes) {
                world.mint(&login).await?;
                let token = world.one_time()?.token.clone();
                try_on(world, None, &[*node], Action::Verify, Some(&token)).await?;
            }
        }
    }
    enough(world)
}

async fn log_in_on(world: &mut World, node: usize) -> Result<Pair, StepError> {
    let pair = world.api.on_node(node).fresh_pair().await?;
    world.pairs.push(pair.clone());
    Ok(pair)
}

/// Sends a token to nodes, at one time as far as the pace allows. A node without an answer takes no part.
async fn try_on(
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
                world.by_node.push(NodeAnswer { source, node, action, token, since, answer });
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
fn enough(world: &World) -> Result<(), StepError> {
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

/// Spends a fresh token on each node in turn, and shows it to every other at once.
pub(super) async fn spend_on_each(world: &mut World, race: Race) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    world.by_node.clear();
    for node in &nodes {
        let token = spend_on(world, race, *node).await?.0;
        if race == Race::Refresh {
            world.wait_for_grace(world.site().clock.now(), end_of(world, &token)).await?;
        }
        let others: Vec<usize> = nodes.iter().copied().filter(|other| other != node).collect();
        try_on(world, Some(*node), &others, race.action(), Some(&token)).await?;
        if race == Race::Refresh {
            let again = world.api.on_node(*node).present(&token).await?;
            if world.api.pair(&again, "").is_ok() {
                return Err(StepError::skipped("the server does not spend refresh tokens (see REFRESH-9)"));
            }
        }
    }
    enough(world)
}

/// A fresh token that this node has spent, and its answer.
async fn spend_on(world: &mut World, race: Race, node: usize) -> Result<(Secret, Answer), StepError> {
    let (token, answer) = match race {
        Race::OneTime => {
            let login = world.api.one_time_login()?;
            world.mint(&login).await?;
            let token = world.one_time()?.token.clone();
            let answer = world.api.on_node(node).verify(&token).await?;
            (token, answer)
        }
        Race::Refresh => {
            let token = log_in_on(world, node).await?.refresh;
            let answer = world.api.on_node(node).present(&token).await?;
            (token, answer)
        }
    };
    calls::is_accepted(world, &answer).map_err(|mismatch| mismatch.requirement("CLUSTER-2").as_inconclusive())?;
    Ok((token, answer))
}

/// A fresh token in each round, verified twice on each node as far as the burst allows.
pub(super) async fn race_over_nodes(world: &mut World, race: Race, rounds: usize) -> Result<(), StepError> {
    if race == Race::Refresh {
        return Err(StepError::inconclusive("only one-time tokens race over nodes"));
    }
    let nodes = world.api.nodes().await?;
    world.rounds.clear();
    for _ in 0..rounds {
        world.prepare_for_one_time().await?;
        let racers: Vec<usize> = nodes.iter().chain(&nodes).copied().take(world.racers(nodes.len() * 2)).collect();
        let client = world.api.client.clone();
        let hold = client.hold(racers.len()).await?;
        let login = world.api.one_time_login()?;
        world.mint(&login).await?;
        let request = verify_request(&world.one_time()?.token);
        let request = world.api.with_access_token_if_needed(request).await?;
        let requests = racers.iter().map(|node| (Some(*node), request.clone())).collect();
        let results = client.race_on(Call::Verify, requests).await;
        client.release(hold);
        let answers = world.raced(results)?;
        world.rounds.push(answers);
    }
    world.answers = world.rounds.concat();
    Ok(())
}

/// On a server that keeps one session of a user, another login would end the first one: then only one node has a login.
pub(super) async fn log_in_on_each(world: &mut World) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    let logins = if world.api.many_sessions().await? { nodes.len() } else { 1 };
    for node in &nodes[..logins] {
        log_in_on(world, *node).await?;
    }
    use_on_next(world).await?;
    each_accepts(world).map_err(|mismatch| mismatch.requirement("CLUSTER-2").as_inconclusive())
}

/// The token of the first login is nearly over first, that of the last one ends last.
pub(super) async fn lifetimes_pass(world: &mut World, moment: Moment) -> Result<(), StepError> {
    let pair = if moment == Moment::Passed { world.pairs.last() } else { world.pairs.first() };
    let pair = pair.ok_or_else(|| StepError::inconclusive("no pair of tokens"))?;
    let lifetime = announced(pair.access_lifetime, "an access token", "ISSUE-4")?;
    world.wait_for(moment, Life { kind: LifetimeKind::Access, issued: pair.issued, lifetime }).await
}

/// The token of each node on the node after it: two clocks that differ meet in one of these pairs. A single token on all others.
pub(super) async fn use_on_next(world: &mut World) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    world.by_node.clear();
    let pairs = world.pairs.clone();
    for (at, pair) in pairs.iter().enumerate().take(nodes.len()) {
        let others = if pairs.len() == 1 { nodes[1..].to_vec() } else { vec![nodes[(at + 1) % nodes.len()]] };
        try_on(world, Some(nodes[at]), &others, Action::Use, Some(&pair.access)).await?;
    }
    enough(world)
}

pub(super) async fn accepts(world: &mut World) -> Result<(), StepError> {
    let mut refused: Vec<(NodeAnswer, Mismatch)> = Vec::new();
    for it in &world.by_node {
        record(world, it);
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

/// When the life of a token of this scenario ends, where that is known.
fn end_of(world: &World, token: &Secret) -> Option<Duration> {
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
    let mut longest = Duration::ZERO;
    let lag = spending_lag(world, &it, &mut longest).await;
    let late = match lag {
        Some(lag) => {
            deviates(world, &it, "accepts a spent token", Some(lag));
            format!("; it refuses one {} after it was spent", seconds(lag))
        }
        None if longest > Duration::ZERO => format!("; it accepts one {} after it was spent, too", seconds(longest)),
        None => String::new(),
    };
    let answered = format!("{} accepts it with {}{late}", place(world, &it), it.answer.status);
    Err(Mismatch { expected: "every other node to refuse it at once".into(), answered: answered.into(), ..mismatch }
        .into())
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
    let (token, spending) = spend_on(world, race, source).await.ok()?;
    let spent = world.site().clock.now();
    if end_of(world, &token).is_some_and(|end| spent + delay + BEFORE_END > end) {
        return None;
    }
    world.site().clock.pass(delay).await;
    let api = world.api.on_node(other);
    let request = race.action().request(&api, Some(&token)).ok()?;
    let answer = race.action().send(&api, request).await.ok()?;
    Some(match calls::is_refused(world, &answer) {
        Ok(_) => (true, answer.received.saturating_sub(spending.sent)),
        Err(_) => (false, answer.sent.saturating_sub(spending.received)),
    })
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

fn record(world: &World, it: &NodeAnswer) {
    world.site().cluster.tried(it.source.unwrap_or(it.node), it.node);
}

fn deviates(world: &World, it: &NodeAnswer, what: &str, lag: Option<Duration>) {
    let deviation = Deviation { what: what.to_owned(), lag };
    world.site().cluster.deviates(it.source.unwrap_or(it.node), it.node, deviation);
}

/// The node, and the one that its token comes from.
fn place(world: &World, it: &NodeAnswer) -> String {
    match it.source.filter(|source| *source != it.node) {
        Some(source) => format!("{} (after {})", name(world, it.node), name(world, source)),
        None => name(world, it.node),
    }
}

/// A time to a tenth of it.
fn seconds(time: Duration) -> String {
    let digits = if time < Duration::from_millis(100) {
        3
    } else if time < Duration::from_secs(1) {
        2
    } else {
        1
    };
    format!("{:.digits$} s", time.as_secs_f64())
}

/// Changes a lifetime on each node, and logs in on every one after that. Each node gets back what it had.
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
            let _ = api.change(kind, &crate::api::number(setting), Some(&pair.access)).await;
        }
    }
    changed?;
    enough(world)
}

async fn change_in_turn(
    world: &mut World,
    lifetime: Lifetime,
    nodes: &[usize],
    present: Duration,
) -> Result<(), StepError> {
    for (at, source) in nodes.iter().enumerate() {
        // Far enough from any value before to be no rounding.
        let to = present + Duration::from_secs(10 * (at as u64 + 1));
        let api = world.api.on_node(*source);
        let token = api.fresh_pair().await?.access;
        let answer = api.change(lifetime.setting(), &crate::api::number(to), Some(&token)).await?;
        if !answer.is_success() {
            let mismatch = Mismatch::new("the change to be accepted", answer.status_text()).at(answer.exchange);
            return Err(mismatch.requirement("SETTINGS-1").as_inconclusive());
        }
        for node in nodes {
            let user = world.user();
            let since = world.site().clock.now();
            let answer = world.api.on_node(*node).issue(&user).await?;
            world.node_lifetimes.push(to);
            let (source, node, action, token) = (Some(*source), *node, None, None);
            world.by_node.push(NodeAnswer { source, node, action, token, since, answer });
        }
    }
    world.answers = world.by_node.iter().map(|it| it.answer.clone()).collect();
    Ok(())
}

pub(super) async fn announces_changed(world: &mut World, lifetime: Lifetime) -> Result<(), StepError> {
    let mut failure = None;
    for (it, to) in world.by_node.iter().zip(&world.node_lifetimes) {
        record(world, it);
        let pair =
            world.api.pair(&it.answer, "").map_err(|mismatch| mismatch.requirement("ISSUE-1").as_inconclusive())?;
        let announced = lifetime.announced(&pair)?;
        if announced <= *to && announced + Duration::from_secs(2) >= *to {
            continue;
        }
        deviates(world, it, "keeps other settings", None);
        let answered = format!("{} announces {} s", place(world, it), announced.as_secs_f64());
        let expected = format!("every node to announce {} s", to.as_secs_f64());
        failure = failure.or(Some(Mismatch::new(expected, answered).at(it.answer.exchange)));
    }
    failure.map_or(Ok(()), |mismatch| Err(mismatch.into()))
}
