//! What the server chose, in all runs together. A server that chooses now this and now that is told with both answers.

use std::collections::HashMap;

use super::Part;
use crate::{
    results::{Observation, Results},
    suite::Suite,
};

/// Every observation once, in the order of the suite, and a sentence for each that the runs contradict each other in.
pub(super) fn of_all(parts: &[Part], suite: &Suite) -> (Vec<Observation>, Vec<String>) {
    let mut joined: Vec<Observation> = Vec::new();
    let mut contradictions = Vec::new();
    for Part { results, .. } in parts {
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
        let scenario = observation.scenario.as_deref().or_else(|| first_about(parts, &observation.requirement));
        scenario.and_then(|id| positions.get(id).copied()).unwrap_or(usize::MAX)
    });
    (joined, contradictions)
}

/// Between the answers of different runs.
const OTHERWISE: &str = "; in another run: ";

/// A scenario about a requirement: runs of earlier versions do not say which one observed something.
fn first_about<'a>(parts: &'a [Part], requirement: &str) -> Option<&'a str> {
    let about = |results: &'a Results| {
        let scenarios = results.scenarios.iter();
        scenarios.filter(|it| it.requirements.iter().any(|id| id == requirement)).map(|it| it.id.as_str())
    };
    parts.iter().flat_map(|part| about(&part.results)).next()
}
