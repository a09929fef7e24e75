//! Steps that get one-time tokens, verify them, and judge the answers.

use super::words::{Token, User};
use crate::{
    Mismatch, StepError, World,
    api::verify_request,
    check::{
        comparison::Comparison,
        verification::{self, Verified},
    },
    message::{Answer, Call},
    tokens::OneTime,
};

pub(super) async fn fresh_token(world: &mut World, user: User) -> Result<(), StepError> {
    let login = match user {
        User::First => world.api.one_time_login()?,
        User::Second => {
            let login = world.site().target.one_time.as_ref().and_then(|users| users.second_login.clone());
            login
                .ok_or_else(|| StepError::skipped("the source gives no token of a second user (`ott.second_login`)"))?
        }
        User::Unknown => user.credentials(world)?.login,
    };
    world.mint(&login).await
}

/// Verifies a token that must be good.
pub(super) async fn has_been_verified(world: &mut World, token: Token) -> Result<(), StepError> {
    let position = world.one_time_position(token)?;
    let verified = verify_good(world, position).await;
    // A server may keep only the newest token of a user: then no other could stay good.
    let newest = world.one_time.len() - 1;
    if verified.is_err() && position != newest && verify_good(world, newest).await.is_ok() {
        return Err(StepError::skipped("the server keeps only the newest one-time token of a user"));
    }
    verified
}

async fn verify_good(world: &mut World, position: usize) -> Result<(), StepError> {
    let OneTime { token, login, .. } = world.one_time[position].clone();
    let answer = world.api.verify(&token).await?;
    world.one_time[position].used = true;
    verification::names(&answer, &login, &world.site().target.dialect)
        .map_err(|mismatch| mismatch.requirement("OTT-1").as_inconclusive())
}

/// Others than those of the scenario: a few on a deployment, where tokens are dear.
pub(super) async fn others_have_been_verified(world: &mut World, count: usize) -> Result<(), StepError> {
    let login = world.api.one_time_login()?;
    for _ in 0..if world.site().target.thorough { count } else { count.min(MOST_OTHERS) } {
        let other = world.api.mint(&login).await?;
        let answer = world.api.verify(&other.token).await?;
        verification::names(&answer, &login, &world.site().target.dialect)
            .map_err(|mismatch| mismatch.requirement("OTT-1").as_inconclusive())?;
    }
    Ok(())
}

const MOST_OTHERS: usize = 3;

pub(super) async fn take_tokens(world: &mut World, count: usize) -> Result<(), StepError> {
    let login = world.api.one_time_login()?;
    for _ in 0..count {
        world.mint(&login).await?;
    }
    Ok(())
}

pub(super) async fn have_been_refused(world: &mut World, times: usize, token: Token) -> Result<(), StepError> {
    for _ in 0..times {
        let answer = world.api.verify(&world.token(token)?).await?;
        verification::is_refused(&answer, &world.site().target.dialect)
            .map_err(|mismatch| mismatch.requirement("OTT-4").as_inconclusive())?;
    }
    Ok(())
}

/// Repeats the verifications while the answers differ: only repetitions show whether a difference follows the token.
pub(super) async fn verify_between_made_up(world: &mut World, token: Token) -> Result<(), StepError> {
    let token = world.token(token)?;
    let mut comparison = Comparison::default();
    while let Some(order) = comparison.next_round() {
        for is_subject in order {
            let token = if *is_subject { token.clone() } else { world.token(Token::MadeUpOneTime)? };
            let answer = world.api.verify(&token).await?;
            comparison.add(*is_subject, &mut vec![answer], token.expose().to_owned());
        }
    }
    world.compare(comparison);
    Ok(())
}

pub(super) async fn verify_unused(world: &mut World) -> Result<(), StepError> {
    let unused: Vec<OneTime> = world.one_time.iter().filter(|token| !token.used).cloned().collect();
    world.answers.clear();
    for OneTime { token, .. } in unused {
        let answer = world.api.verify(&token).await?;
        world.answers.push(answer);
    }
    Ok(())
}

pub(super) async fn verify_without_then_with(world: &mut World, token: Token) -> Result<(), StepError> {
    let OneTime { token, login, .. } = world.one_time[world.one_time_position(token)?].clone();
    let dialect = &world.site().target.dialect;
    let without = world.api.verify_bare(&token).await?;
    if verification::names(&without, &login, dialect).is_ok() {
        world.needed_access_token = Some(false);
        world.answered(without);
        return Ok(());
    }
    let pair = world.api.fresh_pair().await?;
    let with = world.api.client.send(Call::Verify, verify_request(&token).bearer(&pair.access)).await?;
    world.needed_access_token = verification::names(&with, &login, dialect).is_ok().then_some(true);
    world.answered(with);
    Ok(())
}

pub(super) async fn names_user_of_token(world: &mut World) -> Result<(), StepError> {
    let dialect = &world.site().target.dialect;
    for answer in world.judged()? {
        let Some(token) = world.one_time.iter().find(|token| answer.asked.contains(&token.token)) else {
            return Err(StepError::inconclusive("an answer is not to the verification of a one-time token"));
        };
        as_described(world, answer)?
            .and_then(|()| verification::names(answer, &token.login, dialect))
            .or_else(|mismatch| world.blame(answer, mismatch))?;
    }
    Ok(())
}

/// Holds an answer that could be an acceptance against the schema, with the login where the schema has it.
fn as_described(world: &World, answer: &Answer) -> Result<Result<(), Mismatch>, StepError> {
    let Some(json) = answer.json.as_ref().filter(|_| answer.is_success()) else { return Ok(Ok(())) };
    let pointer = &world.site().target.dialect.ott_login;
    let mut canonical = json.clone();
    if let (Some(members), Some(login)) = (canonical.as_object_mut(), pointer.find(json)) {
        members.insert("login".to_owned(), login.clone());
    }
    let problems = world.site().shared.schemas.problems("one-time-token-answer", &canonical);
    let problems = problems.map_err(|error| StepError::inconclusive(error.to_string()))?;
    Ok(problems.first().map_or(Ok(()), |problem| {
        let expected = format!("an answer that accepts the token and names its user at {pointer}");
        Err(Mismatch::new(expected, problem.message.clone()).at(answer.exchange))
    }))
}

pub(super) async fn is_accepted_once(world: &mut World) -> Result<(), StepError> {
    world.judged()?;
    let dialect = &world.site().target.dialect;
    for round in &world.rounds {
        let good = |answer: &&Answer| matches!(verification::read(answer, dialect), Verified::Good(_));
        let accepted = round.iter().filter(good).count();
        if accepted != 1 {
            if let (0, Some(answer)) = (accepted, round.first()) {
                world.blame(answer, Mismatch::new("a fresh token to be accepted", "it is not").requirement("OTT-1"))?;
            }
            let exchange = round.iter().rfind(good).or(round.first()).map_or(0, |answer| answer.exchange);
            let answered = format!("{accepted} of {} were accepted", round.len());
            return Err(Mismatch::new("exactly one verification to be accepted", answered).at(exchange).into());
        }
    }
    Ok(())
}

pub(super) async fn is_still_valid(world: &mut World) -> Result<(), StepError> {
    let token = world.one_time()?;
    let answer = world.api.verify(&token.token).await?;
    world.judges(&answer);
    verification::names(&answer, &token.login, &world.site().target.dialect)
        .or_else(|mismatch| world.blame(&answer, mismatch))
}
