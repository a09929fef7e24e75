//! Finds the scenarios of a run in their feature file.

use std::collections::HashMap;

use cucumber::{feature::Ext as _, gherkin};

use crate::results::ScenarioResult;

/// A scenario of the run with its place in the feature.
pub(super) struct PlacedScenario<'a> {
    pub(super) result: &'a ScenarioResult,
    /// Position of its rule, if it has one.
    pub(super) rule: Option<usize>,
    /// Position in that rule, or in the feature.
    pub(super) scenario: usize,
    /// The row of an outline.
    pub(super) row: Option<ExampleRow>,
}

/// A row of examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ExampleRow {
    /// Position of the examples in the outline.
    pub(super) examples: usize,
    /// Line of the row in the results.
    pub(super) line: usize,
}

/// The place of a scenario or row, and its steps with the values inserted.
struct SourcePlace<'f> {
    rule: Option<usize>,
    scenario: usize,
    row: Option<ExampleRow>,
    steps: &'f [gherkin::Step],
}

/// Every scenario with its place; `None` when the feature lacks one or has other steps for it.
pub(super) fn place_scenarios<'a>(
    feature: &gherkin::Feature,
    scenarios: &'a [ScenarioResult],
) -> Option<Vec<PlacedScenario<'a>>> {
    let expanded = feature.clone().expand_examples().ok()?;
    let places = places_by_line(feature, &steps_by_line(&expanded));
    let placed = scenarios.iter().map(|result| {
        let place = places.get(&result.line).filter(|place| has_same_steps(place, result))?;
        Some(PlacedScenario { result, rule: place.rule, scenario: place.scenario, row: place.row })
    });
    placed.collect()
}

/// The steps of every scenario and row by its line.
fn steps_by_line(expanded: &gherkin::Feature) -> HashMap<usize, &[gherkin::Step]> {
    let ruled = expanded.rules.iter().flat_map(|rule| &rule.scenarios);
    expanded.scenarios.iter().chain(ruled).map(|it| (it.position.line, it.steps.as_slice())).collect()
}

/// Every scenario and row by its line in the results.
fn places_by_line<'f>(
    feature: &gherkin::Feature,
    steps: &HashMap<usize, &'f [gherkin::Step]>,
) -> HashMap<usize, SourcePlace<'f>> {
    let bare = feature.scenarios.iter().enumerate().map(|(position, scenario)| (None, position, scenario));
    let ruled = feature.rules.iter().enumerate().flat_map(|(rule, ruled)| {
        ruled.scenarios.iter().enumerate().map(move |(position, scenario)| (Some(rule), position, scenario))
    });
    let mut places = HashMap::new();
    for (rule, scenario, source) in bare.chain(ruled) {
        let whole = source.examples.is_empty().then_some((source.position.line, None));
        for (line, row) in whole.into_iter().chain(example_rows(source).map(|row| (row.line, Some(row)))) {
            let steps = steps.get(&line).copied().unwrap_or_default();
            places.insert(line, SourcePlace { rule, scenario, row, steps });
        }
    }
    places
}

fn example_rows(scenario: &gherkin::Scenario) -> impl Iterator<Item = ExampleRow> {
    scenario.examples.iter().enumerate().flat_map(|(examples, source)| {
        let count = source.table.as_ref().map_or(0, |table| table.rows.len().saturating_sub(1));
        (0..count).map(move |row| ExampleRow { examples, line: row_line(source, row) })
    })
}

/// The line of a row below its header as the expansion of outlines counts it: without blank lines and comments.
pub(super) fn row_line(examples: &gherkin::Examples, row: usize) -> usize {
    examples.position.line + row + 2
}

/// Whether the steps that ran are the steps at this place.
fn has_same_steps(place: &SourcePlace<'_>, result: &ScenarioResult) -> bool {
    let same = |(written, ran): (&gherkin::Step, &crate::results::StepResult)| {
        written.position.line == ran.line && written.value == ran.text
    };
    place.steps.len() == result.steps.len() && place.steps.iter().zip(&result.steps).all(same)
}
