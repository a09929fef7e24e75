//! Steps about requests that meet at the server. Every race opens its connections before it sends the requests.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use super::words::{Action, Race};
use crate::{
    Mismatch, Secret, StepError, World,
    api::{issue_request, verify_request},
    check::race_bound,
    message::{Answer, Call},
    target::Credentials,
    tokens::Pair,
    world::used_in_time,
};

impl Race {
    /// What is done with each token.
    pub(super) fn action(self) -> Action {
        match self {
            Self::Refresh => Action::Present,
            Self::OneTime => Action::Verify,
        }
    }
}

/// In each round, a fresh token.
pub(super) async fn race(world: &mut World, race: Race, times: usize, rounds: usize) -> Result<(), StepError> {
    match race {
        Race::Refresh => race_refreshes(world, times, rounds).await,
        Race::OneTime => race_verifications(world, times, rounds).await,
    }
}

pub(super) async fn race_logins(world: &mut World, users: &[Credentials]) -> Result<(), StepError> {
    let users = &users[..world.racers(users.len())];
    world.api.probe_request()?;
    world.api.many_sessions().await?;
    let results = world.api.client.race(Call::Issue, users.iter().map(issue_request).collect()).await;
    for (result, user) in results.iter().zip(users) {
        if let Some(pair) = result.as_ref().ok().and_then(|answer| world.api.pair(answer, &user.login).ok()) {
            world.pairs.push(pair);
        }
    }
    world.answers = world.raced(results)?;
    world.rounds = vec![world.answers.clone()];
    Ok(())
}

pub(super) async fn race_uses(world: &mut World, times: usize) -> Result<(), StepError> {
    let client = world.api.client.clone();
    let hold = client.hold(world.racers(times) + 1).await?;
    let pair = world.api.fresh_pair().await?;
    let request = world.api.probe_request()?.bearer(&pair.access);
    world.pairs.push(pair);
    let results = client.race(Call::Probe, vec![request; world.racers(times)]).await;
    client.release(hold);
    world.answers = world.raced(results)?;
    Ok(())
}

/// How far apart two verifications of one token leave: some windows open only when the first answer is on its way.
const DISTANCES: [Duration; 4] =
    [Duration::from_micros(200), Duration::from_millis(1), Duration::from_millis(5), Duration::from_millis(50)];
/// How often each distance is tried where neither requests nor tokens are short.
const ROUNDS_APART: usize = 3;
/// How many times as many rounds there are then.
const MORE_ROUNDS: usize = 3;
/// How many races there are at most where requests are dear, of as many requests as may meet.
const FEW_ROUNDS: usize = 2;
/// Pairs of verifications then, which show a window that opens now and then as well as larger races: with both, one that opens in every
/// fifth race is seen in 96 of 100 runs.
const PAIRS: usize = 13;
/// How far apart those leave, in turn.
const PAIR_DISTANCES: [Duration; 4] =
    [Duration::ZERO, Duration::from_micros(200), Duration::ZERO, Duration::from_millis(1)];

async fn race_verifications(world: &mut World, times: usize, rounds: usize) -> Result<(), StepError> {
    world.rounds.clear();
    let is_deployment = !world.site().target.thorough;
    let is_rich = is_deployment && world.has_plenty_of_one_time_tokens() && world.racers(2) == 2;
    let rounds = match (is_rich, world.is_unhurried()) {
        (true, true) => rounds * MORE_ROUNDS,
        (true, false) => rounds.min(FEW_ROUNDS),
        (false, _) => rounds,
    };
    for _ in 0..rounds {
        verify_at_once(world, times).await?;
    }
    if is_rich && world.is_unhurried() {
        for distance in DISTANCES.repeat(ROUNDS_APART) {
            verify_apart(world, distance).await?;
        }
    } else if is_rich {
        for distance in PAIR_DISTANCES.into_iter().cycle().take(PAIRS) {
            if distance.is_zero() {
                verify_at_once(world, 2).await?;
            } else {
                verify_apart(world, distance).await?;
            }
        }
    }
    world.answers = world.rounds.concat();
    if is_deployment {
        world.journal.note(world.site().redactor.mask(&race_bound::describe(&world.rounds)));
    }
    Ok(())
}

