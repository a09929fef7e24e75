//! `cucumber.ndjson`: the run as Cucumber Messages, one JSON object a line, for Cucumber's own reporters. The features come first
//! with their contents, then the run, scenario by scenario.
//!
//! Steps of this suite have neither tables nor doc strings, so documents and pickles have none.

use std::io;

use serde_json::{Value, json};

use super::{
    ast::{source_message, tree_message},
    document::{by_feature, documents},
    encoding::{CaseId, RUN, timestamp, write_message},
    feature_sources::FeatureSources,
    test_case::{pickle, write_test_case},
};
use crate::{
    report::class::RequirementIndex,
    results::{Results, Verdict},
};

/// The version of the messages.
const PROTOCOL: &str = "32.3.1";
/// Properties of the machine that the results lack.
const NOT_RECORDED: &str = "not recorded";

/// Writes the messages.
pub(in crate::report) fn render(results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
    write_message(out, "meta", meta(results))?;
    let sources = FeatureSources::embedded();
    for (number, document) in (1..).zip(documents(results, &sources)) {
        write_message(out, "source", source_message(&document))?;
        write_message(out, "gherkinDocument", tree_message(number, &document))?;
        for (position, placed) in document.placed.iter().enumerate() {
            let pickle = pickle(CaseId { document: number, position }, &document, placed);
            pickle.map_or(Ok(()), |pickle| write_message(out, "pickle", pickle))?;
        }
    }
    write_message(out, "testRunStarted", json!({ "id": RUN, "timestamp": timestamp(results.started_at, 0.0) }))?;
    let requirements = RequirementIndex::new(results);
    for (number, scenarios) in (1..).zip(by_feature(results)) {
        for (position, scenario) in scenarios.iter().enumerate() {
            write_test_case(results, CaseId { document: number, position }, scenario, &requirements, out)?;
        }
    }
    write_message(out, "testRunFinished", finished(results))
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
    #[expect(clippy::cast_precision_loss, reason = "no run takes so many milliseconds")]
    let after = results.duration_ms as f64;
    json!({
        "testRunStartedId": RUN,
        "timestamp": timestamp(results.started_at, after),
        "success": results.verdict == Verdict::Conformant,
        "message": results.verdict.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::results::sample;

    fn written(results: &Results) -> Vec<Value> {
        let text = sample::rendered(render, results);
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
    fn every_reference_has_one_target() {
        for results in sample::all() {
            let (mut ids, mut pointers) = (Vec::new(), HashSet::new());
            written(&results).iter().for_each(|message| walk(message, "", &mut ids, &mut pointers));
            let known: HashSet<&String> = ids.iter().collect();
            assert_eq!(known.len(), ids.len(), "an id is used twice");
            let lost: Vec<&String> = pointers.iter().filter(|id| !known.contains(id)).collect();
            assert!(!pointers.is_empty() && lost.is_empty(), "no message has the ids {lost:?}");
        }
    }

    #[test]
    fn a_conformant_run_succeeds_and_only_violations_fail() {
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
    fn exchanges_are_attached_to_scenarios_that_did_not_pass() {
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
