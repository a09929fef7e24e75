//! Requirements against targets: wherever something fails, warns or could not be judged.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Target;
use crate::{
    report::html::words,
    results::{Requirement, RequirementVerdict},
};

/// The table, without the rows and columns in which nothing is amiss.
#[derive(Serialize)]
pub(super) struct Matrix<'a> {
    requirements: Vec<Column<'a>>,
    targets: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Column<'a> {
    id: &'a str,
    statement: &'a str,
    count: usize,
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    cells: Vec<Option<Cell>>,
}

#[derive(Clone, Serialize)]
struct Cell {
    verdict: &'static str,
    mark: &'static str,
}

impl<'a> Matrix<'a> {
    pub(super) fn of(targets: &'a [Target]) -> Self {
        let judged: Vec<(&str, &[Requirement])> = targets
            .iter()
            .filter_map(|target| Some((target.name.as_str(), target.state.results()?.requirements.as_slice())))
            .collect();
        let requirements = columns(&judged);
        let positions: BTreeMap<&str, usize> = requirements.iter().enumerate().map(|(at, it)| (it.id, at)).collect();
        let line = |(name, all): (&'a str, &'a [Requirement])| {
            let mut cells = vec![None; requirements.len()];
            for requirement in all {
                if let (Some(cell), Some(at)) = (cell(requirement), positions.get(requirement.id.as_str())) {
                    cells[*at] = Some(cell);
                }
            }
            cells.iter().any(Option::is_some).then_some(Line { name, cells })
        };
        let targets = judged.into_iter().filter_map(line).collect();
        Self { requirements, targets }
    }
}

/// The requirements with which something is amiss somewhere, in the order in which the results have them.
fn columns<'a>(judged: &[(&'a str, &'a [Requirement])]) -> Vec<Column<'a>> {
    let mut columns: Vec<Column<'a>> = Vec::new();
    // Most targets have all requirements; the one with most of them gives the order.
    let longest = judged.iter().map(|(_, all)| *all).max_by_key(|all| all.len()).unwrap_or_default();
    for requirement in longest.iter().chain(judged.iter().flat_map(|(_, all)| all.iter())) {
        if columns.iter().all(|column| column.id != requirement.id) {
            columns.push(Column { id: &requirement.id, statement: &requirement.statement, count: 0 });
        }
    }
    for column in &mut columns {
        let own = |all: &&[Requirement]| all.iter().any(|it| it.id == column.id && cell(it).is_some());
        column.count = judged.iter().map(|(_, all)| *all).filter(own).count();
    }
    columns.retain(|column| column.count > 0);
    columns
}

fn cell(requirement: &Requirement) -> Option<Cell> {
    let mark = match requirement.verdict {
        _ if requirement.waived.is_some() => return Some(Cell { verdict: "waived", mark: "w" }),
        RequirementVerdict::Fail => "✗",
        RequirementVerdict::Warn => "!",
        RequirementVerdict::Inconclusive => "?",
        RequirementVerdict::Skip | RequirementVerdict::Pass | RequirementVerdict::Observed => return None,
    };
    Some(Cell { verdict: words::verdict(requirement.verdict), mark })
}
