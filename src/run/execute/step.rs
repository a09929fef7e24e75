//! One step: run it, catch what it throws, give it up when it takes too long. Whatever goes wrong in the harness itself is
//! never the server's fault.

use std::{any::Any, panic::AssertUnwindSafe, time::Duration};

use cucumber::gherkin::StepType;
use futures::FutureExt;
use steps::{Mismatch, StepError, World};
use tokio::time::timeout;

use super::quiet;
use crate::suite::sentences::Matched;

/// How a step ended.
pub(super) enum Ended {
    /// It held.
    Passed,
    /// It ended its scenario.
    Stopped {
        /// Why.
        stop: StepError,
        /// Whether scenarios beside it may have brought it about.
        may_be_interference: bool,
    },
}

impl Ended {
    pub(super) fn inconclusive(reason: impl Into<String>) -> Self {
        Self::Stopped { stop: StepError::Inconclusive(reason.into()), may_be_interference: false }
    }
}

/// Runs a step. A precondition that does not hold says nothing about what is judged, so a failure under `Given` is none.
pub(super) async fn carry_out(matched: &Matched, world: &mut World, limit: Duration) -> Ended {
    let kind = matched.context.step.ty;
    let running = quiet::during((matched.code)(world, matched.context.clone()));
    match timeout(limit, AssertUnwindSafe(running).catch_unwind()).await {
        Ok(Ok(())) => Ended::Passed,
        Ok(Err(thrown)) => stopped(kind, thrown),
        Err(_) => Ended::inconclusive(format!("the step did not end within {} s", limit.as_secs())),
    }
}

fn stopped(kind: StepType, thrown: Box<dyn Any + Send>) -> Ended {
    match thrown.downcast::<StepError>() {
        Ok(stop) => {
            let may_be_interference = matches!(&*stop, StepError::Failed(mismatch) if mismatch.may_be_interference);
            let stop = match *stop {
                StepError::Failed(mismatch) if kind == StepType::Given => Mismatch::blocks(&mismatch),
                stop => stop,
            };
            Ended::Stopped { stop, may_be_interference }
        }
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            Ended::inconclusive(format!(
                "the harness itself failed{}: {}; please report this",
                quiet::last_place().map(|place| format!(" at {place}")).unwrap_or_default(),
                text.unwrap_or("no message")
            ))
        }
    }
}
