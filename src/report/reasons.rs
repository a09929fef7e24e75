//! Scenarios that were not judged, by reason: one missing need usually explains many scenarios.

use std::collections::{HashMap, HashSet};

use crate::results::{Outcome, Results, ScenarioResult};

/// Scenarios that ended for the same reason.
pub(super) struct ReasonGroup<'a> {
    pub(super) reason: &'a str,
    pub(super) scenarios: Vec<&'a ScenarioResult>,
}

impl<'a> ReasonGroup<'a> {
    /// Ids of their requirements, each once, in the order of the scenarios.
    pub(super) fn requirements(&self) -> Vec<&'a str> {
        let mut seen = HashSet::new();
        let ids = self.scenarios.iter().flat_map(|scenario| scenario.requirements.iter().map(String::as_str));
        ids.filter(|id| seen.insert(*id)).collect()
    }
}

/// The scenarios with this outcome, grouped in the order in which their reasons first occur.
pub(super) fn group_by_reason(results: &Results, outcome: Outcome) -> Vec<ReasonGroup<'_>> {
    let mut groups: Vec<ReasonGroup<'_>> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for scenario in results.scenarios.iter().filter(|scenario| scenario.verdict == outcome) {
        let reason = scenario.reason.as_deref().unwrap_or("no reason is given");
        let position = *known.entry(reason).or_insert(groups.len());
        match groups.get_mut(position) {
            Some(group) => group.scenarios.push(scenario),
            None => groups.push(ReasonGroup { reason, scenarios: vec![scenario] }),
        }
    }
    groups
}
