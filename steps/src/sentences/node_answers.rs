//! Steps that send every node the same calls and compare the answers: the class of the status, the shape of the body, and the lifetimes.
//! Headers and values are the node's own affair.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::Value;

use super::words::Mistake;
use crate::{
    Mismatch, StepError, World,
    cluster::Deviation,
    fake,
    message::{Answer, Call},
    world::SameCall,
};

/// How often each call is repeated: what varies on one node is not a difference between nodes.
const ROUNDS: usize = 2;
/// How far announced lifetimes may lie apart: each may be rounded off.
const ROUNDED_OFF: Duration = Duration::from_secs(2);
/// Most members of an answer that are compared.
const MOST_MEMBERS: usize = 1_000;

pub(super) async fn receive_same_calls(world: &mut World) -> Result<(), StepError> {
    let nodes = world.api.nodes().await?;
    world.same_calls.clear();
    for round in 0..ROUNDS {
        for node in &nodes {
            receive_good_calls(world, *node).await?;
            if round == 0 || world.is_unhurried() {
                receive_logins(world, *node).await?;
            }
        }
        for mistake in Mistake::ALL {
            let secret = world.api.made_up(fake::text(43));
            // Without a probe there are no calls of it.
            let Ok((call, request)) = mistake.request(world, &secret) else { continue };
            for node in &nodes {
                let answer = world.api.on_node(*node).client.send(call, request.clone()).await?;
                if call == Call::Issue {
                    world.site().shared.counters.failed_login();
                }
                world.same_calls.push(SameCall { name: mistake.phrase().to_owned(), node: *node, answer });
            }
        }
    }
    world.answers = world.same_calls.iter().map(|same| same.answer.clone()).collect();
    Ok(())
}

/// A login, the refresh of its pair, and a verification, where tokens for that are not dear.
async fn receive_good_calls(world: &mut World, node: usize) -> Result<(), StepError> {
    let (api, user) = (world.api.on_node(node), world.user());
    let answer = api.issue(&user).await?;
    let pair = api.pair(&answer, &user.login);
    keep(world, "a login", node, answer);
    if let Ok(pair) = pair {
        let answer = api.present(&pair.refresh).await?;
        world.pairs.push(pair);
        keep(world, "a refresh", node, answer);
    }
    if world.has_plenty_of_one_time_tokens() {
        let login = api.one_time_login()?;
        world.mint(&login).await?;
        let answer = api.verify(&world.one_time()?.token).await?;
        keep(world, "a verification", node, answer);
    }
    Ok(())
}

/// A login of the second user, and one with a wrong password.
async fn receive_logins(world: &mut World, node: usize) -> Result<(), StepError> {
    let (api, user) = (world.api.on_node(node), world.user());
    if let Ok(second) = world.second_user() {
        let answer = api.issue(&second).await?;
        keep(world, "a login of the second user", node, answer);
    }
    let answer = api.attempt_password(&user.login, &fake::text(20)).await?;
    keep(world, "a login with a wrong password", node, answer);
    Ok(())
}

fn keep(world: &mut World, name: &str, node: usize, answer: Answer) {
    world.same_calls.push(SameCall { name: name.to_owned(), node, answer });
}

pub(super) async fn are_alike(world: &mut World) -> Result<(), StepError> {
    let mut failure = None;
    let names: BTreeSet<&String> = world.same_calls.iter().map(|same| &same.name).collect();
    for name in names {
        let mut by_node: BTreeMap<usize, Vec<&Answer>> = BTreeMap::new();
        for same in world.same_calls.iter().filter(|same| same.name == *name) {
            by_node.entry(same.node).or_default().push(&same.answer);
        }
        let Some((usual, others)) = by_node.pop_first() else { continue };
        for (node, answers) in by_node {
            world.site().cluster.tried(usual, node);
            let Some(difference) = difference(world, &others, &answers) else { continue };
            let what = format!("answers {name} differently");
            world.site().cluster.deviates(usual, node, Deviation { what, lag: None });
            let url = |node: usize| world.site().target.nodes[node].to_string();
            let answered = format!("for {name} {} has {difference} ({} has the former)", url(node), url(usual));
            let exchange = answers.first().map_or(0, |answer| answer.exchange);
            failure = failure.or(Some(Mismatch::new("all nodes to answer alike", answered).at(exchange)));
        }
    }
    let Some(mut mismatch) = failure else { return Ok(()) };
    mismatch.may_be_interference |= world.may_have_interference();
    Err(mismatch.into())
}

/// What all answers of one node have and none of the other.
fn difference(world: &World, usual: &[&Answer], other: &[&Answer]) -> Option<String> {
    let apart = |trait_of: &dyn Fn(&Answer) -> String| {
        let values = |answers: &[&Answer]| -> BTreeSet<String> { answers.iter().map(|it| trait_of(it)).collect() };
        let (usual, other) = (values(usual), values(other));
        let (first, second) = (usual.first()?.clone(), other.first()?.clone());
        usual.is_disjoint(&other).then(|| format!("`{second}` and not `{first}`"))
    };
    // Of a protected call 401 alone is the right refusal.
    let is_exact = |answer: &Answer| answer.call == Call::Probe && answer.is_client_error();
    let class = |answer: &Answer| match answer.status {
        status if is_exact(answer) => status.to_string(),
        status => format!("{}xx", status / 100),
    };
    let form = |answer: &Answer| if answer.json.is_some() { "JSON" } else { "no JSON" }.to_owned();
    let named = |found: Option<String>, what: &str| found.map(|found| format!("{what} {found}"));
    named(apart(&class), "the status")
        .or_else(|| named(apart(&form), "a body of"))
        .or_else(|| named(apart(&shape), "the members"))
        .or_else(|| lifetimes_apart(world, usual, other))
}

/// The members of the body with their types. An absent value shows no type.
fn shape(answer: &Answer) -> String {
    let mut members = BTreeSet::new();
    if let Some(json) = &answer.json {
        collect("", json, &mut members);
    }
    members.into_iter().collect::<Vec<_>>().join(" ")
}

fn collect(place: &str, value: &Value, members: &mut BTreeSet<String>) {
    if members.len() >= MOST_MEMBERS {
        return;
    }
    let kind = match value {
        Value::Null => return,
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(items) => {
            items.iter().for_each(|item| collect(&format!("{place}/…"), item, members));
            "list"
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| {
                let short: String = name.chars().take(60).collect();
                collect(&format!("{place}/{short}"), value, members);
            });
            return;
        }
    };
    members.insert(format!("{place}: {kind}"));
}

fn lifetimes_apart(world: &World, usual: &[&Answer], other: &[&Answer]) -> Option<String> {
    let pair = |answers: &[&Answer]| {
        let is_token_answer = |answer: &&&Answer| matches!(answer.call, Call::Issue | Call::Refresh);
        world.api.pair(answers.iter().find(is_token_answer)?, "").ok()
    };
    let (usual, other) = (pair(usual)?, pair(other)?);
    let lifetimes = [
        ("access", usual.access_lifetime, other.access_lifetime),
        ("refresh", usual.refresh_lifetime, other.refresh_lifetime),
    ];
    lifetimes.into_iter().find_map(|(kind, usual, other)| {
        let (usual, other) = (usual?, other?);
        let differ = usual.abs_diff(other) > ROUNDED_OFF;
        differ.then(|| format!("the {kind} lifetime `{} s` and not `{} s`", other.as_secs_f64(), usual.as_secs_f64()))
    })
}
