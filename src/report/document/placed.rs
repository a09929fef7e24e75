//! Finds the scenarios of a run in the feature they were written in.

use std::collections::HashMap;

use cucumber::{feature::Ext as _, gherkin};

use crate::results::Scenario;

/// A scenario of the run and where it stands.
pub(in crate::report) struct Placed<'a> {
    pub(in crate::report) result: &'a Scenario,
    /// Position of its rule, if it stands in one.
    pub(in crate::report) rule: Option<usize>,
    /// Position in that rule, or in the feature.
    pub(in crate::report) scenario: usize,
    /// Of an outline, the row.
    pub(in crate::report) row: Option<Row>,
}

/// A row of examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) struct Row {
    /// Position of the examples in the outline.
    pub(in crate::report) examples: usize,
    /// Line of the row as the results count it.
    pub(in crate::report) line: usize,
}

/// Where a scenario or row stands, and its steps with the words put in.
struct Place<'f> {
    rule: Option<usize>,
    scenario: usize,
    row: Option<Row>,
    steps: &'f [gherkin::Step],
}

/// Every scenario with its place; `None` when one is not there, or has other steps there.
pub(super) fn all<'a>(feature: &gherkin::Feature, scenarios: &'a [Scenario]) -> Option<Vec<Placed<'a>>> {
    let expanded = feature.clone().expand_examples().ok()?;
    let places = places(feature, &steps(&expanded));
    let placed = scenarios.iter().map(|result| {
        let place = places.get(&result.line).filter(|place| fits(place, result))?;
        Some(Placed { result, rule: place.rule, scenario: place.scenario, row: place.row })
    });
    placed.collect()
}

/// The steps of every scenario and row by its line.
fn steps(expanded: &gherkin::Feature) -> HashMap<usize, &[gherkin::Step]> {
    let ruled = expanded.rules.iter().flat_map(|rule| &rule.scenarios);
    expanded.scenarios.iter().chain(ruled).map(|it| (it.position.line, it.steps.as_slice())).collect()
}

/// Every scenario and row by the line that the results know it by.
fn places<'f>(feature: &gherkin::Feature, steps: &HashMap<usize, &'f [gherkin::Step]>) -> HashMap<usize, Place<'f>> {
    let bare = feature.scenarios.iter().enumerate().map(|(position, scenario)| (None, position, scenario));
    let ruled = feature.rules.iter().enumerate().flat_map(|(rule, ruled)| {
        ruled.scenarios.iter().enumerate().map(move |(position, scenario)| (Some(rule), position, scenario))
    });
    let mut places = HashMap::new();
    for (rule, scenario, source) in bare.chain(ruled) {
        let whole = source.examples.is_empty().then_some((source.position.line, None));
        for (line, row) in whole.into_iter().chain(rows(source).map(|row| (row.line, Some(row)))) {
            let steps = steps.get(&line).copied().unwrap_or_default();
            places.insert(line, Place { rule, scenario, row, steps });
        }
    }
    places
}

fn rows(scenario: &gherkin::Scenario) -> impl Iterator<Item = Row> {
    scenario.examples.iter().enumerate().flat_map(|(examples, source)| {
        let count = source.table.as_ref().map_or(0, |table| table.rows.len().saturating_sub(1));
        (0..count).map(move |row| Row { examples, line: row_line(source, row) })
    })
}

/// The line of a row below its header as the expansion of outlines counts it: as if nothing stood between.
pub(in crate::report) fn row_line(examples: &gherkin::Examples, row: usize) -> usize {
    examples.position.line + row + 2
}

/// Whether what ran is what is written there.
fn fits(place: &Place<'_>, result: &Scenario) -> bool {
    let same = |(written, ran): (&gherkin::Step, &crate::results::Step)| {
        written.position.line == ran.line && written.value == ran.text
    };
    place.steps.len() == result.steps.len() && place.steps.iter().zip(&result.steps).all(same)
}
