//! Failures: one block for each cause of violations and warnings, waived deviations in short, and the broken requirements with their
//! statements at the end.

use super::{page::TextPage, paint::Role};
use crate::{
    report::{
        causes::{CauseGroup, group_by_cause},
        class::{FailureClass, RequirementIndex},
        exchange::{exchange_of_failure, wire_lines},
        format::plural,
        headline::waiver_line,
    },
    results::{RequirementResult, RequirementVerdict, Results, ScenarioResult, StepResult},
};

/// How far the text of a block is indented.
const INDENT: usize = 6;
/// Most further scenarios of one cause that a block names.
const MOST_PLACES: usize = 3;
/// Most further ids of broken requirements: two lines of them.
const MOST_IDS: usize = 20;
/// Most broken requirements whose statement is repeated at the end.
const MOST_STATEMENTS: usize = 5;

/// Writes violations, one block for each cause.
pub(super) fn write_violations(page: &mut TextPage, results: &Results) {
    let index = RequirementIndex::new(results);
    let groups = group_by_cause(results, &index, FailureClass::Violation);
    let shown = groups.len().min(page.detail().blocks());
    for group in &groups[..shown] {
        write_group(page, (Role::Bad, "FAIL  "), group, &index);
    }
    write_rest(page, &groups[shown..]);
}

/// Writes broken recommendations, one block for each cause. After violations a block is short: those are read first.
pub(super) fn write_warnings(page: &mut TextPage, results: &Results) {
    let mark = (Role::Doubtful, "WARN  ");
    let index = RequirementIndex::new(results);
    let groups = group_by_cause(results, &index, FailureClass::Warning);
    let is_short = !page.detail().is_full() && !group_by_cause(results, &index, FailureClass::Violation).is_empty();
    let shown = groups.len().min(page.detail().blocks());
    for group in &groups[..shown] {
        if is_short {
            write_short_group(page, mark, group);
        } else {
            write_group(page, mark, group, &index);
        }
    }
    write_rest(page, &groups[shown..]);
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

/// Writes the requirements that the server breaks: the first ones with their statements, the ids of the others.
pub(super) fn write_broken(page: &mut TextPage, results: &Results) {
    let broken = |it: &&RequirementResult| it.verdict == RequirementVerdict::Fail && it.waived.is_none();
    let broken: Vec<&RequirementResult> = results.requirements.iter().filter(broken).collect();
    if broken.is_empty() {
        return;
    }
    page.heading(&format!("{} broken", plural(broken.len() as u64, "requirement")));
    let shown = broken.len().min(MOST_STATEMENTS);
    for requirement in &broken[..shown] {
        page.clipped(2, (Role::Bad, &pad_id(&requirement.id)), (Role::Plain, &requirement.statement));
    }
    let rest: Vec<&str> = broken[shown..].iter().map(|requirement| requirement.id.as_str()).collect();
    let (named, unnamed) = rest.split_at(rest.len().min(MOST_IDS));
    if !named.is_empty() {
        page.labelled(2, (Role::Plain, &pad_id("and")), (Role::Bad, &named.join(" ")));
    }
    if !unnamed.is_empty() {
        page.labelled(2, (Role::Plain, &pad_id("")), (Role::Quiet, &format!("and {} more", unnamed.len())));
    }
}

/// An id with blanks at its end, so that the text after it begins in one column.
pub(super) fn pad_id(id: &str) -> String {
    format!("{id:<12}")
}

/// What all blocks begin with.
fn write_title(page: &mut TextPage, mark: (Role, &str), group: &CauseGroup<'_>) {
    page.gap();
    if group.others.is_empty() {
        page.line(0, &[mark, (Role::Strong, &group.first.name)]);
    } else {
        let title = format!("{} with one cause", plural(group.count() as u64, "scenario"));
        page.line(0, &[mark, (Role::Strong, &title)]);
    }
}

/// The ids, where, and what was answered.
fn write_short_group(page: &mut TextPage, mark: (Role, &str), group: &CauseGroup<'_>) {
    write_title(page, mark, group);
    page.labelled(INDENT, (Role::Plain, ""), (Role::Strong, &group.requirements().join(" ")));
    page.line(INDENT, &[(Role::Quiet, &location(group.first))]);
    for failure in group.first.steps.iter().filter_map(|step| step.failure.as_ref()) {
        page.labelled(INDENT + 2, (Role::Good, "expected  "), (Role::Plain, &failure.expected));
        write_answered(page, &failure.answered);
    }
}

fn write_group<'a>(page: &mut TextPage, mark: (Role, &str), group: &CauseGroup<'a>, index: &RequirementIndex<'a>) {
    write_title(page, mark, group);
    if !group.others.is_empty() {
        page.labelled(INDENT, (Role::Plain, ""), (Role::Strong, &group.requirements().join(" ")));
        page.gap();
        page.labelled(INDENT, (Role::Quiet, "first: "), (Role::Strong, &group.first.name));
    }
    page.line(INDENT, &[(Role::Quiet, &location(group.first))]);
    for requirement in index.judged_by(group.first) {
        write_requirement(page, requirement);
    }
    for step in &group.first.steps {
        write_failure(page, group.first, step);
    }
    write_others(page, &group.others);
}

fn write_requirement(page: &mut TextPage, requirement: &RequirementResult) {
    let label = format!("{} ({}) ", requirement.id, requirement.level);
    page.labelled(INDENT, (Role::Strong, &label), (Role::Plain, &requirement.statement));
    if let Some(reason) = &requirement.reason {
        page.labelled(INDENT, (Role::Plain, &" ".repeat(label.chars().count())), (Role::Quiet, reason));
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

/// The other scenarios of a cause: all with full detail, else the first few.
fn write_others(page: &mut TextPage, others: &[&ScenarioResult]) {
    if others.is_empty() {
        return;
    }
    page.gap();
    let most = if page.detail().is_full() { page.detail().listed() } else { MOST_PLACES };
    let shown = others.len().min(most);
    for scenario in &others[..shown] {
        page.line(INDENT, &[(Role::Quiet, &format!("{}  ", location(scenario))), (Role::Plain, &scenario.name)]);
    }
    if others.len() > shown {
        page.line(INDENT, &[(Role::Quiet, &format!("and {} more", others.len() - shown))]);
    }
}

/// Causes without a block of their own: a line each.
fn write_rest(page: &mut TextPage, groups: &[CauseGroup<'_>]) {
    if groups.is_empty() {
        return;
    }
    page.heading(&format!("and {}", plural(groups.len() as u64, "other cause")));
    let shown = groups.len().min(page.detail().listed());
    for group in &groups[..shown] {
        let more = if group.others.is_empty() { String::new() } else { format!(" and {} more", group.others.len()) };
        let place = format!("{}  ", location(group.first));
        page.line(2, &[(Role::Quiet, &place), (Role::Plain, &group.first.name), (Role::Quiet, &more)]);
    }
    if groups.len() > shown {
        page.line(2, &[(Role::Quiet, &format!("and {} more", groups.len() - shown))]);
    }
}

fn location(scenario: &ScenarioResult) -> String {
    format!("{}:{}", scenario.feature, scenario.line)
}
