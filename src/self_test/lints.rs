//! What would make the suite look stronger than it is: steps that no feature uses, and promises that no seeded defect breaks, so
//! that nothing shows whether their scenarios can fail at all.

use std::collections::HashSet;

use steps::StepDefinition;

use super::TestSubject;
use crate::{results::Level, suite::Suite};

/// Everything that is wrong, one sentence each.
pub(crate) fn problems(suite: &Suite) -> Vec<String> {
    let mut problems = unused(suite);
    problems.extend(unproven(suite, &TestSubject::all()));
    problems.extend(unknown(suite, &TestSubject::all()));
    problems
}

fn unused(suite: &Suite) -> Vec<String> {
    let steps = suite.scenarios().flat_map(|scenario| &scenario.source.steps);
    let used: HashSet<String> = steps.filter_map(|step| Some(suite.steps.find(step).ok()?.definition.text())).collect();
    let needed = steps::step_definitions().iter().filter(|definition| definition.own_example().is_none());
    let texts = needed.map(StepDefinition::text);
    texts.filter(|text| !used.contains(text)).map(|text| format!("no feature uses the step `{text}`")).collect()
}

/// The stand-in's transports read the names of headers without case and cannot break this; a test on sockets does.
const ON_SOCKETS: &str = "USE-13";

fn unproven(suite: &Suite, subjects: &[TestSubject]) -> Vec<String> {
    let proven: HashSet<&str> = subjects.iter().flat_map(|subject| subject.variation.caught_by).copied().collect();
    let promises = suite.catalogue.iter().filter(|requirement| requirement.level == Level::Must);
    promises
        .filter(|requirement| !proven.contains(requirement.id.as_str()) && requirement.id.as_str() != ON_SOCKETS)
        .map(|requirement| {
            format!("{}: no seeded defect breaks it, so nothing shows that its scenarios can fail", requirement.id)
        })
        .collect()
}

fn unknown(suite: &Suite, subjects: &[TestSubject]) -> Vec<String> {
    let named =
        subjects.iter().flat_map(|subject| subject.variation.caught_by.iter().map(|id| (subject.variation.name, *id)));
    named
        .filter(|(_, id)| suite.catalogue.find(id).is_none())
        .map(|(name, id)| format!("the fault {name} names {id}, which is not a requirement"))
        .collect()
}
