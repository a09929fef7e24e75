//! A run that was interrupted, and the run that judged the rest, as one.

use std::collections::{HashMap, HashSet};

use super::{
    error::MergeError,
    merged_run::{join_servers, total_traffic},
    saved_run::{SavedRun, align_times, joint_duration, renumber_masks},
    scenarios::join_observations,
};
use crate::{
    results::{Outcome, Results, ScenarioResult, TargetInfo, Verdict},
    suite::{Selection, Suite},
    verdict::{VerdictInput, add_shard_notes, roll_up},
};

/// The scenarios that an earlier run did not judge: what it was interrupted before, and what was inconclusive in it.
pub(crate) fn unjudged_scenarios(earlier: &Results, suite: &Suite, selection: &Selection) -> HashSet<String> {
    let judged: HashSet<&str> =
        earlier.scenarios.iter().filter(|it| is_judged(it)).map(|scenario| scenario.id.as_str()).collect();
    let selected = suite.scenarios().filter(|scenario| selection.takes(scenario));
    selected.map(|scenario| &scenario.id).filter(|id| !judged.contains(id.as_str())).cloned().collect()
}

/// Joins an earlier run and the run of what it left. Of the earlier run only what was judged counts. Profile, waivers and target
/// are those of the later run, the selection is that of the earlier one.
///
/// # Errors
/// When the earlier file is broken.
pub(crate) fn resume(
    earlier: SavedRun,
    rest: Results,
    suite: &Suite,
    selection: &Selection,
) -> Result<Results, MergeError> {
    let later = SavedRun { file: earlier.file.clone(), results: rest };
    let mut runs = [earlier, later];
    let duration_ms = joint_duration(&runs);
    renumber_masks(&mut runs)?;
    align_times(&mut runs);
    let [earlier, _] = &mut runs;
    earlier.results.scenarios.retain(is_judged);
    let kept: HashSet<String> = earlier.results.scenarios.iter().map(|scenario| scenario.id.clone()).collect();
    earlier.results.observations.retain(|it| it.scenario.as_ref().is_none_or(|scenario| kept.contains(scenario)));
    let (observations, _) = join_observations(&runs, suite);
    let (traffic, server) = (total_traffic(&runs), join_servers(&runs));
    let [earlier, later] = runs.map(|run| run.results);
    let today = earlier.day();
    let scenarios = in_suite_order(earlier.scenarios.into_iter().chain(later.scenarios), suite);
    let mut rolled = roll_up(&VerdictInput {
        catalogue: &suite.catalogue,
        scenarios: &scenarios,
        profile: later.profile,
        waivers: &later.waivers,
        today,
    });
    add_shard_notes(&mut rolled.requirements, |id| selection.judging(suite, id));
    Ok(Results {
        target: TargetInfo { server, ..later.target },
        selection: selection.to_results(),
        started_at: earlier.started_at,
        duration_ms,
        verdict: if later.interrupted.is_some() { Verdict::Inconclusive } else { rolled.verdict },
        counts: rolled.counts,
        requirements: rolled.requirements,
        scenarios,
        observations,
        traffic,
        seed: later.seed,
        concurrency: later.concurrency,
        exploration: later.exploration.or(earlier.exploration),
        cluster: later.cluster.or(earlier.cluster),
        ..later
    })
}

fn is_judged(scenario: &ScenarioResult) -> bool {
    scenario.verdict != Outcome::Inconclusive
}

/// The scenarios of the suite in its order, then those that exploring added.
fn in_suite_order(scenarios: impl Iterator<Item = ScenarioResult>, suite: &Suite) -> Vec<ScenarioResult> {
    let positions: HashMap<&str, usize> =
        suite.scenarios().enumerate().map(|(position, scenario)| (scenario.id.as_str(), position)).collect();
    let mut all: Vec<ScenarioResult> = scenarios.collect();
    all.sort_by_key(|scenario| positions.get(scenario.id.as_str()).copied().unwrap_or(usize::MAX));
    all
}
