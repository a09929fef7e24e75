//! What was to run: a scenario, or a row of an outline, with its words put in.

use cucumber::gherkin::{Rule, Scenario};
use serde_json::{Value, json};

use super::{
    ast::{kind, tag_line},
    node::{self, Case},
};
use crate::report::document::{Document, Placed};

/// The pickle of a scenario; `None` when the document does not have it, which it always has.
pub(super) fn pickle(case: Case, document: &Document<'_>, placed: &Placed<'_>) -> Option<Value> {
    let (rule, scenario) = document.source(placed)?;
    let row = placed.row.map(|row| node::at(case.document, row.line));
    let nodes =
        |line: usize| -> Vec<String> { std::iter::once(node::at(case.document, line)).chain(row.clone()).collect() };
    let steps = placed.result.steps.iter().zip(&scenario.steps).enumerate().map(|(position, (ran, written))| {
        json!({
            "id": case.pickle_step(position),
            "text": ran.text,
            "type": kind(written.ty),
            "astNodeIds": nodes(written.position.line),
        })
    });
    Some(json!({
        "id": case.pickle(),
        "uri": document.uri,
        "name": placed.result.name,
        "language": document.language(),
        "steps": steps.collect::<Vec<_>>(),
        "tags": tags(case, document, placed, (rule, scenario)),
        "astNodeIds": nodes(scenario.position.line),
    }))
}

/// Tags of everything that the scenario stands in, and its own.
fn tags(case: Case, document: &Document<'_>, placed: &Placed<'_>, source: (Option<&Rule>, &Scenario)) -> Vec<Value> {
    let (feature, (rule, scenario)) = (&document.feature, source);
    let mut tagged = vec![(&feature.tags, feature.position.line)];
    tagged.extend(rule.map(|rule| (&rule.tags, rule.position.line)));
    tagged.push((&scenario.tags, scenario.position.line));
    let examples = placed.row.and_then(|row| scenario.examples.get(row.examples));
    tagged.extend(examples.map(|examples| (&examples.tags, examples.position.line)));
    let lines: Vec<&str> = document.text.lines().map(str::trim_start).collect();
    let tag = |tag: &String, line: usize| {
        let line = tag_line(&lines, line, tag);
        json!({ "name": format!("@{tag}"), "astNodeId": node::tag(case.document, line, tag) })
    };
    tagged
        .into_iter()
        .flat_map(|(tags, line)| tags.iter().map(move |name| (name, line)))
        .map(|(name, line)| tag(name, line))
        .collect()
}
