//! `junit.xml`: a test suite for each feature, a test case for each scenario. A failure is what breaks conformance; a broken
//! recommendation or a waived deviation is told as skipped with its type, the way expected failures are told elsewhere, so
//! that a build is red exactly when the verdict is.

use std::{io, time::Duration};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{
    exchange,
    legible::legible,
    standing::{Requirements, Standing},
};
use crate::results::{Failure, Outcome, Results, Scenario};

/// Writes the report.
pub(super) fn render(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let requirements = Requirements::of(results);
    let mut report = Report::new(legible(&format!("{} {}", results.tool.name, results.target.name)));
    report.set_time(Duration::from_millis(results.duration_ms));
    for scenarios in results.scenarios.chunk_by(|one, next| one.feature == next.feature) {
        report.add_test_suite(suite(results, scenarios, &requirements));
    }
    report.serialize(out).map_err(io::Error::other)
}

fn suite<'a>(results: &Results, scenarios: &'a [Scenario], requirements: &Requirements<'a>) -> TestSuite {
    let feature = scenarios.first().map(|scenario| scenario.feature.as_str()).unwrap_or_default();
    let mut suite = TestSuite::new(legible(feature));
    suite.extra.insert("timestamp".into(), results.started_at.to_string().into());
    suite.set_time(scenarios.iter().map(|scenario| duration(scenario.duration_ms)).sum());
    suite.add_property(("target", &*legible(&results.target.name)));
    suite.add_property(("verdict", results.verdict.to_string().as_str()));
    suite.add_property(("suite", &*legible(&results.suite.digest)));
    suite.add_test_cases(scenarios.iter().map(|scenario| case(scenario, requirements)));
    suite
}

fn case<'a>(scenario: &'a Scenario, requirements: &Requirements<'a>) -> TestCase {
    let mut case = TestCase::new(legible(name(scenario)), status(scenario, requirements));
    case.set_classname(class(&legible(&scenario.feature)));
    case.set_time(duration(scenario.duration_ms));
    case.extra.insert("file".into(), (&*legible(&scenario.feature)).into());
    case.extra.insert("line".into(), scenario.line.to_string().into());
    for id in &scenario.requirements {
        case.add_property(("requirement", &*legible(id)));
    }
    case
}

/// What tells a scenario from all others of its feature: rows of an outline may share a name, never an id.
fn name(scenario: &Scenario) -> &str {
    let within = scenario.id.strip_prefix(scenario.feature.as_str()).and_then(|id| id.strip_prefix(": "));
    within.unwrap_or(&scenario.id)
}

/// The feature as CI servers group by: `features/one-time/single-use.feature` becomes `one-time.single-use`.
fn class(feature: &str) -> String {
    let feature = feature.strip_prefix("features/").unwrap_or(feature);
    feature.strip_suffix(".feature").unwrap_or(feature).trim_matches('/').replace('/', ".")
}

fn status<'a>(scenario: &'a Scenario, requirements: &Requirements<'a>) -> TestCaseStatus {
    let (mut status, kind) = match scenario.verdict {
        Outcome::Passed => return TestCaseStatus::success(),
        Outcome::Skipped => (TestCaseStatus::skipped(), "skipped"),
        Outcome::Inconclusive => (TestCaseStatus::non_success(NonSuccessKind::Error), "inconclusive"),
        Outcome::Failed => match requirements.standing(scenario) {
            Standing::Violation => (TestCaseStatus::non_success(NonSuccessKind::Failure), "violation"),
            Standing::Warning => (TestCaseStatus::skipped(), "warning"),
            Standing::Waived => (TestCaseStatus::skipped(), "waived"),
        },
    };
    status.set_type(kind).set_message(legible(scenario.reason.as_deref().unwrap_or(kind)));
    let told: Vec<String> =
        scenario.steps.iter().filter_map(|step| Some(tell(scenario, step.failure.as_ref()?))).collect();
    if !told.is_empty() {
        status.set_description(told.join("\n"));
    }
    status
}

/// Expected, answered, and the exchange.
fn tell(scenario: &Scenario, failure: &Failure) -> String {
    let mut told = vec![
        format!("{}:{}", legible(&scenario.feature), scenario.line),
        format!("expected: {}", legible(&failure.expected)),
        format!("answered: {}", legible(&failure.answered)),
    ];
    let exchange = exchange::of_failure(scenario, failure).map(exchange::lines).unwrap_or_default();
    told.extend(exchange.iter().map(|line| format!("{} {}", line.way.mark(), line.text).trim_end().to_owned()));
    told.join("\n")
}

fn duration(milliseconds: f64) -> Duration {
    Duration::try_from_secs_f64(milliseconds / 1_000.0).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn written(results: &Results) -> String {
        let mut text = Vec::new();
        render(results, &mut text).expect("memory takes it");
        String::from_utf8(text).expect("it is text")
    }

    #[test]
    fn a_failing_run() {
        insta::assert_snapshot!(written(&sample::failing()));
    }

    #[test]
    fn a_run_that_could_not_judge_everything() {
        insta::assert_snapshot!(written(&sample::inconclusive()));
    }

    #[test]
    fn the_counts_are_those_of_the_results() {
        for results in sample::all() {
            let report = Report::deserialize_from_str(&written(&results)).expect("it can be read");
            let violations = |scenario: &&Scenario| {
                scenario.verdict == Outcome::Failed
                    && Requirements::of(&results).standing(scenario) == Standing::Violation
            };
            let violations = results.scenarios.iter().filter(violations).count();
            let counts = &results.counts.scenarios;
            assert_eq!(report.tests, results.scenarios.len());
            assert_eq!(report.failures, violations);
            assert_eq!(report.errors, counts.inconclusive);
            assert_eq!(report.skipped, counts.skipped + counts.failed - violations);
        }
    }

    #[test]
    fn classes_are_named_after_features() {
        for (feature, named) in [
            ("features/one-time/single-use.feature", "one-time.single-use"),
            ("/home/qa/own.feature", "home.qa.own"),
            ("own", "own"),
        ] {
            assert_eq!(class(feature), named);
        }
    }
}
