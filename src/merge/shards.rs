//! Whether every run has just the scenarios that it says it selected, and whether the shards of a run are all there, once.

use std::collections::{BTreeMap, BTreeSet};

use super::{MergeError, Part, error::some};
use crate::{
    results,
    suite::{Selection, Suite},
};

/// The number of a shard; 0 for a whole run.
pub(super) fn number(part: &Part) -> usize {
    part.results.selection.shard.map_or(0, |shard| shard.number)
}

pub(super) fn check(parts: &[Part], suite: &Suite) -> Result<(), MergeError> {
    for part in parts {
        is_whole(part, suite)?;
    }
    for shards in runs(parts).values() {
        all_there(shards, suite)?;
    }
    Ok(())
}

/// Holds the scenarios of one file against its own selection.
fn is_whole(part: &Part, suite: &Suite) -> Result<(), MergeError> {
    let broken = |problem: String| MergeError::broken(&part.file, problem);
    let expected: BTreeSet<String> = selected(suite, &part.results.selection).map_err(broken)?.into_iter().collect();
    let mut found = BTreeSet::new();
    for scenario in &part.results.scenarios {
        if !found.insert(scenario.id.clone()) {
            return Err(broken(format!("the scenario `{}` is in it twice", scenario.id)));
        }
    }
    let lacking: Vec<String> = expected.difference(&found).cloned().collect();
    let strange: Vec<String> = found.difference(&expected).cloned().collect();
    match (lacking.is_empty(), strange.is_empty()) {
        (false, _) => Err(broken(format!("it lacks {}", some(&lacking)))),
        (_, false) => Err(broken(format!("it did not select {}", some(&strange)))),
        _ => Ok(()),
    }
}

/// The shards of each run that was split, by everything that makes it a run of its own.
fn runs(parts: &[Part]) -> BTreeMap<String, Vec<(results::Shard, &Part)>> {
    let mut runs: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for part in parts {
        let results::Selection { tags, requirements, shard, .. } = &part.results.selection;
        if let Some(shard) = shard {
            let run = format!("{:?} {tags:?} {requirements:?} {}", part.results.profile, shard.of);
            runs.entry(run).or_default().push((*shard, part));
        }
    }
    runs
}

fn all_there(shards: &[(results::Shard, &Part)], suite: &Suite) -> Result<(), MergeError> {
    let mut there: BTreeMap<usize, &Part> = BTreeMap::new();
    for (shard, part) in shards {
        if let Some(one) = there.insert(shard.number, part) {
            let results::Shard { number, of } = *shard;
            return Err(MergeError::Double { number, of, one: one.file.clone(), other: part.file.clone() });
        }
    }
    let Some((shard, part)) = shards.first() else { return Ok(()) };
    let numbers: Vec<usize> = (1..=shard.of).filter(|number| !there.contains_key(number)).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    let of_shard = |number: &usize| {
        let shard = Some(results::Shard { number: *number, of: shard.of });
        selected(suite, &results::Selection { shard, ..part.results.selection.clone() }).unwrap_or_default()
    };
    let scenarios = numbers.iter().flat_map(of_shard).collect();
    Err(MergeError::Missing { numbers, of: shard.of, scenarios })
}

/// Ids of the scenarios of a selection.
fn selected(suite: &Suite, selection: &results::Selection) -> Result<Vec<String>, String> {
    let selection = Selection::from_results(suite, selection).map_err(|error| error.to_string())?;
    Ok(suite.scenarios().filter(|it| selection.takes(it)).map(|it| it.id.clone()).collect())
}
