//! What was not judged and why, by reason: one thing that is missing usually explains many scenarios.

use super::{Page, Role};
use crate::results::{Outcome, Results, Scenario};

/// What could not be carried out.
pub(super) fn inconclusive(page: &mut Page, results: &Results) {
    section(page, results, Outcome::Inconclusive, (Role::Doubtful, "inconclusive"));
}

/// What the target does not offer.
pub(super) fn skipped(page: &mut Page, results: &Results) {
    section(page, results, Outcome::Skipped, (Role::Plain, "skipped"));
}

fn section(page: &mut Page, results: &Results, outcome: Outcome, (role, title): (Role, &str)) {
    let groups = by_reason(results.scenarios.iter().filter(|scenario| scenario.verdict == outcome));
    if !groups.is_empty() {
        page.heading(title);
    }
    for group in groups {
        page.labelled(2, (Role::Plain, ""), (role, group.reason));
        let count = match group.scenarios.as_slice() {
            [only] => format!("{}:{}", only.feature, only.line),
            many => format!("{} scenarios", many.len()),
        };
        let whom = format!("{} · {count}", group.requirements().join(" "));
        page.labelled(4, (Role::Plain, ""), (Role::Quiet, &whom));
    }
}

/// Scenarios that ended for the same reason.
struct Group<'a> {
    reason: &'a str,
    scenarios: Vec<&'a Scenario>,
}

impl<'a> Group<'a> {
    /// Ids of their requirements, each once, in the order of the scenarios.
    fn requirements(&self) -> Vec<&'a str> {
        let mut ids = Vec::new();
        for id in self.scenarios.iter().flat_map(|scenario| &scenario.requirements) {
            if !ids.contains(&id.as_str()) {
                ids.push(id.as_str());
            }
        }
        ids
    }
}

/// In the order in which the reasons first occur.
fn by_reason<'a>(scenarios: impl Iterator<Item = &'a Scenario>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for scenario in scenarios {
        let reason = scenario.reason.as_deref().unwrap_or("no reason is given");
        match groups.iter_mut().find(|group| group.reason == reason) {
            Some(group) => group.scenarios.push(scenario),
            None => groups.push(Group { reason, scenarios: vec![scenario] }),
        }
    }
    groups
}