async fn verify_at_once(world: &mut World, times: usize) -> Result<(), StepError> {
    // What the race takes is there before its token begins to age.
    world.prepare_for_one_time().await?;
    let client = world.api.client.clone();
    let hold = client.hold(world.racers(times)).await?;
    let login = world.api.one_time_login()?;
    world.mint(&login).await?;
    let request = verify_request(&world.one_time()?.token);
    let request = world.api.with_access_token_if_needed(request).await?;
    let results = client.race(Call::Verify, vec![request; world.racers(times)]).await;
    client.release(hold);
    let answers = world.raced(results)?;
    world.rounds.push(answers);
    Ok(())
}

async fn verify_apart(world: &mut World, distance: Duration) -> Result<(), StepError> {
    world.prepare_for_one_time().await?;
    let client = world.api.client.clone();
    let hold = client.hold(2).await?;
    let login = world.api.one_time_login()?;
    world.mint(&login).await?;
    let request = verify_request(&world.one_time()?.token);
    let request = world.api.with_access_token_if_needed(request).await?;
    let results = client.send_twice(Call::Verify, request, distance).await;
    client.release(hold);
    let answers = world.raced(results)?;
    world.rounds.push(answers);
    Ok(())
}

async fn race_refreshes(world: &mut World, times: usize, rounds: usize) -> Result<(), StepError> {
    world.api.probe_request()?;
    // Finding behaviour out takes logins, which could end the pairs of a race on a server that keeps one session.
    world.api.refresh_behaviour().await?;
    world.api.superseded_by_reuse().await?;
    world.api.many_sessions().await?;
    world.rounds.clear();
    for _ in 0..if world.is_unhurried() { rounds } else { rounds.min(FEW_ROUNDS) } {
        // The login goes out of what is kept for the race, whose token begins to age with it.
        let client = world.api.client.clone();
        let hold = client.hold(world.racers(times) + 1).await?;
        let pair = world.api.fresh_pair().await?;
        let requests = vec![world.api.refresh_request("GET", &pair.refresh); world.racers(times)];
        let results = client.race(Call::Refresh, requests).await;
        client.release(hold);
        let answers = world.raced(results)?;
        world.rounds.push(answers);
        // The pairs of a round are tried before the next one logs in, which could end them on a server with one session.
        let tried = refreshed_pairs_work(world, &pair).await;
        world.answers = world.rounds.concat();
        tried?;
    }
    Ok(())
}

/// Keeps the outcome for the step that judges it.
async fn refreshed_pairs_work(world: &mut World, from: &Pair) -> Result<(), StepError> {
    let behaviour = world.api.refresh_behaviour().await?;
    let answers = world.rounds.last().cloned().unwrap_or_default();
    let pairs = read_pairs(world, &answers, &from.login);
    let superseded = world.api.superseded_by_reuse().await?;
    let all =
        behaviour.keeps_access && !behaviour.reuse_revokes && !superseded.access && world.api.many_sessions().await?;
    let expected = Expected { all, refresh: all && behaviour.chainable && !superseded.refresh };
    let mut found = unusable(world, &pairs, expected).await?;
    if found.is_none() && !expected.refresh && behaviour.chainable {
        found = no_refresh_token_works(world, &pairs).await?;
    }
    world.unusable = world.unusable.take().or(found);
    Ok(())
}

fn read_pairs(world: &World, answers: &[Answer], login: &str) -> Vec<Pair> {
    answers.iter().filter_map(|answer| world.api.pair(answer, login).ok()).collect()
}

