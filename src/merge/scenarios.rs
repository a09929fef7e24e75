//! Scenarios and observations of all runs. A scenario counts as its worst run, so that it cannot be repeated until it passes;
//! a run that skipped it is replaced by any other. Contradicting observations are kept with both answers.

use std::collections::HashMap;

use super::saved_run::SavedRun;
use crate::{
    results::{EXPLORED, Observation, Outcome, Results, ScenarioResult},
    suite::Suite,
};

/// Between the answers of different runs.
const OTHERWISE: &str = "; in another run: ";

/// Every scenario once, in the order of the suite, and then what exploring found.
pub(super) fn worst_scenarios(runs: Vec<SavedRun>, suite: &Suite) -> Vec<ScenarioResult> {
    let mut kept: HashMap<String, ScenarioResult> = HashMap::new();
    for scenario in runs.into_iter().flat_map(|run| run.results.scenarios) {
        let worst = match kept.remove(&scenario.id) {
            Some(earlier) => worse_scenario(earlier, scenario),
            None => scenario,
        };
        kept.insert(worst.id.clone(), worst);
    }
    let mut all: Vec<ScenarioResult> = suite.scenarios().filter_map(|scenario| kept.remove(&scenario.id)).collect();
    let mut explored: Vec<ScenarioResult> = kept.into_values().filter(|it| it.feature == EXPLORED).collect();
    explored.sort_by(|one, other| one.id.cmp(&other.id));
    all.extend(explored);
    all
}

fn worse_scenario(earlier: ScenarioResult, later: ScenarioResult) -> ScenarioResult {
    let (mut worse, other) =
        if weight(later.verdict) > weight(earlier.verdict) { (later, earlier) } else { (earlier, later) };
    let note = match (worse.verdict, other.verdict) {
        (Outcome::Failed | Outcome::Inconclusive, Outcome::Passed) => "another run of it passed",
        (Outcome::Failed, Outcome::Inconclusive) => "another run of it was inconclusive",
        _ => return worse,
    };
    let reason = worse.reason.take().unwrap_or_default();
    worse.reason = Some(if reason.contains(note) { reason } else { reason.joined("; ", &note.into()) });
    worse
}

fn weight(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Skipped => 0,
        Outcome::Passed => 1,
        Outcome::Inconclusive => 2,
        Outcome::Failed => 3,
    }
}

/// Every observation once, in the order of the suite, and a sentence for each contradiction between runs.
pub(super) fn join_observations(runs: &[SavedRun], suite: &Suite) -> (Vec<Observation>, Vec<String>) {
    let mut joined: Vec<Observation> = Vec::new();
    let mut contradictions = Vec::new();
    for SavedRun { results, .. } in runs {
        let earlier = joined.len();
        for observation in &results.observations {
            let same = |it: &&mut Observation| {
                (&it.scenario, &it.requirement, &it.question)
                    == (&observation.scenario, &observation.requirement, &observation.question)
            };
            match joined.iter_mut().take(earlier).find(same) {
                None => joined.push(observation.clone()),
                Some(known) if known.answer.split(OTHERWISE).any(|answer| answer == observation.answer) => {}
                Some(known) => {
                    known.answer = known.answer.joined(OTHERWISE, &observation.answer);
                    contradictions.push(format!("{}: {} {}", known.requirement, known.question, known.answer));
                }
            }
        }
    }
    let positions: HashMap<&str, usize> =
        suite.scenarios().enumerate().map(|(position, scenario)| (scenario.id.as_str(), position)).collect();
    joined.sort_by_cached_key(|observation| {
        let scenario = observation.scenario.as_deref().or_else(|| first_judging(runs, &observation.requirement));
        scenario.and_then(|id| positions.get(id).copied()).unwrap_or(usize::MAX)
    });
    (joined, contradictions)
}

/// A scenario of a requirement. Runs of earlier versions do not record which scenario made an observation.
fn first_judging<'a>(runs: &'a [SavedRun], requirement: &str) -> Option<&'a str> {
    let judging = |results: &'a Results| {
        let scenarios = results.scenarios.iter();
        scenarios.filter(|it| it.requirements.iter().any(|id| id == requirement)).map(|it| it.id.as_str())
    };
    runs.iter().flat_map(|run| judging(&run.results)).next()
}
