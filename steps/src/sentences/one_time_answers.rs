//! Sentences that judge what a server says about one-time tokens.

use crate::{
    Mismatch, StepError, World,
    check::{repeated, verification, verification::Verified},
    message::Answer,
};

pub(super) async fn names_its_user(world: &mut World) -> Result<(), StepError> {
    one_named(world)
}

fn one_named(world: &World) -> Result<(), StepError> {
    let (login, dialect) = (&world.one_time()?.login, &world.site().target.dialect);
    for answer in world.judged()? {
        as_described(world, answer)?
            .and_then(|()| verification::names(answer, login, dialect))
            .or_else(|mismatch| world.blame(answer, mismatch))?;
    }
    Ok(())
}

/// Holds an answer that could be an acceptance against the schema, with the login where the schema has it.
fn as_described(world: &World, answer: &Answer) -> Result<Result<(), Mismatch>, StepError> {
    let Some(json) = answer.json.as_ref().filter(|_| answer.is_success()) else { return Ok(Ok(())) };
    let mut canonical = json.clone();
    if let (Some(fields), Some(login)) = (canonical.as_object_mut(), world.site().target.dialect.ott_login.find(json)) {
        fields.insert("login".to_owned(), login.clone());
    }
    let problems = world.site().shared.schemas.problems("one-time-token-answer", &canonical);
    let problems = problems.map_err(|error| StepError::inconclusive(error.to_string()))?;
    Ok(problems.first().map_or(Ok(()), |problem| {
        let expected =
            format!("an answer that accepts the token and names its user at {}", world.site().target.dialect.ott_login);
        Err(Mismatch::new(expected, problem.message.clone()).at(answer.exchange))
    }))
}

pub(super) async fn each_names_its_user(world: &mut World) -> Result<(), StepError> {
    each_named(world)
}

fn each_named(world: &World) -> Result<(), StepError> {
    for (answer, token) in world.judged()?.iter().zip(&world.one_time) {
        verification::names(answer, &token.login, &world.site().target.dialect)
            .or_else(|mismatch| world.blame(answer, mismatch))?;
    }
    Ok(())
}

pub(super) async fn is_refused(world: &mut World) -> Result<(), StepError> {
    let dialect = &world.site().target.dialect;
    world.each(|answer| verification::is_refused(answer, dialect))
}

pub(super) async fn accepted_once(world: &mut World) -> Result<(), StepError> {
    once_each(world)
}

fn once_each(world: &World) -> Result<(), StepError> {
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

pub(super) async fn still_good(world: &mut World) -> Result<(), StepError> {
    not_spent(world).await
}

async fn not_spent(world: &World) -> Result<(), StepError> {
    let token = world.one_time()?;
    let answer = world.api.verify(&token.token).await?;
    world.judges(&answer);
    verification::names(&answer, &token.login, &world.site().target.dialect)
        .or_else(|mismatch| world.blame(&answer, mismatch))
}

pub(super) async fn names_nobody(world: &mut World) -> Result<(), StepError> {
    no_login(world)
}

fn no_login(world: &World) -> Result<(), StepError> {
    let logins: Vec<_> = world.one_time.iter().map(|token| crate::Secret::new(token.login.as_str())).collect();
    let dialect = &world.site().target.dialect;
    world.each(|answer| {
        if let Verified::Good(_) = verification::read(answer, dialect) {
            return Ok(());
        }
        repeated::none_of(&logins, "the login of a refused token", answer)
    })
}

pub(super) async fn records_pair(world: &mut World) -> Result<(), StepError> {
    record_pair(world)
}

fn record_pair(world: &World) -> Result<(), StepError> {
    let answer = world.answer()?;
    let pair = world.api.pair(answer, "").is_ok();
    world.observe("Does a valid verification also give a pair of tokens?", if pair { "yes" } else { "no" });
    Ok(())
}

pub(super) async fn records_need(world: &mut World) -> Result<(), StepError> {
    record_need(world)
}

fn record_need(world: &World) -> Result<(), StepError> {
    let Some(needed) = world.needed_access_token else {
        let answered = world.answer()?.status_text();
        return Err(Mismatch::new("the fresh token to be accepted", answered).requirement("OTT-1").as_inconclusive());
    };
    let answer = if needed { "yes" } else { "no" };
    world.observe("Does a verification need an access token?", answer);
    Ok(())
}
