//! Several runs of one suite on one target as one: shards, profiles, selections, repetitions. What they were judged to be is
//! not believed but rolled up again from their scenarios. Reads no files and asks no server.

mod agreement;
mod error;
mod masks;
mod observations;
mod scenarios;
mod selection;
mod shards;
mod timing;
mod waivers;

use std::path::PathBuf;

pub(crate) use error::MergeError;

use crate::{
    results::{Profile, Results, Server, Software, Traffic},
    suite::Suite,
    verdict,
};

/// The results of one run, and where they were read.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) file: PathBuf,
    pub(crate) results: Results,
}

/// Several runs as one.
#[derive(Debug)]
pub(crate) struct Merged {
    pub(crate) results: Results,
    /// What the runs contradict each other in, for whoever merges them.
    pub(crate) contradictions: Vec<String>,
}

/// Merges the results of runs; their order does not matter. A scenario that was run more than once counts as its worst. The
/// strictest profile counts for all.
///
/// # Errors
/// When they are not of one target, one suite and one version of the program, when that is not the suite given, when a
/// shard or scenario is missing or double, or when a run wrote secrets.
pub(crate) fn merge(mut parts: Vec<Part>, suite: &Suite) -> Result<Merged, MergeError> {
    parts.sort_by_cached_key(|part| (part.results.started_at, shards::number(part), part.file.clone()));
    let (Some(first), Some(last)) = (parts.first().cloned(), parts.last().cloned()) else {
        return Err(MergeError::Nothing);
    };
    if let Some(Part { file, results }) = parts.iter().find(|part| !part.results.leaks.is_empty()) {
        return Err(MergeError::Leaked { file: file.clone(), places: results.leaks.join(", ") });
    }
    agreement::check(&parts, &suite.digest)?;
    shards::check(&parts, suite)?;
    let waivers = waivers::of_all(&parts, &suite.catalogue)?;
    let duration_ms = timing::duration(&parts);
    masks::renumber(&mut parts)?;
    timing::align(&mut parts);
    let (observations, contradictions) = observations::of_all(&parts, suite);
    let selection = selection::of_all(&parts);
    let profile = parts.iter().map(|part| part.results.profile).max().unwrap_or(Profile::Documented);
    let traffic = traffic(&parts);
    let server = server(&parts);
    // What changed since a baseline is said of one run, which others would make untrue.
    let drift = first.results.drift.clone().filter(|_| parts.len() == 1);
    let scenarios = scenarios::worst(parts, suite);
    let rolled = verdict::roll_up(&verdict::Input {
        catalogue: &suite.catalogue,
        scenarios: &scenarios,
        profile,
        waivers: &waivers,
        today: first.results.day(),
    });
    let results = Results {
        target: crate::results::TargetInfo { server, ..last.results.target },
        profile,
        selection,
        duration_ms,
        verdict: rolled.verdict,
        counts: rolled.counts,
        requirements: rolled.requirements,
        scenarios,
        observations,
        traffic,
        waivers: waivers.iter().map(verdict::Waiver::to_deviation).collect(),
        drift,
        ..first.results
    };
    Ok(Merged { results, contradictions })
}

/// All requests; runs may have overlapped, so that their peaks cannot be added up.
fn traffic(parts: &[Part]) -> Traffic {
    parts.iter().map(|part| &part.results.traffic).fold(Traffic::default(), |sum, part| Traffic {
        requests: sum.requests + part.requests,
        failed_logins: sum.failed_logins + part.failed_logins,
        peak_per_second: sum.peak_per_second.max(part.peak_per_second),
        waited_ms: sum.waited_ms + part.waited_ms,
    })
}

/// What answered last, with every software that was named: nodes behind one address may differ, and a server that was
/// exchanged between two runs must be seen.
fn server(parts: &[Part]) -> Option<Server> {
    let servers: Vec<&Server> = parts.iter().filter_map(|part| part.results.target.server.as_ref()).collect();
    let mut software: Vec<Software> = Vec::new();
    for one in servers.iter().flat_map(|server| &server.software) {
        if !software.contains(one) {
            software.push(one.clone());
        }
    }
    Some(Server { software, tls: servers.last()?.tls.clone() })
}
