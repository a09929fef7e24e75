//! `junit.xml`: a test suite for each feature, a test case for each scenario. A violation is a failure. A broken recommendation
//! and a waived deviation are skipped, with their type, so that a build is red exactly when the verdict is. Only what the
//! schema of Jenkins (junit-10.xsd of its xunit plugin) allows is written; place and requirements of a scenario are the output
//! of its test case.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
    writer::ElementWriter,
};

use super::{
    class::{FailureClass, RequirementIndex},
    exchange::failure_transcript,
};
use crate::{
    results::{Failure, Outcome, Results, ScenarioResult},
    sanitize::sanitize,
};

type Xml<'a> = Writer<&'a mut dyn io::Write>;

/// The element in the test case of a scenario that did not pass.
struct CaseResult {
    /// `failure`, `error` or `skipped`.
    element: &'static str,
    /// Its type.
    kind: &'static str,
}

/// Test cases by result.
#[derive(Default)]
struct CaseCounts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// Writes the report.
pub(super) fn render(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let requirements = RequirementIndex::new(results);
    let mut xml = Writer::new_with_indent(out, b' ', 4);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let name = format!("{} {}", results.tool.name, results.target.name);
    let counts = CaseCounts::new(&results.scenarios, &requirements);
    let suites = xml
        .create_element("testsuites")
        .with_attribute(("name", &*sanitize(&name)))
        .with_attribute(("tests", counts.tests.to_string().as_str()))
        .with_attribute(("failures", counts.failures.to_string().as_str()))
        .with_attribute(("errors", counts.errors.to_string().as_str()))
        .with_attribute(("time", seconds(to_f64(results.duration_ms)).as_str()));
    suites.write_inner_content(|xml| {
        let mut features = results.scenarios.chunk_by(|one, next| one.feature == next.feature);
        features.try_for_each(|scenarios| suite(xml, results, scenarios, &requirements))
    })?;
    xml.get_mut().write_all(b"\n")
}

fn suite<'a>(
    xml: &mut Xml<'_>,
    results: &Results,
    scenarios: &'a [ScenarioResult],
    requirements: &RequirementIndex<'a>,
) -> io::Result<()> {
    let feature = scenarios.first().map(|scenario| scenario.feature.as_str()).unwrap_or_default();
    let counts = CaseCounts::new(scenarios, requirements);
    let took = scenarios.iter().map(|scenario| scenario.duration_ms).sum();
    let suite = xml
        .create_element("testsuite")
        .with_attribute(("name", &*sanitize(feature)))
        .with_attribute(("tests", counts.tests.to_string().as_str()))
        .with_attribute(("failures", counts.failures.to_string().as_str()))
        .with_attribute(("errors", counts.errors.to_string().as_str()))
        .with_attribute(("skipped", counts.skipped.to_string().as_str()))
        .with_attribute(("time", seconds(took).as_str()))
        .with_attribute(("timestamp", results.started_at.to_string().as_str()))
        .with_attribute(("file", &*sanitize(feature)));
    suite.write_inner_content(|xml| {
        properties(xml, results)?;
        scenarios.iter().try_for_each(|scenario| case(xml, scenario, requirements))
    })?;
    Ok(())
}

fn properties(xml: &mut Xml<'_>, results: &Results) -> io::Result<()> {
    let verdict = results.verdict.to_string();
    let mut properties =
        vec![("target", &results.target.name), ("verdict", &verdict), ("suite", &results.suite.digest)];
    let not_restored: Vec<String> = results.settings_not_restored.iter().map(ToString::to_string).collect();
    properties.extend(not_restored.iter().map(|text| ("settings not restored", text)));
    xml.create_element("properties").write_inner_content(|xml| {
        properties.iter().try_for_each(|(name, value)| {
            let property = xml.create_element("property").with_attribute(("name", *name));
            property.with_attribute(("value", &*sanitize(value))).write_empty().map(drop)
        })
    })?;
    Ok(())
}

fn case<'a>(xml: &mut Xml<'_>, scenario: &'a ScenarioResult, requirements: &RequirementIndex<'a>) -> io::Result<()> {
    let case: ElementWriter<'_, _> = xml
        .create_element("testcase")
        .with_attribute(("name", &*sanitize(case_name(scenario))))
        .with_attribute(("classname", class_name(&sanitize(&scenario.feature)).as_str()))
        .with_attribute(("time", seconds(scenario.duration_ms).as_str()));
    case.write_inner_content(|xml| {
        if let Some(CaseResult { element, kind }) = CaseResult::new(scenario, requirements) {
            let message = scenario.reason.as_deref().unwrap_or(kind);
            let element = xml.create_element(element).with_attribute(("type", kind));
            let element = element.with_attribute(("message", &*sanitize(message)));
            let failures =
                scenario.steps.iter().filter_map(|step| Some(failure_text(scenario, step.failure.as_ref()?)));
            element.write_text_content(BytesText::new(&failures.collect::<Vec<_>>().join("\n")))?;
        }
        xml.create_element("system-out").write_text_content(BytesText::new(&place(scenario)))?;
        Ok(())
    })?;
    Ok(())
}

