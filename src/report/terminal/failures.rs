//! Failures: violations and warnings in full, waived deviations in short.

use super::{page::TextPage, paint::Role};
use crate::{
    report::{
        class::{FailureClass, RequirementIndex},
        exchange::{exchange_of_failure, wire_lines},
        headline::waiver_line,
    },
    results::{RequirementResult, Results, ScenarioResult, StepResult},
};

/// Most scenarios that are shown in full. The others are listed; the files show all in full.
const MOST: usize = 25;
/// How far the text of a block is indented.
const INDENT: usize = 6;

/// Writes violations, one block each.
pub(super) fn write_violations(page: &mut TextPage, results: &Results) {
    write_class(page, results, FailureClass::Violation, (Role::Bad, "FAIL  "));
}

/// Writes broken recommendations, one block each.
pub(super) fn write_warnings(page: &mut TextPage, results: &Results) {
    write_class(page, results, FailureClass::Warning, (Role::Doubtful, "WARN  "));
}

fn write_class(page: &mut TextPage, results: &Results, class: FailureClass, mark: (Role, &str)) {
    let index = RequirementIndex::new(results);
    let failures = index.failures(results, class);
    for scenario in failures.iter().take(MOST) {
        write_scenario(page, mark, scenario, &index);
    }
    write_rest(page, failures.get(MOST..).unwrap_or_default());
}

/// Writes deviations that a waiver covers.
pub(super) fn write_waived(page: &mut TextPage, results: &Results) {
    let covered: Vec<&RequirementResult> = results.requirements.iter().filter(|it| it.waived.is_some()).collect();
    if !covered.is_empty() {
        page.heading("waived");
    }
    for requirement in covered {
        page.labelled(2, (Role::Strong, &pad_id(&requirement.id)), (Role::Plain, &requirement.statement));
        if let Some(waiver) = &requirement.waived {
            page.labelled(2, (Role::Plain, &pad_id("")), (Role::Quiet, &waiver_line(waiver)));
        }
    }
}

/// An id with blanks at its end, so that the text after it begins in one column.
pub(super) fn pad_id(id: &str) -> String {
    format!("{id:<12}")
}

fn write_scenario<'a>(
    page: &mut TextPage,
    mark: (Role, &str),
    scenario: &'a ScenarioResult,
    index: &RequirementIndex<'a>,
) {
    page.gap();
    page.line(0, &[mark, (Role::Strong, &scenario.name)]);
    page.line(INDENT, &[(Role::Quiet, &format!("{}:{}", scenario.feature, scenario.line))]);
    for requirement in index.judged_by(scenario) {
        let label = format!("{} ({}) ", requirement.id, requirement.level);
        page.labelled(INDENT, (Role::Strong, &label), (Role::Plain, &requirement.statement));
        if let Some(reason) = &requirement.reason {
            page.labelled(INDENT, (Role::Plain, &" ".repeat(label.chars().count())), (Role::Quiet, reason));
        }
    }
    for step in &scenario.steps {
        write_failure(page, scenario, step);
    }
}

fn write_failure(page: &mut TextPage, scenario: &ScenarioResult, step: &StepResult) {
    let Some(failure) = &step.failure else { return };
    page.gap();
    let sentence = format!("{} {}", step.keyword, step.text);
    page.labelled(INDENT, (Role::Plain, ""), (Role::Plain, &sentence));
    page.labelled(INDENT + 2, (Role::Good, "expected  "), (Role::Plain, &failure.expected));
    write_answered(page, &failure.answered);
    if let Some(exchange) = exchange_of_failure(scenario, failure) {
        page.gap();
        for line in wire_lines(exchange) {
            page.marked(INDENT + 2, line.direction.mark(), &line.text);
        }
    }
}

/// A difference to a snapshot has several lines.
fn write_answered(page: &mut TextPage, text: &str) {
    let label = "answered  ";
    let (first, more) = text.split_once('\n').unwrap_or((text, ""));
    page.labelled(INDENT + 2, (Role::Bad, label), (Role::Plain, first));
    for line in more.lines() {
        page.line(INDENT + 2 + label.len(), &[(Role::Plain, line)]);
    }
}

fn write_rest(page: &mut TextPage, scenarios: &[&ScenarioResult]) {
    if !scenarios.is_empty() {
        page.heading(&format!("and {} more", scenarios.len()));
    }
    for scenario in scenarios {
        let place = format!("{}:{}  ", scenario.feature, scenario.line);
        page.line(2, &[(Role::Quiet, &place), (Role::Plain, &scenario.name)]);
    }
}
