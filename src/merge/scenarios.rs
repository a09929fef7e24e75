//! Which of several runs of a scenario counts: the worst, so that nobody can repeat a scenario until it passes. A run that
//! skipped it says nothing about the server and gives way to any other.

use std::collections::HashMap;

use super::Part;
use crate::{
    results::{Outcome, Scenario},
    suite::Suite,
};

/// Every scenario once, in the order of the suite.
pub(super) fn worst(parts: Vec<Part>, suite: &Suite) -> Vec<Scenario> {
    let mut kept: HashMap<String, Scenario> = HashMap::new();
    for scenario in parts.into_iter().flat_map(|part| part.results.scenarios) {
        let counts = match kept.remove(&scenario.id) {
            Some(earlier) => of_two(earlier, scenario),
            None => scenario,
        };
        kept.insert(counts.id.clone(), counts);
    }
    suite.scenarios().filter_map(|scenario| kept.remove(&scenario.id)).collect()
}

fn of_two(earlier: Scenario, later: Scenario) -> Scenario {
    let (mut worse, other) =
        if weight(later.verdict) > weight(earlier.verdict) { (later, earlier) } else { (earlier, later) };
    let apart = match (worse.verdict, other.verdict) {
        (Outcome::Failed | Outcome::Inconclusive, Outcome::Passed) => "another run of it passed",
        (Outcome::Failed, Outcome::Inconclusive) => "another run of it was inconclusive",
        _ => return worse,
    };
    let reason = worse.reason.take().unwrap_or_default();
    let told = reason.contains(apart);
    worse.reason = Some(if told { reason } else { reason.joined("; ", &apart.into()) });
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
