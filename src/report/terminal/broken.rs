//! What is broken: violations and warnings with everything that helps to find the cause, waived deviations in short.

use super::{Page, Role};
use crate::{
    report::{
        exchange,
        standing::{Requirements, Standing},
    },
    results::{Level, Outcome, Requirement, Results, Scenario, Step},
};

/// Most scenarios that are told in full; the others follow with their place, and in the files with everything.
const MOST: usize = 25;
/// How far the text of a block is indented.
const INDENT: usize = 6;

/// Violations, one block each.
pub(super) fn violations(page: &mut Page, results: &Results) {
    let requirements = Requirements::of(results);
    let broken: Vec<&Scenario> = with(results, &requirements, Standing::Violation).collect();
    for scenario in broken.iter().take(MOST) {
        block(page, (Role::Bad, "FAIL  "), scenario, &requirements);
    }
    rest(page, broken.get(MOST..).unwrap_or_default());
}

/// Broken recommendations, one block each.
pub(super) fn warnings(page: &mut Page, results: &Results) {
    let requirements = Requirements::of(results);
    let broken: Vec<&Scenario> = with(results, &requirements, Standing::Warning).collect();
    for scenario in broken.iter().take(MOST) {
        block(page, (Role::Doubtful, "WARN  "), scenario, &requirements);
    }
    rest(page, broken.get(MOST..).unwrap_or_default());
}

/// Deviations that a waiver covers.
pub(super) fn waived(page: &mut Page, results: &Results) {
    let covered: Vec<&Requirement> = results.requirements.iter().filter(|it| it.waived.is_some()).collect();
    if !covered.is_empty() {
        page.heading("waived");
    }
    for requirement in covered {
        page.labelled(2, (Role::Strong, &padded(&requirement.id)), (Role::Plain, &requirement.statement));
        if let Some(waiver) = &requirement.waived {
            let terms = format!("{}: {}, until {}", waiver.owner, waiver.reason, waiver.expires);
            page.labelled(2, (Role::Plain, &padded("")), (Role::Quiet, &terms));
        }
    }
}

/// An id with blanks behind it, so that what follows stands in one column.
pub(super) fn padded(id: &str) -> String {
    format!("{id:<12}")
}

fn with<'a>(
    results: &'a Results,
    requirements: &Requirements<'a>,
    standing: Standing,
) -> impl Iterator<Item = &'a Scenario> {
    let failed = results.scenarios.iter().filter(|scenario| scenario.verdict == Outcome::Failed);
    failed.filter(move |scenario| requirements.standing(scenario) == standing)
}

fn block<'a>(page: &mut Page, mark: (Role, &str), scenario: &'a Scenario, requirements: &Requirements<'a>) {
    page.gap();
    page.line(0, &[mark, (Role::Strong, &scenario.name)]);
    page.line(INDENT, &[(Role::Quiet, &format!("{}:{}", scenario.feature, scenario.line))]);
    for requirement in requirements.judged_by(scenario) {
        let label = format!("{} ({}) ", requirement.id, level(requirement.level));
        page.labelled(INDENT, (Role::Strong, &label), (Role::Plain, &requirement.statement));
        if let Some(reason) = &requirement.reason {
            page.labelled(INDENT, (Role::Plain, &" ".repeat(label.chars().count())), (Role::Quiet, reason));
        }
    }
    for step in &scenario.steps {
        failure(page, scenario, step);
    }
}

fn failure(page: &mut Page, scenario: &Scenario, step: &Step) {
    let Some(failure) = &step.failure else { return };
    page.gap();
    let sentence = format!("{} {}", step.keyword, step.text);
    page.labelled(INDENT, (Role::Plain, ""), (Role::Plain, &sentence));
    page.labelled(INDENT + 2, (Role::Good, "expected  "), (Role::Plain, &failure.expected));
    answered(page, &failure.answered);
    if let Some(exchange) = exchange::of_failure(scenario, failure) {
        page.gap();
        for line in exchange::lines(exchange) {
            page.marked(INDENT + 2, line.way.mark(), &line.text);
        }
    }
}

/// A difference to a snapshot has lines, each of which means something.
fn answered(page: &mut Page, text: &str) {
    let label = "answered  ";
    let (first, more) = text.split_once('\n').unwrap_or((text, ""));
    page.labelled(INDENT + 2, (Role::Bad, label), (Role::Plain, first));
    for line in more.lines() {
        page.line(INDENT + 2 + label.len(), &[(Role::Plain, line)]);
    }
}

fn rest(page: &mut Page, scenarios: &[&Scenario]) {
    if !scenarios.is_empty() {
        page.heading(&format!("and {} more", scenarios.len()));
    }
    for scenario in scenarios {
        let place = format!("{}:{}  ", scenario.feature, scenario.line);
        page.line(2, &[(Role::Quiet, &place), (Role::Plain, &scenario.name)]);
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Must => "must",
        Level::Should => "should",
        Level::Observe => "observe",
    }
}
