//! A feature file as messages: its text and its syntax tree.

use cucumber::gherkin::{Examples, LineCol, Rule, Scenario, Step, StepType, Table};
use serde_json::{Value, json};

use super::{
    document::FeatureDocument,
    encoding::{node_id, tag_id},
    source_map::row_line,
};

/// The text of a document.
pub(super) fn source_message(document: &FeatureDocument<'_>) -> Value {
    json!({ "uri": document.uri, "data": document.text, "mediaType": "text/x.cucumber.gherkin+plain" })
}

/// The syntax tree of a document.
pub(super) fn tree_message(number: usize, document: &FeatureDocument<'_>) -> Value {
    let tree = TreeBuilder { number, lines: document.text.lines().map(str::trim_start).collect() };
    let feature = &document.feature;
    let children = feature.scenarios.iter().map(|scenario| json!({ "scenario": tree.scenario(scenario) }));
    let rules = feature.rules.iter().map(|rule| json!({ "rule": tree.rule(rule) }));
    json!({
        "uri": document.uri,
        "comments": [],
        "feature": {
            "location": location(feature.position),
            "tags": tree.tags(&feature.tags, feature.position.line),
            "language": document.language(),
            "keyword": feature.keyword,
            "name": feature.name,
            "description": feature.description.as_deref().unwrap_or_default(),
            "children": children.chain(rules).collect::<Vec<_>>(),
        },
    })
}

/// The line of a tag: in the lines before the tagged line, or that line itself.
pub(super) fn tag_line(lines: &[&str], line: usize, tag: &str) -> usize {
    let tag = format!("@{}", tag.trim_start_matches('@'));
    let before = lines.iter().enumerate().take(line.saturating_sub(1)).rev();
    let mut tagged = before.take_while(|(_, text)| text.is_empty() || text.starts_with(['@', '#']));
    tagged.find(|(_, text)| text.split_whitespace().any(|word| word == tag)).map_or(line, |(position, _)| position + 1)
}

struct TreeBuilder<'a> {
    number: usize,
    lines: Vec<&'a str>,
}

impl TreeBuilder<'_> {
    fn rule(&self, rule: &Rule) -> Value {
        let children = rule.scenarios.iter().map(|scenario| json!({ "scenario": self.scenario(scenario) }));
        json!({
            "id": node_id(self.number, rule.position.line),
            "location": location(rule.position),
            "tags": self.tags(&rule.tags, rule.position.line),
            "keyword": rule.keyword,
            "name": rule.name,
            "description": rule.description.as_deref().unwrap_or_default(),
            "children": children.collect::<Vec<_>>(),
        })
    }

    fn scenario(&self, scenario: &Scenario) -> Value {
        json!({
            "id": node_id(self.number, scenario.position.line),
            "location": location(scenario.position),
            "tags": self.tags(&scenario.tags, scenario.position.line),
            "keyword": scenario.keyword,
            "name": scenario.name,
            "description": scenario.description.as_deref().unwrap_or_default(),
            "steps": scenario.steps.iter().map(|step| self.step(step)).collect::<Vec<_>>(),
            "examples": scenario.examples.iter().map(|examples| self.examples(examples)).collect::<Vec<_>>(),
        })
    }

    fn step(&self, step: &Step) -> Value {
        let kind = match step.keyword.trim() {
            "And" | "But" | "*" => "Conjunction",
            _ => step_kind(step.ty),
        };
        json!({
            "id": node_id(self.number, step.position.line),
            "location": location(step.position),
            "keyword": step.keyword,
            "keywordType": kind,
            "text": step.value,
        })
    }

    fn examples(&self, examples: &Examples) -> Value {
        let mut message = json!({
            "id": node_id(self.number, examples.position.line),
            "location": location(examples.position),
            "tags": self.tags(&examples.tags, examples.position.line),
            "keyword": examples.keyword,
            "name": examples.name.as_deref().unwrap_or_default(),
            "description": examples.description.as_deref().unwrap_or_default(),
            "tableBody": [],
        });
        if let Some(Table { rows, .. }) = &examples.table
            && let [header, rows @ ..] = rows.as_slice()
        {
            message["tableHeader"] = self.row(examples.position.line + 1, header);
            let rows = rows.iter().enumerate().map(|(at, cells)| self.row(row_line(examples, at), cells));
            message["tableBody"] = rows.collect();
        }
        message
    }

    fn row(&self, line: usize, cells: &[String]) -> Value {
        let cells = cells.iter().map(|cell| json!({ "location": { "line": line }, "value": cell }));
        json!({
            "id": node_id(self.number, line),
            "location": { "line": line },
            "cells": cells.collect::<Vec<_>>(),
        })
    }

    fn tags(&self, tags: &[String], line: usize) -> Vec<Value> {
        let tag = |tag: &String| {
            let line = tag_line(&self.lines, line, tag);
            json!({ "id": tag_id(self.number, line, tag), "location": { "line": line }, "name": format!("@{tag}") })
        };
        tags.iter().map(tag).collect()
    }
}

/// The purpose of a step, as messages name it.
pub(super) fn step_kind(kind: StepType) -> &'static str {
    match kind {
        StepType::Given => "Context",
        StepType::When => "Action",
        StepType::Then => "Outcome",
    }
}

fn location(position: LineCol) -> Value {
    json!({ "line": position.line, "column": position.col })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_above_the_tagged_line() {
        let lines = ["@one", "Feature: x", "", "@two @three", "# why", "@four", "Scenario: y"];
        for (tag, line, found) in [("one", 2, 1), ("two", 7, 4), ("three", 7, 4), ("four", 7, 6), ("one", 7, 7)] {
            assert_eq!(tag_line(&lines, line, tag), found, "{tag}");
        }
    }
}
