//! `cucumber.json`: the run in Cucumber's classic format, as cucumber-jvm writes it, for tools that cannot read messages.

use std::io;

use serde::Serialize;

use super::{
    document::{FeatureDocument, documents},
    feature_sources::FeatureSources,
    source_map::PlacedScenario,
    status::{StepStatus, step_statuses},
};
use crate::{
    report::class::RequirementIndex,
    results::{Results, ScenarioResult, StepResult},
    sanitize::sanitize,
};

/// A feature. The format gives the names of the fields.
#[derive(Serialize)]
struct JsonFeature<'a> {
    uri: &'a str,
    id: String,
    line: usize,
    keyword: &'a str,
    name: &'a str,
    description: &'a str,
    elements: Vec<JsonElement<'a>>,
}

#[derive(Serialize)]
struct JsonElement<'a> {
    id: String,
    start_timestamp: String,
    line: usize,
    #[serde(rename = "type")]
    kind: &'static str,
    keyword: &'a str,
    name: &'a str,
    description: &'a str,
    tags: Vec<JsonTag>,
    steps: Vec<JsonStep<'a>>,
}

#[derive(Serialize)]
struct JsonTag {
    name: String,
}

#[derive(Serialize)]
struct JsonStep<'a> {
    /// With a blank at its end.
    keyword: String,
    name: &'a str,
    line: usize,
    result: JsonResult,
}

#[derive(Serialize)]
struct JsonResult {
    status: &'static str,
    /// In nanoseconds.
    duration: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
}

/// Writes the report feature by feature, so that it holds one at a time.
pub(in crate::report) fn render(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    let (requirements, sources) = (RequirementIndex::new(results), FeatureSources::embedded());
    for (position, document) in documents(results, &sources).enumerate() {
        out.write_all(if position == 0 { b"[\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &feature(results, &document, &requirements))?;
    }
    out.write_all(if results.scenarios.is_empty() { b"[]\n" } else { b"\n]\n" })
}

fn feature<'a>(
    results: &Results,
    document: &'a FeatureDocument<'a>,
    requirements: &RequirementIndex<'a>,
) -> JsonFeature<'a> {
    let source = &document.feature;
    JsonFeature {
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
    document: &'a FeatureDocument<'a>,
    placed: &'a PlacedScenario<'a>,
    requirements: &RequirementIndex<'a>,
) -> Option<JsonElement<'a>> {
    let (_, source) = document.source(placed)?;
    let scenario = placed.result;
    let steps = scenario.steps.iter().zip(step_statuses(scenario, requirements));
    Some(JsonElement {
        id: format!("{};{};{}", slug(&document.feature.name), slug(&scenario.name), scenario.line),
        start_timestamp: started(results, scenario),
        line: scenario.line,
        kind: "scenario",
        keyword: &source.keyword,
        name: &scenario.name,
        description: source.description.as_deref().unwrap_or_default(),
        tags: scenario.tags.iter().map(|tag| JsonTag { name: format!("@{tag}") }).collect(),
        steps: steps.map(|(step, ended)| self::step(step, ended)).collect(),
    })
}

fn step(step: &StepResult, (status, error_message): (StepStatus, Option<String>)) -> JsonStep<'_> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float is held to the integer's bounds"
    )]
    let duration = (step.duration_ms * 1_000_000.0).round() as u64;
    JsonStep {
        keyword: format!("{} ", step.keyword),
        name: &step.text,
        line: step.line,
        result: JsonResult { status: status.name(), duration, error_message },
    }
}

fn started(results: &Results, scenario: &ScenarioResult) -> String {
    let after = jiff::SignedDuration::try_from_secs_f64(scenario.started_ms / 1_000.0).unwrap_or_default();
    let moment = results.started_at.saturating_add(after).unwrap_or(results.started_at);
    format!("{moment:.3}")
}

/// The name in ids of the format: lower case, with dashes for blanks.
fn slug(name: &str) -> String {
    sanitize(name).to_lowercase().replace([' ', ';'], "-")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::results::sample;

    const SCHEMA: &str = include_str!("../../../tests/evidence/classic.schema.json");

    fn written(results: &Results) -> Value {
        serde_json::from_str(&sample::rendered(render, results)).expect("it is JSON")
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
        assert!(!validator.is_valid(&serde_json::json!([{ "uri": "only" }])), "the schema accepts anything");
    }

    #[test]
    fn a_violation_has_failed_with_a_message() {
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
