//! A scenario on its way: what became of every step and when, and what went over the wire where it did not pass.

use std::io;

use serde_json::json;

use super::{RUN, message, node::Case, time};
use crate::{
    report::{
        exchange,
        standing::Requirements,
        status::{self, Status},
    },
    results::{Outcome, Results, Scenario, Step},
};

/// Writes everything about a scenario, from how it was to run to its end.
pub(super) fn scenario<'a>(
    results: &Results,
    case: Case,
    scenario: &'a Scenario,
    requirements: &Requirements<'a>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let steps = (0..scenario.steps.len())
        .map(|step| json!({ "id": case.test_step(step), "pickleStepId": case.pickle_step(step) }));
    let steps: Vec<_> = steps.collect();
    let test_case =
        json!({ "id": case.test_case(), "pickleId": case.pickle(), "testSteps": steps, "testRunStartedId": RUN });
    message(out, "testCase", test_case)?;
    let moment = |after_ms: f64| time::moment(results.started_at, after_ms);
    let begun = moment(scenario.started_ms);
    let started = json!({ "id": case.started(), "testCaseId": case.test_case(), "attempt": 0, "timestamp": begun });
    message(out, "testCaseStarted", started)?;
    let mut now = scenario.started_ms;
    for (position, (step, ended)) in scenario.steps.iter().zip(status::of_steps(scenario, requirements)).enumerate() {
        let ids = (case.started(), case.test_step(position));
        let began = json!({ "testCaseStartedId": ids.0, "testStepId": ids.1, "timestamp": moment(now) });
        message(out, "testStepStarted", began)?;
        attachments(scenario, position, &ids, out)?;
        now += step.duration_ms;
        let result = result(step, ended);
        let finished = json!({ "testCaseStartedId": ids.0, "testStepId": ids.1, "testStepResult": result, "timestamp": moment(now) });
        message(out, "testStepFinished", finished)?;
    }
    let ended = moment(scenario.started_ms + scenario.duration_ms);
    message(
        out,
        "testCaseFinished",
        json!({ "testCaseStartedId": case.started(), "timestamp": ended, "willBeRetried": false }),
    )
}

fn result(step: &Step, (status, text): (Status, Option<String>)) -> serde_json::Value {
    let mut result = json!({ "status": status.word().to_uppercase(), "duration": time::duration(step.duration_ms) });
    if let Some(text) = text.or_else(|| step.note.clone()) {
        result["message"] = text.into();
    }
    result
}

/// The exchanges of a step, where the scenario did not pass; `report.html` has all of them.
fn attachments(
    scenario: &Scenario,
    step: usize,
    (started, test_step): &(String, String),
    out: &mut dyn io::Write,
) -> io::Result<()> {
    if scenario.verdict == Outcome::Passed {
        return Ok(());
    }
    for exchange in scenario.exchanges.iter().filter(|exchange| exchange.step == step) {
        let lines = exchange::lines(exchange);
        let lines: Vec<String> = lines.iter().map(|line| format!("{} {}", line.way.mark(), line.text)).collect();
        let attachment = json!({
            "body": lines.join("\n"),
            "contentEncoding": "IDENTITY",
            "mediaType": "text/plain",
            "testCaseStartedId": started,
            "testStepId": test_step,
        });
        message(out, "attachment", attachment)?;
    }
    Ok(())
}
