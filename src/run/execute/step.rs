//! One step: carries it out, catches a panic, and gives it up when it takes too long. Only what a step itself returns as a
//! failure is held against the server.

use std::{any::Any, future::Future, panic::AssertUnwindSafe, time::Duration};

use cucumber::gherkin::StepType;
use futures::FutureExt;
use steps::StepError;
use tokio::time::timeout;

/// Why a step ended its scenario.
#[derive(Debug)]
pub(super) struct StepEnd {
    pub(super) error: StepError,
    /// Whether scenarios beside it may have brought it about.
    pub(super) may_be_interference: bool,
}

impl StepEnd {
    pub(super) fn inconclusive(reason: impl Into<String>) -> Self {
        Self { error: StepError::inconclusive(reason.into()), may_be_interference: false }
    }

    /// What a step's error means under its keyword. A precondition that does not hold leaves the scenario without a judgement.
    fn new(keyword: StepType, error: StepError) -> Self {
        match error {
            StepError::Failed(mismatch) => Self {
                may_be_interference: mismatch.may_be_interference,
                error: if keyword == StepType::Given { mismatch.as_inconclusive() } else { mismatch.into() },
            },
            error => Self { error, may_be_interference: false },
        }
    }
}

/// Carries a step out.
///
/// # Errors
/// When the step returns one, panics, or takes longer than the limit.
pub(super) async fn carry_out(
    keyword: StepType,
    step: impl Future<Output = Result<(), StepError>>,
    limit: Duration,
) -> Result<(), StepEnd> {
    match timeout(limit, AssertUnwindSafe(step).catch_unwind()).await {
        Ok(Ok(Ok(()))) => Ok(()),
        Ok(Ok(Err(error))) => Err(StepEnd::new(keyword, error)),
        Ok(Err(panic)) => Err(StepEnd::inconclusive(panicked(&*panic))),
        Err(_) => Err(StepEnd::inconclusive(format!("the step did not end within {} s", limit.as_secs()))),
    }
}

fn panicked(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    format!("the harness itself failed: {}; please report this", text.unwrap_or("no message"))
}

#[cfg(test)]
mod tests {
    use std::future;

    use steps::Mismatch;

    use super::*;

    async fn end(keyword: StepType, step: impl Future<Output = Result<(), StepError>>) -> StepEnd {
        carry_out(keyword, step, Duration::from_millis(20)).await.expect_err("the step does not pass")
    }

    fn failure() -> future::Ready<Result<(), StepError>> {
        let mismatch = Mismatch { may_be_interference: true, ..Mismatch::new("a token", "there is none") };
        future::ready(Err(mismatch.requirement("ISSUE-1").into()))
    }

    fn reason(end: &StepEnd) -> Option<String> {
        match &end.error {
            StepError::Inconclusive(reason) => Some(reason.expose().to_owned()),
            StepError::Failed(_) | StepError::Skipped(_) => None,
        }
    }

    #[tokio::test]
    async fn a_failed_check_is_a_failure() {
        for keyword in [StepType::When, StepType::Then] {
            let end = end(keyword, failure()).await;
            assert!(matches!(end.error, StepError::Failed(_)) && end.may_be_interference);
        }
    }

    #[tokio::test]
    async fn a_failed_precondition_is_inconclusive_and_names_the_requirement() {
        let end = end(StepType::Given, failure()).await;
        let expected = "a precondition does not hold: expected a token, but there is none (see ISSUE-1)";
        assert_eq!(reason(&end).as_deref(), Some(expected));
        assert!(end.may_be_interference);
    }

    #[tokio::test]
    async fn a_panic_is_inconclusive() {
        let end = end(StepType::Then, async { panic!("out of {}", "range") }).await;
        assert_eq!(reason(&end).as_deref(), Some("the harness itself failed: out of range; please report this"));
    }

    #[tokio::test]
    async fn a_step_that_does_not_end_is_inconclusive() {
        let end = end(StepType::When, future::pending()).await;
        assert_eq!(reason(&end).as_deref(), Some("the step did not end within 0 s"));
    }

    #[tokio::test]
    async fn a_skip_stays_a_skip() {
        let end = end(StepType::Given, future::ready(Err(StepError::skipped("no source")))).await;
        assert!(matches!(end.error, StepError::Skipped(_)) && !end.may_be_interference);
    }
}
