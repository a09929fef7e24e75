//! Carries one step out: an act, several at once, a new one-time token or the passing of time. The same for a walk, for a repetition
//! and for shrinking.

use std::time::Duration;

use super::{
    act::{Outcome, one},
    history,
    judge::Violation,
    model::{Model, Moment, ROUNDING},
    operation::{Id, Kind, Operation, Pass, Step},
    wire::Link,
};

/// Carries a step out.
pub(crate) async fn run_step<L: Link>(step: &Step, model: &mut Model, link: &mut L) -> Outcome {
    match &step.operation {
        Operation::Act(act) => one(step.id, *act, model, link).await,
        Operation::Mint { user } => mint(step.id, *user, model, link).await,
        Operation::Pass(pass) => {
            let Some(time) = wait(*pass, model, link) else { return Outcome::LeftOut };
            link.pass(time).await;
            Outcome::Right
        }
        Operation::Together(acts) => history::together(step.id, acts, model, link).await,
    }
}

/// How long a pass takes from now on.
pub(crate) fn wait<L: Link>(pass: Pass, model: &Model, link: &L) -> Option<Duration> {
    let (now, margin) = (link.now(), model.margin);
    let until = |moment: Duration| moment.checked_sub(now);
    let time = match pass {
        Pass::For(time) => Some(time),
        Pass::Before(id, kind) => {
            let (issued, life) = model.end(id, kind)?;
            until((issued.earliest + life).checked_sub(margin + margin / 4)?)
        }
        Pass::After(id, kind) => {
            let (issued, life) = model.end(id, kind)?;
            until(issued.latest + life + margin + ROUNDING + Duration::from_millis(20))
        }
        Pass::Part(id, kind, hundredths) => {
            let (issued, life) = model.end(id, kind)?;
            until(issued.latest + life * u32::from(hundredths) / 100)
        }
    };
    time.filter(|time| link.facts().turned || *time <= link.facts().max_wait)
}

async fn mint<L: Link>(id: Id, user: usize, model: &mut Model, link: &mut L) -> Outcome {
    let Some(login) = link.facts().users.get(user).map(|user| user.login.clone()) else { return Outcome::LeftOut };
    let asked = link.now();
    match link.mint(&login).await {
        Ok((token, age)) => {
            let latest = link.now();
            let issued = Moment { earliest: asked.min(latest.saturating_sub(age)), latest };
            let known = model.remember(&token, Kind::OneTime);
            model.mint(id, user, token, issued);
            if known {
                Outcome::Wrong(Violation::new("OTT-17", "a one-time token was given out twice"))
            } else {
                Outcome::Right
            }
        }
        Err(_) => Outcome::NoAnswer,
    }
}
