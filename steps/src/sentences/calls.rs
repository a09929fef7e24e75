//! Steps that judge whether a call was accepted: the protected call, a refresh, or a verification.

use super::words::{Action, Token, User, Verdict};
use crate::{
    Mismatch, StepError, World,
    check::verification::{self, Verified},
    message::{Answer, Call},
};

pub(super) async fn has_been_accepted(world: &mut World, token: Token) -> Result<(), StepError> {
    let request = Action::Use.request(&world.api, Some(&world.token(token)?))?;
    let answer = Action::Use.send(&world.api, request).await?;
    is_accepted(world, &answer).or_else(|mismatch| world.blame(&answer, mismatch.requirement("USE-1")))
}

pub(super) async fn are(world: &mut World, verdict: Verdict) -> Result<(), StepError> {
    match verdict {
        Verdict::Accepted => world.each_accepts(|answer| is_accepted(world, answer)),
        Verdict::Refused => world.each(|answer| is_refused(world, answer)),
        Verdict::Unauthorized => world.each(is_unauthorized),
    }
}

/// What was refused once stays refused, whichever node answers. An error of the server refuses nothing.
pub(super) async fn stay_refused(world: &mut World) -> Result<(), StepError> {
    let answers = world.judged()?;
    let mut later = answers.iter().skip_while(|answer| !answer.is_client_error());
    let Some(accepted) = later.find(|answer| is_accepted(world, answer).is_ok()) else { return Ok(()) };
    let answered = format!("{} after a refusal", accepted.status_text());
    Err(Mismatch::new("a token that was refused to stay refused", answered).at(accepted.exchange).into())
}

pub(super) fn is_accepted(world: &World, answer: &Answer) -> Result<(), Mismatch> {
    let accepted = match answer.call {
        Call::Verify => matches!(verification::read(answer, &world.site().target.dialect), Verified::Good(_)),
        Call::Issue | Call::Refresh => world.api.pair(answer, "").is_ok(),
        _ => answer.is_success(),
    };
    if accepted {
        return Ok(());
    }
    Err(Mismatch::new("the call to be accepted", answer.status_text()).at(answer.exchange))
}

/// Whether a refusal has the right status is judged by other requirements.
pub(super) fn is_refused(world: &World, answer: &Answer) -> Result<(), Mismatch> {
    let accepted = match answer.call {
        Call::Verify => return verification::is_refused(answer, &world.site().target.dialect),
        Call::Issue | Call::Refresh => world.api.pair(answer, "").is_ok(),
        _ => answer.is_success(),
    };
    if accepted {
        return Err(Mismatch::new("the call to be refused", answer.status_text()).at(answer.exchange));
    }
    Ok(())
}

fn is_unauthorized(answer: &Answer) -> Result<(), Mismatch> {
    if answer.status == 401 {
        return Ok(());
    }
    // Every call but a login needs a token; a probe that is open on purpose shows nothing.
    let is_open = answer.call == Call::Probe && answer.is_success() && answer.asked.is_empty();
    let hint = if is_open { " without a token; where this call is meant to be open, set another `probe`" } else { "" };
    Err(Mismatch::new("the call to be refused with 401", format!("{}{hint}", answer.status_text())).at(answer.exchange))
}

pub(super) async fn asks_for_bearer(world: &mut World) -> Result<(), StepError> {
    world.each(|answer| {
        let schemes: Vec<&str> = answer.headers_named("www-authenticate").collect();
        let bearer = |value: &&str| value.split([',', ' ']).any(|word| word.trim().eq_ignore_ascii_case("bearer"));
        if schemes.iter().any(bearer) {
            return Ok(());
        }
        let answered = if schemes.is_empty() { "the answer has no such header".to_owned() } else { schemes.join(", ") };
        Err(Mismatch::new("the header `WWW-Authenticate: Bearer`", answered).at(answer.exchange))
    })
}

pub(super) async fn names(world: &mut World, user: User) -> Result<(), StepError> {
    let login = user.credentials(world)?.login;
    let answer = world.answer()?;
    is_accepted(world, answer).map_err(|mismatch| mismatch.requirement("USE-1").as_inconclusive())?;
    match world.api.named_user(answer) {
        Some(named) if named == login => Ok(()),
        Some(named) => Err(Mismatch::new(format!("the token to be {login}'s"), format!("it is {named}'s"))
            .at(answer.exchange)
            .into()),
        None => Err(StepError::skipped(
            "the protected call's answer names no user where `probe_login` points; set it to the place that does",
        )),
    }
}
