//! One run made of several.

use super::{
    compatibility::{check_common_terms, check_completeness},
    error::MergeError,
    saved_run::{SavedRun, align_times, joint_duration, renumber_masks},
    scenarios::{join_observations, worst_scenarios},
    terms::{join_selections, join_waivers},
};
use crate::{
    results::{Profile, Results, ServerInfo, Software, TargetInfo, Traffic},
    suite::Suite,
    verdict::{VerdictInput, roll_up},
};

/// Several runs as one.
#[derive(Debug)]
pub(crate) struct MergedRun {
    /// The results of all of them.
    pub(crate) results: Results,
    /// A sentence for each question that the runs answer differently.
    pub(crate) contradictions: Vec<String>,
}

/// Merges the results of runs; their order does not matter. A scenario that was run more than once counts as its worst. The
/// strictest profile applies to all.
///
/// # Errors
/// When the runs differ in target, suite or version of the program, when the suite is another than the given one, when a
/// shard or scenario is missing or duplicate, or when a run leaked secrets.
pub(crate) fn merge(mut runs: Vec<SavedRun>, suite: &Suite) -> Result<MergedRun, MergeError> {
    runs.sort_by_cached_key(|run| (run.results.started_at, run.shard_number(), run.file.clone()));
    let (Some(first), Some(last)) = (runs.first().cloned(), runs.last().cloned()) else {
        return Err(MergeError::Nothing);
    };
    if let Some(SavedRun { file, results }) = runs.iter().find(|run| !run.results.leaks.is_empty()) {
        return Err(MergeError::Leaked { file: file.clone(), places: results.leaks.join(", ") });
    }
    check_common_terms(&runs, &suite.digest)?;
    check_completeness(&runs, suite)?;
    let waivers = join_waivers(&runs, &suite.catalogue)?;
    let duration_ms = joint_duration(&runs);
    renumber_masks(&mut runs)?;
    align_times(&mut runs);
    let (observations, contradictions) = join_observations(&runs, suite);
    let selection = join_selections(&runs);
    let profile = runs.iter().map(|run| run.results.profile).max().unwrap_or(Profile::Documented);
    let traffic = total_traffic(&runs);
    let server = join_servers(&runs);
    let settings_not_restored = runs.iter().flat_map(|run| run.results.settings_not_restored.clone()).collect();
    // A comparison with a baseline belongs to one run.
    let drift = first.results.drift.clone().filter(|_| runs.len() == 1);
    let scenarios = worst_scenarios(runs, suite);
    let rolled = roll_up(&VerdictInput {
        catalogue: &suite.catalogue,
        scenarios: &scenarios,
        profile,
        waivers: &waivers,
        today: first.results.day(),
    });
    let results = Results {
        target: TargetInfo { server, ..last.results.target },
        profile,
        selection,
        duration_ms,
        verdict: rolled.verdict,
        counts: rolled.counts,
        requirements: rolled.requirements,
        scenarios,
        observations,
        traffic,
        waivers,
        drift,
        settings_not_restored,
        // The scenarios that a signal kept a run from judging have it as their reason.
        interrupted: None,
        ..first.results
    };
    Ok(MergedRun { results, contradictions })
}

/// Sums, and the highest peak: runs may have overlapped, so peaks cannot be added.
pub(super) fn total_traffic(runs: &[SavedRun]) -> Traffic {
    runs.iter().map(|run| &run.results.traffic).fold(Traffic::default(), |sum, run| Traffic {
        requests: sum.requests + run.requests,
        failed_logins: sum.failed_logins + run.failed_logins,
        peak_per_second: sum.peak_per_second.max(run.peak_per_second),
        waited_ms: sum.waited_ms + run.waited_ms,
    })
}

/// The last TLS session and all software. Nodes behind one address may differ, and a server may be replaced between two runs.
pub(super) fn join_servers(runs: &[SavedRun]) -> Option<ServerInfo> {
    let servers: Vec<&ServerInfo> = runs.iter().filter_map(|run| run.results.target.server.as_ref()).collect();
    let mut software: Vec<Software> = Vec::new();
    for one in servers.iter().flat_map(|server| &server.software) {
        if !software.contains(one) {
            software.push(one.clone());
        }
    }
    Some(ServerInfo { software, tls: servers.last()?.tls.clone() })
}