impl CaseResult {
    /// `None` for a scenario that passed.
    fn new<'a>(scenario: &'a ScenarioResult, requirements: &RequirementIndex<'a>) -> Option<Self> {
        let (element, kind) = match scenario.verdict {
            Outcome::Passed => return None,
            Outcome::Skipped => ("skipped", "skipped"),
            Outcome::Inconclusive => ("error", "inconclusive"),
            Outcome::Failed => match requirements.failure_class(scenario) {
                FailureClass::Violation => ("failure", "violation"),
                FailureClass::Warning => ("skipped", "warning"),
                FailureClass::Waived => ("skipped", "waived"),
            },
        };
        Some(Self { element, kind })
    }
}

impl CaseCounts {
    fn new<'a>(scenarios: &'a [ScenarioResult], requirements: &RequirementIndex<'a>) -> Self {
        let mut counts = Self { tests: scenarios.len(), ..Self::default() };
        for result in scenarios.iter().filter_map(|scenario| CaseResult::new(scenario, requirements)) {
            match result.element {
                "failure" => counts.failures += 1,
                "error" => counts.errors += 1,
                _ => counts.skipped += 1,
            }
        }
        counts
    }
}

/// What identifies a scenario in its feature: rows of an outline may share a name, never an id.
fn case_name(scenario: &ScenarioResult) -> &str {
    let within = scenario.id.strip_prefix(scenario.feature.as_str()).and_then(|id| id.strip_prefix(": "));
    within.unwrap_or(&scenario.id)
}

/// The feature as CI servers group test cases: `features/one-time/single-use.feature` becomes `one-time.single-use`.
fn class_name(feature: &str) -> String {
    let feature = feature.strip_prefix("features/").unwrap_or(feature);
    feature.strip_suffix(".feature").unwrap_or(feature).trim_matches('/').replace('/', ".")
}

/// The place of a scenario and what it judges.
fn place(scenario: &ScenarioResult) -> String {
    let place = format!("{}:{} judges {}", scenario.feature, scenario.line, scenario.requirements.join(", "));
    sanitize(&place).into_owned()
}

/// Expected, answered, and the exchange.
fn failure_text(scenario: &ScenarioResult, failure: &Failure) -> String {
    let (expected, answered) = (sanitize(&failure.expected), sanitize(&failure.answered));
    let mut lines = vec![format!("expected: {expected}"), format!("answered: {answered}")];
    lines.extend(failure_transcript(scenario, failure));
    lines.join(
        "
",
    )
}

/// Seconds with three decimals.
fn seconds(milliseconds: f64) -> String {
    format!("{:.3}", milliseconds / 1_000.0)
}

#[expect(clippy::cast_precision_loss, reason = "no run takes so many milliseconds that one would be missed")]
fn to_f64(milliseconds: u64) -> f64 {
    milliseconds as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::sample;

    fn written(results: &Results) -> String {
        sample::rendered(render, results)
    }

    #[test]
    fn a_failing_run() {
        insta::assert_snapshot!(written(&sample::failing()));
    }

    #[test]
    fn an_inconclusive_run() {
        insta::assert_snapshot!(written(&sample::inconclusive()));
    }

    #[test]
    fn counts_match_the_results() {
        for results in sample::all() {
            let report = quick_junit::Report::deserialize_from_str(&written(&results)).expect("it can be read");
            let violations = |scenario: &&ScenarioResult| {
                scenario.verdict == Outcome::Failed
                    && RequirementIndex::new(&results).failure_class(scenario) == FailureClass::Violation
            };
            let violations = results.scenarios.iter().filter(violations).count();
            let counts = &results.counts.scenarios;
            assert_eq!(report.tests, results.scenarios.len());
            assert_eq!(report.failures, violations);
            assert_eq!(report.errors, counts.inconclusive);
            let skipped: usize = report.test_suites.iter().map(|suite| suite.skipped).sum();
            assert_eq!(skipped, counts.skipped + counts.failed - violations);
        }
    }

    #[test]
    fn classes_have_the_names_of_features() {
        for (feature, named) in [
            ("features/one-time/single-use.feature", "one-time.single-use"),
            ("/home/qa/own.feature", "home.qa.own"),
            ("own", "own"),
        ] {
            assert_eq!(class_name(feature), named);
        }
    }
}
