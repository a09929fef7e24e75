//! Finds the scenarios of a run in the feature they were written in.

use std::collections::HashMap;

use cucumber::gherkin;

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

#[derive(Clone, Copy)]
struct Place<'f> {
    rule: Option<usize>,
    scenario: usize,
    row: Option<Row>,
    source: &'f gherkin::Scenario,
}

/// Every scenario with its place; `None` when one is not there, or has other steps there.
pub(super) fn all<'a>(feature: &gherkin::Feature, scenarios: &'a [Scenario]) -> Option<Vec<Placed<'a>>> {
    let places = places(feature);
    let placed = scenarios.iter().map(|result| {
        let place = places.get(&result.line).filter(|place| fits(place, result))?;
        Some(Placed { result, rule: place.rule, scenario: place.scenario, row: place.row })
    });
    placed.collect()
}

/// Every scenario and row by the line that the results know it by.
fn places(feature: &gherkin::Feature) -> HashMap<usize, Place<'_>> {
    let bare = feature.scenarios.iter().enumerate().map(|(position, scenario)| (None, position, scenario));
    let ruled = feature.rules.iter().enumerate().flat_map(|(rule, ruled)| {
        ruled.scenarios.iter().enumerate().map(move |(position, scenario)| (Some(rule), position, scenario))
    });
    let mut places = HashMap::new();
    for (rule, scenario, source) in bare.chain(ruled) {
        let place = Place { rule, scenario, row: None, source };
        if source.examples.is_empty() {
            places.insert(source.position.line, place);
        }
        places.extend(rows(source).map(|row| (row.line, Place { row: Some(row), ..place })));
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

/// Whether what ran is what is written there. In an outline words may be replaced; lines tell as much.
fn fits(place: &Place<'_>, result: &Scenario) -> bool {
    let (written, ran) = (&place.source.steps, &result.steps);
    let same = |(written, ran): (&gherkin::Step, &crate::results::Step)| {
        written.position.line == ran.line && (place.row.is_some() || written.value == ran.text)
    };
    written.len() == ran.len() && written.iter().zip(ran).all(same)
}
