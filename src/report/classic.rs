//! `cucumber.json`: the run in Cucumber's classic format, as cucumber-jvm writes it, for the many tools that read nothing else.

use std::io;

use serde::Serialize;

use super::{
    document::{Document, Library, Placed, documents},
    standing::Requirements,
    status::{self, Status},
};
use crate::{
    results::{self, Results},
    sanitize::sanitize,
};

/// A feature; what the format calls its parts is fixed, so fields are named after it.
#[derive(Serialize)]
struct Feature<'a> {
    uri: &'a str,
    id: String,
    line: usize,
    keyword: &'a str,
    name: &'a str,
    description: &'a str,
    elements: Vec<Element<'a>>,
}

#[derive(Serialize)]
struct Element<'a> {
    id: String,
    start_timestamp: String,
    line: usize,
    #[serde(rename = "type")]
    kind: &'static str,
    keyword: &'a str,
    name: &'a str,
    description: &'a str,
    tags: Vec<Tag>,
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Tag {
    name: String,
}

#[derive(Serialize)]
struct Step<'a> {
    /// With the blank that stands behind it.
    keyword: String,
    name: &'a str,
    line: usize,
    result: Ended,
}

#[derive(Serialize)]
struct Ended {
    status: &'static str,
    /// In nanoseconds.
    duration: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
}

/// Writes the report, one feature after the other, so that only one is held at a time.
pub(super) fn render(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let (requirements, library) = (Requirements::of(results), Library::embedded());
    for (position, document) in documents(results, &library).enumerate() {
        out.write_all(if position == 0 { b"[\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &feature(results, &document, &requirements))?;
    }
    out.write_all(if results.scenarios.is_empty() { b"[]\n" } else { b"\n]\n" })
}

fn feature<'a>(results: &Results, document: &'a Document<'a>, requirements: &Requirements<'a>) -> Feature<'a> {
    let source = &document.feature;
    Feature {
        uri: document.uri,
        id: slug(&source.name),
        line: source.position.line,
        keyword: &source.keyword,
        name: &source.name,
        description: source.description.as_deref().unwrap_or_default(),
        elements: document.placed.iter().filter_map(|it| element(results, document, it, requirements)).collect(),
    }
}

fn element<'a>(
    results: &Results,
    document: &'a Document<'a>,
    placed: &'a Placed<'a>,
    requirements: &Requirements<'a>,
) -> Option<Element<'a>> {
    let (_, source) = document.source(placed)?;
    let scenario = placed.result;
    let steps = scenario.steps.iter().zip(status::of_steps(scenario, requirements));
    Some(Element {
        id: format!("{};{};{}", slug(&document.feature.name), slug(&scenario.name), scenario.line),
        start_timestamp: started(results, scenario),
        line: scenario.line,
        kind: "scenario",
        keyword: &source.keyword,
        name: &scenario.name,
        description: source.description.as_deref().unwrap_or_default(),
        tags: scenario.tags.iter().map(|tag| Tag { name: format!("@{tag}") }).collect(),
        steps: steps.map(|(step, ended)| self::step(step, ended)).collect(),
    })
}

fn step(step: &results::Step, (status, error_message): (Status, Option<String>)) -> Step<'_> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float is held to the integer's bounds"
    )]
    let duration = (step.duration_ms * 1_000_000.0).round() as u64;
    Step {
        keyword: format!("{} ", step.keyword),
        name: &step.text,
        line: step.line,
        result: Ended { status: status.word(), duration, error_message },
    }
}

fn started(results: &Results, scenario: &results::Scenario) -> String {
    let after = jiff::SignedDuration::try_from_secs_f64(scenario.started_ms / 1_000.0).unwrap_or_default();
    let moment = results.started_at.saturating_add(after).unwrap_or(results.started_at);
    format!("{moment:.3}")
}

/// The name as the format's ids have it: small letters, with dashes for blanks.
fn slug(name: &str) -> String {
    sanitize(name).to_lowercase().replace([' ', ';'], "-")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::{Format, sample};

    const SCHEMA: &str = include_str!("../../tests/evidence/classic.schema.json");

    fn written(results: &Results) -> Value {
        serde_json::from_str(&sample::written(Format::Classic, results)).expect("it is JSON")
    }

    #[test]
    fn all_kinds_of_runs_fit_the_schema() {
        let schema: Value = serde_json::from_str(SCHEMA).expect("it is JSON");
        let validator = jsonschema::options().build(&schema).expect("it is a schema");
        for results in sample::all() {
            let problems: Vec<String> =
                validator.iter_errors(&written(&results)).map(|problem| problem.to_string()).collect();
            assert_eq!(problems, [""; 0]);
        }
        assert!(!validator.is_valid(&serde_json::json!([{ "uri": "only" }])), "the schema takes anything");
    }

    #[test]
    fn a_violation_has_failed_and_says_why() {
        let report = written(&sample::failing());
        let step = &report[0]["elements"][0]["steps"][2];
        assert_eq!(step["keyword"], "Then ");
        assert_eq!((&step["result"]["status"], &step["result"]["duration"]), (&"failed".into(), &900_000.into()));
        let message = step["result"]["error_message"].as_str().expect("it says why");
        assert!(message.starts_with("expected the second verification to be refused\n"), "{message}");
    }

    #[test]
    fn a_run_of_nothing_is_an_empty_list() {
        let results = Results { scenarios: Vec::new(), ..sample::passing() };
        assert_eq!(written(&results), serde_json::json!([]));
    }
}