/// Where not every pair must work, one has to: the newest is the likeliest.
async fn no_refresh_token_works(world: &World, pairs: &[Pair]) -> Result<Option<Mismatch>, StepError> {
    let (mut presented, mut refused) = (HashSet::new(), None);
    for pair in pairs.iter().rev().filter(|pair| presented.insert(pair.refresh.clone())) {
        let answer = world.api.present(&pair.refresh).await?;
        if world.api.pair(&answer, &pair.login).is_ok() {
            return Ok(None);
        }
        used_in_time(answer.received, pair.issued, pair.refresh_lifetime)?;
        let expected = "one of them to hold a pair that works";
        refused = Some(Mismatch::new(expected, "the refresh token of each is refused").at(answer.exchange));
    }
    Ok(refused)
}

/// The other user of the run, where an answer is his instead of the pair's own.
fn other_user(world: &World, pair: &Pair, answer: &Answer) -> Option<String> {
    let target = &world.site().target;
    let named = world.api.named_user(answer).filter(|named| answer.is_success() && *named != pair.login)?;
    [Some(&target.user), target.second_user.as_ref()].into_iter().flatten().find(|user| user.login == named)?;
    Some(named)
}

/// What must work of many pairs, given the behaviour of the server.
#[derive(Clone, Copy)]
struct Expected {
    /// Every access token, and not only one of them.
    all: bool,
    /// Every refresh token too.
    refresh: bool,
}

/// The first of these pairs that does not work: all of them must, or at least one where the server keeps one session.
async fn unusable(world: &World, pairs: &[Pair], expected: Expected) -> Result<Option<Mismatch>, StepError> {
    let mut refused = None;
    let mut working = 0;
    // Where only one must work, the others cannot stand for it.
    let tried = if expected.all { drawn(world, pairs) } else { pairs.iter().collect() };
    for pair in tried {
        let answer = world.api.use_token(&pair.access).await?;
        if let Some(other) = other_user(world, pair, &answer) {
            let answered = format!("the access token of one is {other}'s");
            let expected = format!("every pair given to {} to be its own", pair.login);
            return Ok(Some(Mismatch::new(expected, answered).at(answer.exchange)));
        }
        if answer.is_success() {
            working += 1;
        } else {
            used_in_time(answer.received, pair.issued, pair.access_lifetime)?;
            let answered = format!("the access token of one is refused with {}", answer.status);
            refused = Some(Mismatch::new("every pair given out to work", answered).at(answer.exchange));
        }
    }
    if !expected.all {
        let none = |refused: Mismatch| Mismatch {
            expected: "one of them to hold a pair that works".into(),
            answered: "the access token of each is refused".into(),
            ..refused
        };
        return Ok(refused.filter(|_| working == 0).map(none));
    }
    if !expected.refresh || refused.is_some() {
        return Ok(refused);
    }
    let mut presented: HashSet<&Secret> = HashSet::new();
    // Where requests meet, the first or the last ends the others: on a deployment these two show it.
    let ends = [0, pairs.len().saturating_sub(1)];
    let is_tried = |at: &usize| world.site().target.thorough || ends.contains(at);
    let tried = pairs.iter().enumerate().filter(|(at, _)| is_tried(at)).map(|(_, pair)| pair);
    for pair in tried.filter(|pair| presented.insert(&pair.refresh)) {
        let answer = world.api.present(&pair.refresh).await?;
        if world.api.pair(&answer, &pair.login).is_err() {
            used_in_time(answer.received, pair.issued, pair.refresh_lifetime)?;
            let answered = format!("the refresh token of one is refused with {}", answer.status);
            return Ok(Some(Mismatch::new("every pair given out to work", answered).at(answer.exchange)));
        }
    }
    Ok(None)
}

/// The first, the last and some of the others where requests are dear, else all.
fn drawn<'a>(world: &World, pairs: &'a [Pair]) -> Vec<&'a Pair> {
    let [first, between @ .., last] = pairs else { return pairs.iter().collect() };
    let between = world.draw("pairs between the first and the last", between.iter().collect(), 0, FEW_PAIRS);
    [first].into_iter().chain(between).chain([last]).collect()
}

