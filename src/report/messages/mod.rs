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
