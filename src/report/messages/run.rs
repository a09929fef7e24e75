//! A scenario on its way: what became of every step and when, and what went over the wire where it did not pass.

use std::io;

use serde_json::{Value, json};

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
    let moment = |after_ms: f64| time::moment(results.started_at, after_ms);
    message(out, "testCase", test_case(case, scenario))?;
    let id = case.started();
    let (begun, ended) = (moment(scenario.started_ms), moment(scenario.started_ms + scenario.duration_ms));
    let started = json!({ "id": id, "testCaseId": case.test_case(), "attempt": 0, "timestamp": begun });
    message(out, "testCaseStarted", started)?;
    let mut now = scenario.started_ms;
    for (position, (step, ended)) in scenario.steps.iter().zip(status::of_steps(scenario, requirements)).enumerate() {
        let test_step = case.test_step(position);
        let at = |moment: Value| json!({ "testCaseStartedId": id, "testStepId": test_step, "timestamp": moment });
        message(out, "testStepStarted", at(moment(now)))?;
        attachments(scenario, position, (&id, &test_step), out)?;
        now += step.duration_ms;
        let mut finished = at(moment(now));
        finished["testStepResult"] = result(step, ended);
        message(out, "testStepFinished", finished)?;
    }
    let finished = json!({ "testCaseStartedId": id, "timestamp": ended, "willBeRetried": false });
    message(out, "testCaseFinished", finished)
}

fn test_case(case: Case, scenario: &Scenario) -> Value {
    let steps = 0..scenario.steps.len();
    let steps = steps.map(|step| json!({ "id": case.test_step(step), "pickleStepId": case.pickle_step(step) }));
    json!({
        "id": case.test_case(),
        "pickleId": case.pickle(),
        "testSteps": steps.collect::<Vec<_>>(),
        "testRunStartedId": RUN,
    })
}

fn result(step: &Step, (status, text): (Status, Option<String>)) -> Value {
    let mut result = json!({ "status": status.word().to_uppercase(), "duration": time::duration(step.duration_ms) });
    if let Some(text) = text.or_else(|| step.note.clone().map(String::from)) {
        result["message"] = text.into();
    }
    result
}

/// The exchanges of a step, where the scenario did not pass; `report.html` has all of them.
fn attachments(
    scenario: &Scenario,
    step: usize,
    (started, test_step): (&str, &str),
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
