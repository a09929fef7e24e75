//! One step: run it, catch what it throws, give it up when it takes too long. Whatever goes wrong in the harness itself is
//! never the server's fault.

use std::{any::Any, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use cucumber::{event, gherkin::StepType, step::Location};
use futures::FutureExt;
use regex::CaptureLocations;
use steps::{Mismatch, Stop, World};
use tokio::time::timeout;

use super::quiet;
use crate::suite::sentences::Matched;

/// How a step ended.
pub(super) enum Ended {
    /// It held.
    Passed {
        /// Where in its text the sentence's words are.
        captures: CaptureLocations,
        /// Where in the code the sentence is.
        location: Option<Location>,
    },
    /// It ended its scenario.
    Stopped {
        /// Why.
        stop: Stop,
        /// Whether scenarios beside it may have brought it about.
        in_company: bool,
    },
}

impl Ended {
    pub(super) fn inconclusive(reason: impl Into<String>) -> Self {
        Self::Stopped { stop: Stop::Inconclusive(reason.into()), in_company: false }
    }

    /// As cucumber tells it. A skip and an inconclusive end are both no failure of the server.
    pub(super) fn event(&self) -> event::Step<World> {
        match self {
            Self::Passed { captures, location } => event::Step::Passed(captures.clone(), *location),
            Self::Stopped { stop: Stop::Failed(mismatch), .. } => {
                let info: event::Info = Arc::new(format!("expected {}", mismatch.expected));
                event::Step::Failed(None, None, None, event::StepError::Panic(info))
            }
            Self::Stopped { .. } => event::Step::Skipped,
        }
    }
}

/// Runs a step. A precondition that does not hold says nothing about what is judged, so a failure under `Given` is none.
pub(super) async fn carry_out(matched: &Matched, world: &mut World, limit: Duration) -> Ended {
    let kind = matched.context.step.ty;
    let running = quiet::during((matched.code)(world, matched.context.clone()));
    match timeout(limit, AssertUnwindSafe(running).catch_unwind()).await {
        Ok(Ok(())) => Ended::Passed { captures: matched.captures.clone(), location: matched.location },
        Ok(Err(thrown)) => stopped(kind, thrown),
        Err(_) => Ended::inconclusive(format!("the step did not end within {} s", limit.as_secs())),
    }
}

fn stopped(kind: StepType, thrown: Box<dyn Any + Send>) -> Ended {
    match thrown.downcast::<Stop>() {
        Ok(stop) => {
            let in_company = matches!(&*stop, Stop::Failed(mismatch) if mismatch.in_company);
            let stop = match *stop {
                Stop::Failed(mismatch) if kind == StepType::Given => Mismatch::blocks(&mismatch),
                stop => stop,
            };
            Ended::Stopped { stop, in_company }
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
