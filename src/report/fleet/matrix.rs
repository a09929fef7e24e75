//! Requirements by targets: everything that fails, warns or could not be judged.

use std::collections::BTreeMap;

use serde::Serialize;

use super::found::FleetEntry;
use crate::{
    report::class::verdict_class,
    results::{RequirementResult, RequirementVerdict},
};

/// The table, without rows and columns that have no cell.
#[derive(Serialize)]
pub(super) struct FleetMatrix<'a> {
    requirements: Vec<MatrixColumn<'a>>,
    targets: Vec<MatrixRow<'a>>,
}

#[derive(Serialize)]
struct MatrixColumn<'a> {
    id: &'a str,
    statement: &'a str,
    count: usize,
}

#[derive(Serialize)]
struct MatrixRow<'a> {
    name: &'a str,
    cells: Vec<Option<MatrixCell>>,
}

#[derive(Clone, Serialize)]
struct MatrixCell {
    verdict: &'static str,
    mark: &'static str,
}

impl<'a> FleetMatrix<'a> {
    pub(super) fn new(targets: &'a [FleetEntry]) -> Self {
        let judged: Vec<(&str, &[RequirementResult])> = targets
            .iter()
            .filter_map(|target| Some((target.name.as_str(), target.state.results()?.requirements.as_slice())))
            .collect();
        let requirements = columns(&judged);
        let positions: BTreeMap<&str, usize> = requirements.iter().enumerate().map(|(at, it)| (it.id, at)).collect();
        let line = |(name, all): (&'a str, &'a [RequirementResult])| {
            let mut cells = vec![None; requirements.len()];
            for requirement in all {
                if let (Some(cell), Some(at)) = (cell(requirement), positions.get(requirement.id.as_str())) {
                    cells[*at] = Some(cell);
                }
            }
            cells.iter().any(Option::is_some).then_some(MatrixRow { name, cells })
        };
        let targets = judged.into_iter().filter_map(line).collect();
        Self { requirements, targets }
    }
}

/// The requirements that some target does not keep, in the order of the results.
fn columns<'a>(judged: &[(&'a str, &'a [RequirementResult])]) -> Vec<MatrixColumn<'a>> {
    let mut columns: Vec<MatrixColumn<'a>> = Vec::new();
    // The target with most requirements gives the order.
    let longest = judged.iter().map(|(_, all)| *all).max_by_key(|all| all.len()).unwrap_or_default();
    for requirement in longest.iter().chain(judged.iter().flat_map(|(_, all)| all.iter())) {
        if columns.iter().all(|column| column.id != requirement.id) {
            columns.push(MatrixColumn { id: &requirement.id, statement: &requirement.statement, count: 0 });
        }
    }
    for column in &mut columns {
        let own = |all: &&[RequirementResult]| all.iter().any(|it| it.id == column.id && cell(it).is_some());
        column.count = judged.iter().map(|(_, all)| *all).filter(own).count();
    }
    columns.retain(|column| column.count > 0);
    columns
}

fn cell(requirement: &RequirementResult) -> Option<MatrixCell> {
    let mark = match requirement.verdict {
        _ if requirement.waived.is_some() => return Some(MatrixCell { verdict: "waived", mark: "w" }),
        RequirementVerdict::Fail => "✗",
        RequirementVerdict::Warn => "!",
        RequirementVerdict::Inconclusive => "?",
        RequirementVerdict::Skip | RequirementVerdict::Pass | RequirementVerdict::Observed => return None,
    };
    Some(MatrixCell { verdict: verdict_class(requirement.verdict), mark })
}
