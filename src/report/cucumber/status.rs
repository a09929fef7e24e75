//! Outcomes of steps as statuses of Cucumber, which has neither warnings nor waivers. A violation has failed, any other
//! deviation is skipped with a message, so that a build is red exactly when the verdict is.

use crate::{
    report::{
        class::{FailureClass, RequirementIndex},
        exchange::failure_transcript,
    },
    results::{Failure, Outcome, ScenarioResult},
    sanitize::sanitize,
};

/// Cucumber's status of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StepStatus {
    Passed,
    /// A requirement fails by it.
    Failed,
    /// Not carried out, or a deviation that does not break conformance.
    Skipped,
    /// Inconclusive.
    Pending,
}

impl StepStatus {
    /// The status in lower case.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Pending => "pending",
        }
    }
}

/// The status of every step, with a message where it did not pass. The message of a scenario that never began is at its first
/// step.
pub(super) fn step_statuses<'a>(
    scenario: &'a ScenarioResult,
    requirements: &RequirementIndex<'a>,
) -> impl Iterator<Item = (StepStatus, Option<String>)> {
    let mut reason = scenario.reason.as_deref().filter(|_| scenario.verdict != Outcome::Passed);
    let failed = match requirements.failure_class(scenario) {
        FailureClass::Violation => (StepStatus::Failed, ""),
        FailureClass::Warning => (StepStatus::Skipped, "a recommendation is not followed\n"),
        FailureClass::Waived => (StepStatus::Skipped, "waived\n"),
    };
    scenario.steps.iter().map(move |step| match step.verdict {
        Outcome::Passed => (StepStatus::Passed, None),
        Outcome::Failed => {
            reason = None;
            let text = step.failure.as_ref().map(|failure| failure_text(scenario, failure)).unwrap_or_default();
            (failed.0, Some(format!("{}{text}", failed.1)))
        }
        Outcome::Inconclusive => (StepStatus::Pending, reason.take().map(|reason| sanitize(reason).into_owned())),
        Outcome::Skipped => (StepStatus::Skipped, reason.take().map(|reason| sanitize(reason).into_owned())),
    })
}

/// Expected, answered, and the exchange.
fn failure_text(scenario: &ScenarioResult, failure: &Failure) -> String {
    let (expected, answered) = (sanitize(&failure.expected), sanitize(&failure.answered));
    let mut lines = vec![format!("expected {expected}"), format!("answered {answered}")];
    lines.extend(failure_transcript(scenario, failure));
    lines.join(
        "
",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{Results, sample};

    fn statuses(results: &Results, scenario: usize) -> Vec<(StepStatus, Option<String>)> {
        step_statuses(&results.scenarios[scenario], &RequirementIndex::new(results)).collect()
    }

    #[test]
    fn only_violations_have_failed() {
        let results = sample::failing();
        let last = |scenario: usize| statuses(&results, scenario).pop().expect("there are steps");
        let (status, message) = last(0);
        let message = message.expect("it says why");
        assert_eq!(status, StepStatus::Failed);
        assert!(message.starts_with("expected the second verification to be refused\nanswered 200 \\u{1b}[31mand"));
        assert!(message.contains("\n> POST http://127.0.0.1:4711/external/token/verify\n"), "{message}");
        assert_eq!(last(1), (StepStatus::Passed, None));
        for (scenario, why) in [(2, "waived\nexpected "), (3, "a recommendation is not followed\nexpected ")] {
            let (status, message) = last(scenario);
            assert_eq!(status, StepStatus::Skipped);
            assert!(message.is_some_and(|message| message.starts_with(why)));
        }
    }

    #[test]
    fn a_reason_occurs_once() {
        let results = sample::inconclusive();
        assert_eq!(
            statuses(&results, 0).last(),
            Some(&(StepStatus::Pending, Some("POST /auth/token: connection reset by peer".to_owned())))
        );
        let skipped = statuses(&results, 1);
        let reasons: Vec<&String> = skipped.iter().filter_map(|(_, message)| message.as_ref()).collect();
        assert_eq!(reasons, ["there is no source of one-time tokens"]);
    }
}
