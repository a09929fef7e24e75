//! Whether runs may be merged: same version, suite, target and terms; every run has exactly the scenarios of its selection,
//! and every shard exists once.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    error::{MergeError, Side, list_scenarios},
    saved_run::SavedRun,
};
use crate::{
    results::{EXPLORED, Results, SelectionInfo, ShardInfo},
    suite::{Selection, Suite},
};

/// A property that all runs must have in common.
struct CommonTerm {
    what: &'static str,
    value: fn(&Results) -> String,
    advice: &'static str,
}

const COMMON_TERMS: [CommonTerm; 6] = [
    CommonTerm {
        what: "target",
        value: |it| {
            let url = it.target.base_url.as_deref().unwrap_or("no address");
            format!("`{}` at {url}", it.target.name)
        },
        advice: "; `report fleet` shows several targets on one page",
    },
    CommonTerm {
        what: "version of the program",
        value: |it| it.tool.version.clone(),
        advice: "; repeat one of the runs with the other's version",
    },
    CommonTerm {
        what: "suite",
        value: |it| it.suite.digest.clone(),
        advice: "; use the same program and the same --features DIR for all of them",
    },
    CommonTerm {
        what: "`margin`",
        value: |it| format!("{} s", it.target.margin_seconds),
        advice: "; repeat one of the runs with the other's",
    },
    CommonTerm {
        what: "`max_wait`",
        value: |it| format!("{} s", it.target.max_wait_seconds),
        advice: "; repeat one of the runs with the other's",
    },
    CommonTerm {
        what: "`insecure_tls`",
        value: |it| it.target.insecure_tls.to_string(),
        advice: "; repeat the runs in which certificates were not checked",
    },
];

/// Compares all runs with each other, and their suite with that of this program.
pub(super) fn check_common_terms(runs: &[SavedRun], own_digest: &str) -> Result<(), MergeError> {
    for [one, other] in runs.array_windows() {
        for CommonTerm { what, value, advice } in &COMMON_TERMS {
            let side = |run: &SavedRun| Box::new(Side { file: run.file.clone(), value: value(&run.results) });
            let (one, other) = (side(one), side(other));
            if one.value != other.value {
                return Err(MergeError::Differ { what, one, other, advice });
            }
        }
    }
    match runs.iter().find(|run| run.results.suite.digest != own_digest) {
        Some(run) => Err(MergeError::OtherSuite {
            file: run.file.clone(),
            digest: run.results.suite.digest.clone(),
            own: own_digest.to_owned(),
            version: run.results.tool.version.clone(),
        }),
        None => Ok(()),
    }
}

/// Compares the scenarios of every run with its selection, and looks for missing and duplicate shards.
pub(super) fn check_completeness(runs: &[SavedRun], suite: &Suite) -> Result<(), MergeError> {
    runs.iter().try_for_each(|run| check_scenarios(run, suite))?;
    shards_by_run(runs).values().try_for_each(|shards| check_shards(shards, suite))
}

fn check_scenarios(run: &SavedRun, suite: &Suite) -> Result<(), MergeError> {
    let broken = |problem: String| MergeError::broken(&run.file, problem);
    let expected: BTreeSet<String> = selected_ids(suite, &run.results.selection).map_err(broken)?.into_iter().collect();
    let mut found = BTreeSet::new();
    for scenario in &run.results.scenarios {
        if !found.insert(scenario.id.clone()) {
            return Err(broken(format!("the scenario `{}` is in it twice", scenario.id)));
        }
    }
    let missing: Vec<String> = expected.difference(&found).cloned().collect();
    let is_explored = |id: &&String| id.starts_with(EXPLORED);
    let surplus: Vec<String> = found.difference(&expected).filter(|id| !is_explored(id)).cloned().collect();
    match (missing.is_empty(), surplus.is_empty()) {
        (false, _) => Err(broken(format!("it lacks {}", list_scenarios(&missing)))),
        (_, false) => Err(broken(format!("it did not select {}", list_scenarios(&surplus)))),
        _ => Ok(()),
    }
}

/// Shards grouped by everything that distinguishes one split run from another.
fn shards_by_run(runs: &[SavedRun]) -> BTreeMap<String, Vec<(ShardInfo, &SavedRun)>> {
    let mut shards: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for run in runs {
        let SelectionInfo { tags, requirements, shard, .. } = &run.results.selection;
        if let Some(shard) = shard {
            let key = format!("{:?} {tags:?} {requirements:?} {}", run.results.profile, shard.of);
            shards.entry(key).or_default().push((*shard, run));
        }
    }
    shards
}

fn check_shards(shards: &[(ShardInfo, &SavedRun)], suite: &Suite) -> Result<(), MergeError> {
    let mut present: BTreeMap<usize, &SavedRun> = BTreeMap::new();
    for (shard, run) in shards {
        if let Some(one) = present.insert(shard.number, run) {
            let ShardInfo { number, of } = *shard;
            return Err(MergeError::Double { number, of, one: one.file.clone(), other: run.file.clone() });
        }
    }
    let Some((shard, run)) = shards.first() else { return Ok(()) };
    let numbers: Vec<usize> = (1..=shard.of).filter(|number| !present.contains_key(number)).collect();
    if numbers.is_empty() {
        return Ok(());
    }
    let ids_of_shard = |number: &usize| {
        let shard = Some(ShardInfo { number: *number, of: shard.of });
        selected_ids(suite, &SelectionInfo { shard, ..run.results.selection.clone() }).unwrap_or_default()
    };
    let scenarios = numbers.iter().flat_map(ids_of_shard).collect();
    Err(MergeError::Missing { numbers, of: shard.of, scenarios })
}

/// Ids of the scenarios of a selection.
fn selected_ids(suite: &Suite, selection: &SelectionInfo) -> Result<Vec<String>, String> {
    let selection = Selection::from_results(suite, selection).map_err(|error| error.to_string())?;
    Ok(suite.scenarios().filter(|it| selection.takes(it)).map(|it| it.id.clone()).collect())
}