/// Of the pairs of a race, how many beside the first and the last are tried where requests are dear.
const FEW_PAIRS: usize = 2;

pub(super) async fn gives_pairs_of_their_own(world: &mut World) -> Result<(), StepError> {
    let mut seen: HashMap<Secret, usize> = HashMap::new();
    for answer in world.judged()? {
        let pair = world.api.pair(answer, "").map_err(|mismatch| Mismatch { requirement: None, ..mismatch })?;
        for token in [pair.access, pair.refresh] {
            // That the two tokens of one pair are the same is judged by another requirement.
            if seen.insert(token, answer.exchange).is_some_and(|other| other != answer.exchange) {
                let mismatch = Mismatch::new("tokens that no other login got", "two logins got the same token");
                return Err(mismatch.at(answer.exchange).into());
            }
        }
    }
    Ok(())
}

pub(super) async fn new_pairs_work(world: &mut World) -> Result<(), StepError> {
    if world.answers.iter().all(|answer| answer.call == Call::Issue) {
        world.unusable = logins_work(world).await?;
    }
    match world.unusable.take() {
        Some(mismatch) => Err(mismatch.into()),
        None => Ok(()),
    }
}

async fn logins_work(world: &World) -> Result<Option<Mismatch>, StepError> {
    let all = world.api.many_sessions().await?;
    let logins: HashSet<&str> = world.pairs.iter().map(|pair| pair.login.as_str()).collect();
    for login in logins {
        let own: Vec<Pair> = world.pairs.iter().filter(|pair| pair.login == login).cloned().collect();
        if let Some(mismatch) = unusable(world, &own, Expected { all, refresh: all }).await?
            && !are_as_many_as_kept(world, &own).await?
        {
            return Ok(Some(mismatch));
        }
    }
    Ok(None)
}

/// Whether as many of these pairs work as the server keeps of so many logins in turn, and it does not keep all.
async fn are_as_many_as_kept(world: &World, pairs: &[Pair]) -> Result<bool, StepError> {
    let working = count_working(world, pairs).await?;
    let mut in_turn = Vec::new();
    for _ in pairs {
        in_turn.push(world.api.fresh_pair().await?);
    }
    let kept = count_working(world, &in_turn).await?;
    Ok((1..pairs.len()).contains(&kept) && working >= kept)
}

async fn count_working(world: &World, pairs: &[Pair]) -> Result<usize, StepError> {
    let mut working = 0;
    for pair in pairs {
        working += usize::from(world.api.use_token(&pair.access).await?.is_success());
    }
    Ok(working)
}

/// Where tokens rotate. A server that gives the same refresh token again does not.
pub(super) async fn gives_one_pair_in_every_round(world: &mut World) -> Result<(), StepError> {
    for round in &world.rounds {
        let pairs: HashSet<Secret> = read_pairs(world, round, "").into_iter().map(|pair| pair.refresh).collect();
        if round.iter().any(|answer| answer.asked.iter().any(|asked| pairs.contains(asked))) {
            return Err(StepError::skipped("the server does not rotate: a refresh gives the same refresh token again"));
        }
        if pairs.len() > 1 {
            let answered = format!("{} of {} got pairs of their own", pairs.len(), round.len());
            let exchange = round.last().map_or(0, |answer| answer.exchange);
            return Err(Mismatch::new("one refresh to win, or all to get the same pair", answered).at(exchange).into());
        }
    }
    Ok(())
}

pub(super) async fn gives_pair_in_every_round(world: &mut World) -> Result<(), StepError> {
    for round in &world.rounds {
        if read_pairs(world, round, "").is_empty() {
            let exchange = round.first().map_or(0, |answer| answer.exchange);
            return Err(Mismatch::new("one of them to give a new pair", "all were refused").at(exchange).into());
        }
    }
    Ok(())
}
