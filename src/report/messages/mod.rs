//! `cucumber.ndjson`: the run as Cucumber Messages, one JSON object a line, for the reporters that teams already have. The
//! features come first with what they contain, then the run, scenario by scenario.
//!
//! Sentences of this suite take neither tables nor doc strings, so documents and pickles have none.

mod ast;
mod node;
mod pickle;
mod run;
mod time;

use std::io;

use serde_json::{Value, json};

use super::{
    document::{Library, by_feature, documents},
    standing::Requirements,
};
use node::Case;

use crate::results::{Results, Verdict};

/// The version of the messages that this is written after.
const PROTOCOL: &str = "32.3.1";
/// The id of the one run that a file has.
const RUN: &str = "run";
/// What the results do not tell about the machine.
const NOT_RECORDED: &str = "not recorded";

/// Writes the messages.
pub(super) fn render(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    message(out, "meta", meta(results))?;
    let library = Library::embedded();
    for (number, document) in (1..).zip(documents(results, &library)) {
        message(out, "source", ast::source(&document))?;
        message(out, "gherkinDocument", ast::document(number, &document))?;
        for (position, placed) in document.placed.iter().enumerate() {
            let pickle = pickle::pickle(Case { document: number, position }, &document, placed);
            pickle.map_or(Ok(()), |pickle| message(out, "pickle", pickle))?;
        }
    }
    message(out, "testRunStarted", json!({ "id": RUN, "timestamp": time::moment(results.started_at, 0.0) }))?;
    let requirements = Requirements::of(results);
    for (number, scenarios) in (1..).zip(by_feature(results)) {
        for (position, scenario) in scenarios.iter().enumerate() {
            run::scenario(results, Case { document: number, position }, scenario, &requirements, out)?;
        }
    }
    message(out, "testRunFinished", finished(results))
}

fn message(out: &mut dyn io::Write, kind: &str, content: Value) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &json!({ kind: content }))?;
    out.write_all(b"\n")
}

fn meta(results: &Results) -> Value {
    let not_recorded = json!({ "name": NOT_RECORDED });
    json!({
        "protocolVersion": PROTOCOL,
        "implementation": { "name": results.tool.name, "version": results.tool.version },
        "runtime": not_recorded,
        "os": not_recorded,
        "cpu": not_recorded,
    })
}

fn finished(results: &Results) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "a run of so many milliseconds would outlast everybody")]
    let after = results.duration_ms as f64;
    json!({
        "testRunStartedId": RUN,
        "timestamp": time::moment(results.started_at, after),
        "success": results.verdict == Verdict::Conformant,
        "message": results.verdict.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::report::{Format, sample};

    fn written(results: &Results) -> Vec<Value> {
        let text = sample::written(Format::Messages, results);
        text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }

    /// Every id with what has it, and every pointer to one.
    fn walk(value: &Value, key: &str, ids: &mut Vec<String>, pointers: &mut HashSet<String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, field)| walk(field, key, ids, pointers)),
            Value::Array(items) => items.iter().for_each(|item| walk(item, key, ids, pointers)),
            Value::String(id) if key == "id" => ids.push(id.clone()),
            Value::String(id) if key.ends_with("Id") || key.ends_with("Ids") => {
                pointers.insert(id.clone());
            }
            _ => {}
        }
    }

    #[test]
    fn every_pointer_leads_to_one_thing() {
        for results in sample::all() {
            let (mut ids, mut pointers) = (Vec::new(), HashSet::new());
            written(&results).iter().for_each(|message| walk(message, "", &mut ids, &mut pointers));
            let known: HashSet<&String> = ids.iter().collect();
            assert_eq!(known.len(), ids.len(), "an id is used twice");
            let lost: Vec<&String> = pointers.iter().filter(|id| !known.contains(id)).collect();
            assert!(!pointers.is_empty() && lost.is_empty(), "nothing has the ids {lost:?}");
        }
    }

    #[test]
    fn a_run_succeeds_when_it_is_conformant_and_only_violations_fail() {
        for (results, success, failed) in
            [(sample::passing(), true, 0), (sample::failing(), false, 1), (sample::inconclusive(), false, 0)]
        {
            let messages = written(&results);
            let last = messages.last().expect("there are messages");
            assert_eq!(last["testRunFinished"]["success"], success);
            let statuses = messages.iter().filter_map(|it| it["testStepFinished"]["testStepResult"]["status"].as_str());
            assert_eq!(statuses.filter(|status| *status == "FAILED").count(), failed);
        }
    }

    #[test]
    fn exchanges_are_attached_where_something_is_wrong() {
        let attached = |results: &Results| {
            let messages = written(results);
            let bodies = messages.iter().filter_map(|it| it["attachment"]["body"].as_str().map(str::to_owned));
            bodies.collect::<Vec<_>>()
        };
        let bodies = attached(&sample::failing());
        assert_eq!(bodies.len(), 3, "{bodies:?}");
        assert!(bodies.iter().all(|body| body.starts_with("> POST http://127.0.0.1:4711/external/token/verify\n")));
        let mut passed = sample::passing();
        passed.scenarios[0].exchanges.push(sample::verification());
        assert_eq!(attached(&passed), [""; 0]);
    }
}
