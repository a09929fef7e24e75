//! What was not judged, by reason: one thing that is missing usually explains many scenarios.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::{
    report::figures::plural,
    results::{Outcome, Results, Scenario},
};

/// Everything that could not be carried out, or was not testable.
#[derive(Serialize)]
pub(super) struct Unjudged<'a> {
    kinds: [Kind<'a>; 2],
}

#[derive(Serialize)]
struct Kind<'a> {
    id: &'static str,
    title: &'static str,
    explained: &'static str,
    verdict: &'static str,
    groups: Vec<Group<'a>>,
}

#[derive(Serialize)]
struct Group<'a> {
    reason: &'a str,
    count: String,
    requirements: Vec<&'a str>,
}

impl<'a> Unjudged<'a> {
    pub(super) fn of(results: &'a Results) -> Self {
        let of = |outcome: Outcome| by_reason(results.scenarios.iter().filter(move |it| it.verdict == outcome));
        Self {
            kinds: [
                Kind {
                    id: "inconclusive",
                    title: "Could not be judged",
                    explained: "The network or the harness was in the way; the server is not blamed. Run again to know.",
                    verdict: "inconclusive",
                    groups: of(Outcome::Inconclusive),
                },
                Kind {
                    id: "skipped",
                    title: "Not tested here",
                    explained: "The target does not offer what these need. Each reason says what would make them testable.",
                    verdict: "skip",
                    groups: of(Outcome::Skipped),
                },
            ],
        }
    }
}

/// In the order in which the reasons first occur.
fn by_reason<'a>(scenarios: impl Iterator<Item = &'a Scenario>) -> Vec<Group<'a>> {
    let mut groups: Vec<(&str, Vec<&'a Scenario>)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for scenario in scenarios {
        let reason = scenario.reason.as_deref().unwrap_or("No reason is given");
        let position = *known.entry(reason).or_insert_with(|| {
            groups.push((reason, Vec::new()));
            groups.len() - 1
        });
        if let Some((_, scenarios)) = groups.get_mut(position) {
            scenarios.push(scenario);
        }
    }
    groups.into_iter().map(|(reason, scenarios)| group(reason, &scenarios)).collect()
}

fn group<'a>(reason: &'a str, scenarios: &[&'a Scenario]) -> Group<'a> {
    let mut seen = HashSet::new();
    let ids = scenarios.iter().flat_map(|scenario| scenario.requirements.iter().map(String::as_str));
    Group {
        reason,
        count: plural(scenarios.len() as u64, "scenario"),
        requirements: ids.filter(|id| seen.insert(*id)).collect(),
    }
}
