//! What became of a step in the words that Cucumber's formats have for it. They know no warnings and no waivers: what breaks
//! conformance has failed, any other deviation is skipped with a message, so that a build is red exactly when the verdict is.

use super::{
    exchange,
    standing::{Requirements, Standing},
};
use crate::{
    results::{Failure, Outcome, Scenario},
    sanitize::sanitize,
};

/// Cucumber's word for what became of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Passed,
    /// A requirement fails by it.
    Failed,
    /// Not carried out, or a deviation that does not break conformance.
    Skipped,
    /// Nobody can say yet.
    Pending,
}

impl Status {
    /// The word in small letters.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Pending => "pending",
        }
    }
}

/// What became of every step, with a message where it did not pass; that of a scenario that never began is at its first step.
pub(super) fn of_steps<'a>(
    scenario: &'a Scenario,
    requirements: &Requirements<'a>,
) -> impl Iterator<Item = (Status, Option<String>)> {
    let mut reason = scenario.reason.as_deref().filter(|_| scenario.verdict != Outcome::Passed);
    let failed = match requirements.standing(scenario) {
        Standing::Violation => (Status::Failed, ""),
        Standing::Warning => (Status::Skipped, "a recommendation is not followed\n"),
        Standing::Waived => (Status::Skipped, "waived\n"),
    };
    scenario.steps.iter().map(move |step| match step.verdict {
        Outcome::Passed => (Status::Passed, None),
        Outcome::Failed => {
            reason = None;
            let told = step.failure.as_ref().map(|failure| told(scenario, failure)).unwrap_or_default();
            (failed.0, Some(format!("{}{told}", failed.1)))
        }
        Outcome::Inconclusive => (Status::Pending, reason.take().map(|reason| sanitize(reason).into_owned())),
        Outcome::Skipped => (Status::Skipped, reason.take().map(|reason| sanitize(reason).into_owned())),
    })
}

/// What was expected and answered, and the exchange that shows it.
fn told(scenario: &Scenario, failure: &Failure) -> String {
    let mut told =
        vec![format!("expected {}", sanitize(&failure.expected)), format!("answered {}", sanitize(&failure.answered))];
    let exchange = exchange::of_failure(scenario, failure).map(exchange::lines).unwrap_or_default();
    told.extend(exchange.iter().map(|line| format!("{} {}", line.way.mark(), line.text).trim_end().to_owned()));
    told.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{report::sample, results::Results};

    fn statuses(results: &Results, scenario: usize) -> Vec<(Status, Option<String>)> {
        of_steps(&results.scenarios[scenario], &Requirements::of(results)).collect()
    }

    #[test]
    fn only_what_breaks_conformance_has_failed() {
        let results = sample::failing();
        let last = |scenario: usize| statuses(&results, scenario).pop().expect("there are steps");
        let (status, message) = last(0);
        let message = message.expect("it says why");
        assert_eq!(status, Status::Failed);
        assert!(message.starts_with("expected the second verification to be refused\nanswered 200 \\u{1b}[31mand"));
        assert!(message.contains("\n> POST http://127.0.0.1:4711/external/token/verify\n"), "{message}");
        assert_eq!(last(1), (Status::Passed, None));
        for (scenario, why) in [(2, "waived\nexpected "), (3, "a recommendation is not followed\nexpected ")] {
            let (status, message) = last(scenario);
            assert_eq!(status, Status::Skipped);
            assert!(message.is_some_and(|message| message.starts_with(why)));
        }
    }

    #[test]
    fn a_reason_is_told_once() {
        let results = sample::inconclusive();
        assert_eq!(
            statuses(&results, 0).last(),
            Some(&(Status::Pending, Some("POST /auth/token: connection reset by peer".to_owned())))
        );
        let skipped = statuses(&results, 1);
        let reasons: Vec<&String> = skipped.iter().filter_map(|(_, message)| message.as_ref()).collect();
        assert_eq!(reasons, ["there is no source of one-time tokens"]);
    }
}
