//! The selection and the waivers of all runs together.

use std::collections::BTreeSet;

use super::{error::MergeError, saved_run::SavedRun};
use crate::{
    catalogue::Catalogue,
    results::{RequirementVerdict, Results, SelectionInfo, Waiver},
};

/// One selection with the scenarios of all; complete when one of them is. All shards are present.
pub(super) fn join_selections(runs: &[SavedRun]) -> SelectionInfo {
    let mut all: Vec<SelectionInfo> = Vec::new();
    for run in runs {
        let SelectionInfo { tags, requirements, scenarios, .. } = run.results.selection.clone();
        let complete = tags.is_none() && requirements.is_empty() && scenarios.is_empty();
        let one = SelectionInfo { tags, requirements, scenarios, shard: None, complete };
        if !all.contains(&one) {
            all.push(one);
        }
    }
    match all.iter().find(|one| one.complete) {
        Some(complete) => complete.clone(),
        None if all.iter().any(|one| !one.scenarios.is_empty()) => {
            let ids: BTreeSet<&String> =
                runs.iter().flat_map(|run| &run.results.scenarios).map(|scenario| &scenario.id).collect();
            SelectionInfo { scenarios: ids.into_iter().cloned().collect(), ..SelectionInfo::default() }
        }
        None => all.into_iter().reduce(either).unwrap_or_default(),
    }
}

/// Two selections with the same tags join their requirements. Others become a tag expression: a requirement is a tag of its
/// scenarios.
fn either(one: SelectionInfo, other: SelectionInfo) -> SelectionInfo {
    let by_requirement = !one.requirements.is_empty() && !other.requirements.is_empty();
    if one.tags == other.tags && by_requirement {
        let SelectionInfo { tags, mut requirements, .. } = one;
        let more: Vec<String> = other.requirements.into_iter().filter(|id| !requirements.contains(id)).collect();
        requirements.extend(more);
        return SelectionInfo { tags, requirements, ..SelectionInfo::default() };
    }
    let tags = Some(format!("{} or {}", tag_expression(&one), tag_expression(&other)));
    SelectionInfo { tags, ..SelectionInfo::default() }
}

fn tag_expression(selection: &SelectionInfo) -> String {
    let tags = selection.tags.iter().map(|tags| format!("({tags})"));
    let ids: Vec<String> = selection.requirements.iter().map(|id| format!("@{id}")).collect();
    let ids = (!ids.is_empty()).then(|| format!("({})", ids.join(" or ")));
    format!("({})", tags.chain(ids).collect::<Vec<_>>().join(" and "))
}

/// Every waiver once.
pub(super) fn join_waivers(runs: &[SavedRun], catalogue: &Catalogue) -> Result<Vec<Waiver>, MergeError> {
    let mut all: Vec<Waiver> = Vec::new();
    for run in runs {
        let listed = listed_waivers(&run.results).map_err(|problem| MergeError::broken(&run.file, problem))?;
        for waiver in listed {
            if catalogue.get(&waiver.requirement).is_none() {
                let problem = format!("it waives {}, which is not in the catalogue", waiver.requirement);
                return Err(MergeError::broken(&run.file, problem));
            }
            if !all.contains(&waiver) {
                all.push(waiver);
            }
        }
    }
    all.iter().try_for_each(|waiver| check_expiry(waiver, runs))?;
    Ok(all)
}

/// The listed waivers, and those that requirements needed: results of earlier versions have only these.
fn listed_waivers(results: &Results) -> Result<Vec<Waiver>, String> {
    let mut listed = results.waivers.clone();
    for requirement in &results.requirements {
        let is_own = requirement.verdict != RequirementVerdict::Inconclusive;
        if let Some(terms) = requirement.waived.clone().filter(|_| is_own) {
            let id = requirement.id.parse().map_err(|error| format!("{error}"))?;
            let needed = Waiver { requirement: id, terms };
            if !listed.contains(&needed) {
                listed.push(needed);
            }
        }
    }
    Ok(listed)
}

/// A waiver covers either all runs or none: an early start must not cover a late failure.
fn check_expiry(waiver: &Waiver, runs: &[SavedRun]) -> Result<(), MergeError> {
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return Ok(()) };
    let ended = waiver.terms.is_valid_on(first.results.day()) && !waiver.terms.is_valid_on(last.results.day());
    if !ended {
        return Ok(());
    }
    Err(MergeError::WaiverEnded {
        requirement: waiver.requirement.to_string(),
        owner: waiver.terms.owner.clone(),
        expires: waiver.terms.expires.to_string(),
        one: first.file.clone(),
        other: last.file.clone(),
    })
}
