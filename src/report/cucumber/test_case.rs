//! A scenario as messages: the pickle (what runs), the test case (how it runs), and the outcome of every step, with exchanges
//! where it did not pass.

use std::io;

use cucumber::gherkin::{Rule, Scenario};
use serde_json::{Value, json};

use super::{
    ast::{step_kind, tag_line},
    document::FeatureDocument,
    encoding::{CaseId, RUN, duration, node_id, tag_id, timestamp, write_message},
    source_map::PlacedScenario,
    status::{StepStatus, step_statuses},
};
use crate::{
    report::{class::RequirementIndex, exchange::wire_lines},
    results::{Outcome, Results, ScenarioResult, StepResult},
};

/// The pickle of a scenario; `None` when the document lacks it, which never happens.
pub(super) fn pickle(case: CaseId, document: &FeatureDocument<'_>, placed: &PlacedScenario<'_>) -> Option<Value> {
    let (rule, scenario) = document.source(placed)?;
    let row = placed.row.map(|row| node_id(case.document, row.line));
    let nodes =
        |line: usize| -> Vec<String> { std::iter::once(node_id(case.document, line)).chain(row.clone()).collect() };
    let steps = placed.result.steps.iter().zip(&scenario.steps).enumerate().map(|(position, (ran, written))| {
        json!({
            "id": case.pickle_step(position),
            "text": ran.text,
            "type": step_kind(written.ty),
            "astNodeIds": nodes(written.position.line),
        })
    });
    Some(json!({
        "id": case.pickle(),
        "uri": document.uri,
        "name": placed.result.name,
        "language": document.language(),
        "steps": steps.collect::<Vec<_>>(),
        "tags": pickle_tags(case, document, placed, (rule, scenario)),
        "astNodeIds": nodes(scenario.position.line),
    }))
}

/// Tags of the scenario and of everything around it.
fn pickle_tags(
    case: CaseId,
    document: &FeatureDocument<'_>,
    placed: &PlacedScenario<'_>,
    source: (Option<&Rule>, &Scenario),
) -> Vec<Value> {
    let (feature, (rule, scenario)) = (&document.feature, source);
    let mut tagged = vec![(&feature.tags, feature.position.line)];
    tagged.extend(rule.map(|rule| (&rule.tags, rule.position.line)));
    tagged.push((&scenario.tags, scenario.position.line));
    let examples = placed.row.and_then(|row| scenario.examples.get(row.examples));
    tagged.extend(examples.map(|examples| (&examples.tags, examples.position.line)));
    let lines: Vec<&str> = document.text.lines().map(str::trim_start).collect();
    let tag = |tag: &String, line: usize| {
        let line = tag_line(&lines, line, tag);
        json!({ "name": format!("@{tag}"), "astNodeId": tag_id(case.document, line, tag) })
    };
    tagged
        .into_iter()
        .flat_map(|(tags, line)| tags.iter().map(move |name| (name, line)))
        .map(|(name, line)| tag(name, line))
        .collect()
}

/// Writes everything about a scenario, from its test case to its end.
pub(super) fn write_test_case<'a>(
    results: &Results,
    case: CaseId,
    scenario: &'a ScenarioResult,
    requirements: &RequirementIndex<'a>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let moment = |after_ms: f64| timestamp(results.started_at, after_ms);
    write_message(out, "testCase", test_case_message(case, scenario))?;
    let id = case.started();
    let (begun, ended) = (moment(scenario.started_ms), moment(scenario.started_ms + scenario.duration_ms));
    let started = json!({ "id": id, "testCaseId": case.test_case(), "attempt": 0, "timestamp": begun });
    write_message(out, "testCaseStarted", started)?;
    let mut now = scenario.started_ms;
    for (position, (step, ended)) in scenario.steps.iter().zip(step_statuses(scenario, requirements)).enumerate() {
        let test_step = case.test_step(position);
        let at = |moment: Value| json!({ "testCaseStartedId": id, "testStepId": test_step, "timestamp": moment });
        write_message(out, "testStepStarted", at(moment(now)))?;
        write_attachments(scenario, position, (&id, &test_step), out)?;
        now += step.duration_ms;
        let mut finished = at(moment(now));
        finished["testStepResult"] = step_result(step, ended);
        write_message(out, "testStepFinished", finished)?;
    }
    let finished = json!({ "testCaseStartedId": id, "timestamp": ended, "willBeRetried": false });
    write_message(out, "testCaseFinished", finished)
}

fn test_case_message(case: CaseId, scenario: &ScenarioResult) -> Value {
    let steps = 0..scenario.steps.len();
    let steps = steps.map(|step| json!({ "id": case.test_step(step), "pickleStepId": case.pickle_step(step) }));
    json!({
        "id": case.test_case(),
        "pickleId": case.pickle(),
        "testSteps": steps.collect::<Vec<_>>(),
        "testRunStartedId": RUN,
    })
}

fn step_result(step: &StepResult, (status, text): (StepStatus, Option<String>)) -> Value {
    let mut result = json!({ "status": status.name().to_uppercase(), "duration": duration(step.duration_ms) });
    if let Some(text) = text.or_else(|| step.note.clone().map(String::from)) {
        result["message"] = text.into();
    }
    result
}

/// The exchanges of a step, where the scenario did not pass; `report.html` has all of them.
fn write_attachments(
    scenario: &ScenarioResult,
    step: usize,
    (started, test_step): (&str, &str),
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if scenario.verdict == Outcome::Passed {
        return Ok(());
    }
    for exchange in scenario.exchanges.iter().filter(|exchange| exchange.step == step) {
        let lines = wire_lines(exchange);
        let lines: Vec<String> = lines.iter().map(|line| format!("{} {}", line.direction.mark(), line.text)).collect();
        let attachment = json!({
            "body": lines.join("\n"),
            "contentEncoding": "IDENTITY",
            "mediaType": "text/plain",
            "testCaseStartedId": started,
            "testStepId": test_step,
        });
        write_message(out, "attachment", attachment)?;
    }
    Ok(())
}
