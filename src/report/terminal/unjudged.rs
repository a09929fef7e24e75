//! What was not judged and why, by reason: one thing that is missing usually explains many scenarios.

use std::collections::HashMap;

use super::{Page, Role};
use crate::results::{Outcome, Results, Scenario};

/// Most reasons that are told one by one.
const MOST: usize = 20;

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
    for group in groups.iter().take(MOST) {
        page.labelled(2, (Role::Plain, ""), (role, group.reason));
        let count = match group.scenarios.as_slice() {
            [only] => format!("{}:{}", only.feature, only.line),
            many => format!("{} scenarios", many.len()),
        };
        let whom = format!("{} · {count}", group.requirements().join(" "));
        page.labelled(4, (Role::Plain, ""), (Role::Quiet, &whom));
    }
    let rest = groups.get(MOST..).unwrap_or_default();
    if !rest.is_empty() {
        let scenarios: usize = rest.iter().map(|group| group.scenarios.len()).sum();
        page.line(2, &[(role, &format!("{scenarios} more, for {} other reasons", rest.len()))]);
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
    let mut known: HashMap<&str, usize> = HashMap::new();
    for scenario in scenarios {
        let reason = scenario.reason.as_deref().unwrap_or("no reason is given");
        let position = *known.entry(reason).or_insert(groups.len());
        match groups.get_mut(position) {
            Some(group) => group.scenarios.push(scenario),
            None => groups.push(Group { reason, scenarios: vec![scenario] }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use steps::Redactor;

    use super::*;
    use crate::report::{sample, terminal::Paint};

    fn skips(reasons: usize) -> String {
        let mut results = sample::inconclusive();
        let skip = results.scenarios.pop().expect("the sample has scenarios");
        let reason = |number: usize| Redactor::default().mask(&format!("reason {}", number % reasons));
        let with = |number: usize| Scenario { reason: Some(reason(number)), ..skip.clone() };
        results.scenarios = (0..60).map(with).collect();
        let mut page = Page::new(Paint::new(false), 80);
        skipped(&mut page, &results);
        page.into_text()
    }

    #[test]
    fn one_reason_is_told_once_however_many_scenarios_it_explains() {
        assert_eq!(skips(1), "skipped\n  reason 0\n    OTT-11 · 60 scenarios\n");
    }

    #[test]
    fn too_many_reasons_are_counted() {
        let text = skips(30);
        assert!(text.contains("  reason 19\n    OTT-11 · 2 scenarios\n"), "{text}");
        assert!(text.ends_with("  20 more, for 10 other reasons\n"), "{text}");
        assert!(skips(20).ends_with("  reason 19\n    OTT-11 · 3 scenarios\n"));
    }
}
