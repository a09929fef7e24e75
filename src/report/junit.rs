//! `junit.xml`: a test suite for each feature, a test case for each scenario. A failure is what breaks conformance; a broken
//! recommendation or a waived deviation is told as skipped with its type, the way expected failures are told elsewhere, so
//! that a build is red exactly when the verdict is. Only what the schema of Jenkins (junit-10.xsd of its xunit plugin) knows
//! is written; where a scenario stands and what it judges is told as the output of its test case.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
    writer::ElementWriter,
};

use super::{
    exchange,
    standing::{Requirements, Standing},
};
use crate::{
    results::{Failure, Outcome, Results, Scenario},
    sanitize::sanitize,
};

type Xml<'a> = Writer<&'a mut dyn io::Write>;

/// What became of a scenario, as the element of its test case says it.
struct Told {
    /// `failure`, `error` or `skipped`.
    element: &'static str,
    /// What kind of that.
    kind: &'static str,
}

/// Test cases by what became of them.
#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// Writes the report.
pub(super) fn render(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let requirements = Requirements::of(results);
    let mut xml = Writer::new_with_indent(out, b' ', 4);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let name = format!("{} {}", results.tool.name, results.target.name);
    let counts = Counts::of(&results.scenarios, &requirements);
    let suites = xml
        .create_element("testsuites")
        .with_attribute(("name", &*sanitize(&name)))
        .with_attribute(("tests", counts.tests.to_string().as_str()))
        .with_attribute(("failures", counts.failures.to_string().as_str()))
        .with_attribute(("errors", counts.errors.to_string().as_str()))
        .with_attribute(("time", seconds(f64_of(results.duration_ms)).as_str()));
    suites.write_inner_content(|xml| {
        let mut features = results.scenarios.chunk_by(|one, next| one.feature == next.feature);
        features.try_for_each(|scenarios| suite(xml, results, scenarios, &requirements))
    })?;
    xml.get_mut().write_all(b"\n")
}

fn suite<'a>(
    xml: &mut Xml<'_>,
    results: &Results,
    scenarios: &'a [Scenario],
    requirements: &Requirements<'a>,
) -> io::Result<()> {
    let feature = scenarios.first().map(|scenario| scenario.feature.as_str()).unwrap_or_default();
    let counts = Counts::of(scenarios, requirements);
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
    let properties = [("target", &results.target.name), ("verdict", &verdict), ("suite", &results.suite.digest)];
    xml.create_element("properties").write_inner_content(|xml| {
        properties.iter().try_for_each(|(name, value)| {
            let property = xml.create_element("property").with_attribute(("name", *name));
            property.with_attribute(("value", &*sanitize(value))).write_empty().map(drop)
        })
    })?;
    Ok(())
}

fn case<'a>(xml: &mut Xml<'_>, scenario: &'a Scenario, requirements: &Requirements<'a>) -> io::Result<()> {
    let case: ElementWriter<'_, _> = xml
        .create_element("testcase")
        .with_attribute(("name", &*sanitize(name(scenario))))
        .with_attribute(("classname", class(&sanitize(&scenario.feature)).as_str()))
        .with_attribute(("time", seconds(scenario.duration_ms).as_str()));
    case.write_inner_content(|xml| {
        if let Some(Told { element, kind }) = Told::of(scenario, requirements) {
            let message = scenario.reason.as_deref().unwrap_or(kind);
            let element = xml.create_element(element).with_attribute(("type", kind));
            let element = element.with_attribute(("message", &*sanitize(message)));
            let told: Vec<String> =
                scenario.steps.iter().filter_map(|step| Some(tell(scenario, step.failure.as_ref()?))).collect();
            element.write_text_content(BytesText::new(&told.join("\n")))?;
        }
        xml.create_element("system-out").write_text_content(BytesText::new(&place(scenario)))?;
        Ok(())
    })?;
    Ok(())
}

impl Told {
    /// `None` for what passed.
    fn of<'a>(scenario: &'a Scenario, requirements: &Requirements<'a>) -> Option<Self> {
        let (element, kind) = match scenario.verdict {
            Outcome::Passed => return None,
            Outcome::Skipped => ("skipped", "skipped"),
            Outcome::Inconclusive => ("error", "inconclusive"),
            Outcome::Failed => match requirements.standing(scenario) {
                Standing::Violation => ("failure", "violation"),
                Standing::Warning => ("skipped", "warning"),
                Standing::Waived => ("skipped", "waived"),
            },
        };
        Some(Self { element, kind })
    }
}

impl Counts {
    fn of<'a>(scenarios: &'a [Scenario], requirements: &Requirements<'a>) -> Self {
        let mut counts = Self { tests: scenarios.len(), ..Self::default() };
        for told in scenarios.iter().filter_map(|scenario| Told::of(scenario, requirements)) {
            match told.element {
                "failure" => counts.failures += 1,
                "error" => counts.errors += 1,
                _ => counts.skipped += 1,
            }
        }
        counts
    }
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

/// Where the scenario stands, and what it judges.
fn place(scenario: &Scenario) -> String {
    let place = format!("{}:{} judges {}", scenario.feature, scenario.line, scenario.requirements.join(", "));
    sanitize(&place).into_owned()
}

/// Expected, answered, and the exchange.
fn tell(scenario: &Scenario, failure: &Failure) -> String {
    let mut told = vec![
        format!("expected: {}", sanitize(&failure.expected)),
        format!("answered: {}", sanitize(&failure.answered)),
    ];
    let exchange = exchange::of_failure(scenario, failure).map(exchange::lines).unwrap_or_default();
    told.extend(exchange.iter().map(|line| format!("{} {}", line.way.mark(), line.text).trim_end().to_owned()));
    told.join("\n")
}

/// Seconds with milliseconds, which is all that JUnit's readers expect.
fn seconds(milliseconds: f64) -> String {
    format!("{:.3}", milliseconds / 1_000.0)
}

#[expect(clippy::cast_precision_loss, reason = "no run takes so many milliseconds that one would be missed")]
fn f64_of(milliseconds: u64) -> f64 {
    milliseconds as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Format, sample};

    fn written(results: &Results) -> String {
        sample::written(Format::Junit, results)
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
            let report = quick_junit::Report::deserialize_from_str(&written(&results)).expect("it can be read");
            let violations = |scenario: &&Scenario| {
                scenario.verdict == Outcome::Failed
                    && Requirements::of(&results).standing(scenario) == Standing::Violation
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
