//! What is worth knowing about a run without being wrong: what requirements were judged by only in part, what steps noted, and
//! what the server chose where it was free to.

use std::collections::HashSet;

use super::{Page, Role, broken::padded};
use crate::results::{RequirementVerdict, Results};

/// Most observations, and most notes, that are listed; the files have all of them.
const MOST: usize = 30;

/// Requirements that hold with something to add, and what steps noted.
pub(super) fn notes(page: &mut Page, results: &Results) {
    let hold = [RequirementVerdict::Pass, RequirementVerdict::Observed];
    let kept = results.requirements.iter().filter(|requirement| hold.contains(&requirement.verdict));
    let of_requirements =
        kept.filter_map(|requirement| Some((requirement.id.as_str(), requirement.reason.as_deref()?)));
    let of_steps = results.scenarios.iter().flat_map(|scenario| {
        let id = scenario.requirements.first().map(String::as_str).unwrap_or_default();
        scenario.steps.iter().filter_map(move |step| Some((id, step.note.as_deref()?)))
    });
    list(page, ("notes", Role::Plain), of_requirements.chain(of_steps));
}

/// What the server chose.
pub(super) fn observations(page: &mut Page, results: &Results) {
    let told: Vec<String> = results.observations.iter().map(|it| format!("{} {}", it.question, it.answer)).collect();
    let ids = results.observations.iter().map(|observation| observation.requirement.as_str());
    list(page, ("observed", Role::Quiet), ids.zip(told.iter().map(String::as_str)));
}

/// Texts behind the ids that they belong to; the same text of the same requirement once.
fn list<'a>(page: &mut Page, (title, role): (&str, Role), items: impl Iterator<Item = (&'a str, &'a str)>) {
    let mut seen = HashSet::new();
    let items: Vec<(&str, &str)> = items.filter(|item| seen.insert(*item)).collect();
    if !items.is_empty() {
        page.heading(title);
    }
    for (id, text) in items.iter().take(MOST) {
        page.labelled(2, (Role::Strong, &padded(id)), (role, text));
    }
    if items.len() > MOST {
        page.line(2, &[(Role::Quiet, &format!("and {} more", items.len() - MOST))]);
    }
}
