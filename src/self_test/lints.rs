//! What would make the suite look stronger than it is: sentences that nobody uses, patterns that match more than they say, and
//! promises that no seeded defect breaks, so that nobody knows whether their scenarios can fail at all.

use std::collections::HashSet;

use steps::Sentence;

use super::Subject;
use crate::{
    results::Level,
    suite::{Suite, scenario::places},
};

/// Everything that is wrong, one sentence each.
pub(crate) fn problems(suite: &Suite) -> Vec<String> {
    let vocabulary = steps::vocabulary();
    let mut problems = unused(suite, &vocabulary);
    problems.extend(unanchored(&vocabulary));
    problems.extend(unproven(suite, &Subject::all()));
    problems.extend(unknown(suite, &Subject::all()));
    problems
}

fn unused(suite: &Suite, vocabulary: &[Sentence]) -> Vec<String> {
    let steps =
        suite.features.iter().flat_map(|feature| places(&feature.source)).flat_map(|(_, scenario, _)| &scenario.steps);
    let matched = steps.filter_map(|step| suite.sentences.find(step).ok()?.location);
    let used: HashSet<(&str, u32)> = matched.map(|location| (location.path, location.line)).collect();
    let idle = vocabulary.iter().filter(|sentence| !used.contains(&(sentence.file, sentence.line)));
    idle.map(|sentence| {
        format!("{}:{}: no feature says `{} {}`", sentence.file, sentence.line, sentence.keyword, sentence.text)
    })
    .collect()
}

fn unanchored(vocabulary: &[Sentence]) -> Vec<String> {
    let loose = |sentence: &&Sentence| !sentence.pattern.starts_with('^') || !sentence.pattern.ends_with('$');
    let told = |sentence: &Sentence| {
        format!("{}:{}: the pattern of `{}` matches more than it", sentence.file, sentence.line, sentence.text)
    };
    vocabulary.iter().filter(loose).map(told).collect()
}

fn unproven(suite: &Suite, subjects: &[Subject]) -> Vec<String> {
    let proven: HashSet<&str> = subjects.iter().flat_map(|subject| subject.variation.caught_by).copied().collect();
    let promises = suite.catalogue.iter().filter(|requirement| requirement.level == Level::Must);
    promises
        .filter(|requirement| !proven.contains(requirement.id.as_str()))
        .map(|requirement| {
            format!("{}: no seeded defect breaks it, so nothing shows that its scenarios can fail", requirement.id)
        })
        .collect()
}

fn unknown(suite: &Suite, subjects: &[Subject]) -> Vec<String> {
    let named =
        subjects.iter().flat_map(|subject| subject.variation.caught_by.iter().map(|id| (subject.variation.name, *id)));
    named
        .filter(|(_, id)| suite.catalogue.find(id).is_none())
        .map(|(name, id)| format!("the fault {name} names {id}, which is no requirement"))
        .collect()
}
