//! Recomputes results from their scenarios: these must be those of the suite, their verdicts must follow from their steps, and
//! requirements, counts and verdict from the rules.

use jiff::civil::Date;

use super::{
    finding::{Finding, named},
    rules::Rules,
};
use crate::{
    catalogue::Catalogue,
    results::{self, Outcome, RequirementResult, Results, ScenarioResult, Waiver},
    verdict::{VerdictInput, roll_up},
};

/// What does not follow from the scenarios.
pub(super) fn findings(results: &Results, rules: &Rules<'_>) -> Vec<Finding> {
    changed([scenarios(results, rules), outcomes(results), verdicts(results, &rules.catalogue)].concat())
}

/// The same for results of `survival`, whose scenarios are in no suite.
pub(super) fn survival(results: &Results, catalogue: &Catalogue) -> Vec<Finding> {
    changed([outcomes(results), verdicts(results, catalogue)].concat())
}

fn changed(found: Vec<String>) -> Vec<Finding> {
    let changed = "the results were changed, or made by another program; run it again";
    found.into_iter().map(|what| Finding::new(what, changed)).collect()
}

/// The scenarios must be those of the suite, each once and in its order, with the same tags and steps.
fn scenarios(results: &Results, rules: &Rules<'_>) -> Vec<String> {
    let expected = &rules.scenarios;
    let missing: Vec<&str> =
        expected.iter().map(|it| it.id.as_str()).filter(|id| results.scenarios.iter().all(|it| it.id != *id)).collect();
    // `completeness` reports a run of a part of the suite.
    let missing = if results.selection.complete { missing } else { Vec::new() };
    let other: Vec<&str> = results
        .scenarios
        .iter()
        .filter(|recorded| expected.iter().all(|it| !is_same(it, recorded)))
        .map(|recorded| recorded.id.as_str())
        .collect();
    let twice = results.scenarios.len() > expected.len();
    [
        (!missing.is_empty()).then(|| format!("scenarios of the suite are missing: {}", named(&missing))),
        (!other.is_empty()).then(|| format!("scenarios are not those of the suite: {}", named(&other))),
        twice.then(|| "it has more scenarios than the suite".to_owned()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether these are the same scenario with the same steps, whatever came of it.
fn is_same(one: &ScenarioResult, other: &ScenarioResult) -> bool {
    let same_step = |(one, other): (&results::StepResult, &results::StepResult)| {
        (&one.keyword, &one.text, one.line) == (&other.keyword, &other.text, other.line)
    };
    (&one.id, &one.feature, one.line, &one.name, &one.tags, &one.requirements)
        == (&other.id, &other.feature, other.line, &other.name, &other.tags, &other.requirements)
        && one.steps.len() == other.steps.len()
        && one.steps.iter().zip(&other.steps).all(same_step)
}

/// A scenario is as good as its worst step; one that never began is inconclusive or skipped.
fn outcomes(results: &Results) -> Vec<String> {
    let wrong: Vec<&str> =
        results.scenarios.iter().filter(|it| !follows_from_steps(it)).map(|it| it.id.as_str()).collect();
    if wrong.is_empty() {
        return Vec::new();
    }
    vec![format!("verdicts of scenarios do not follow from their steps: {}", named(&wrong))]
}

fn follows_from_steps(scenario: &ScenarioResult) -> bool {
    let worst = scenario.steps.iter().map(|step| step.verdict).max();
    let never_began = scenario.steps.iter().all(|step| step.verdict == Outcome::Skipped);
    worst == Some(scenario.verdict) || scenario.verdict == Outcome::Inconclusive && never_began
}

/// Requirements, counts and the verdict of the run must be what the rules make of the scenarios.
fn verdicts(results: &Results, catalogue: &Catalogue) -> Vec<String> {
    let waivers: Vec<Waiver> = results.requirements.iter().filter_map(|it| waiver_of(it, catalogue)).collect();
    let rolled = roll_up(&VerdictInput {
        catalogue,
        scenarios: &results.scenarios,
        profile: results.profile,
        waivers: &waivers,
        today: results.day(),
    });
    let mut wrong = Vec::new();
    let (recorded, expected) = (&results.requirements, &rolled.requirements);
    if !recorded.iter().map(|it| &it.id).eq(expected.iter().map(|it| &it.id)) {
        wrong.push("the requirements listed are not those that its scenarios judge".to_owned());
    }
    for recorded in recorded {
        let expected = expected.iter().find(|it| it.id == recorded.id);
        wrong.extend(expected.and_then(|expected| difference(recorded, expected, results.day())));
    }
    if results.counts != rolled.counts {
        wrong.push("the counts are not those of its requirements and scenarios".to_owned());
    }
    if results.verdict != rolled.verdict {
        wrong.push(format!("its verdict is {}, but by the rules it is {}", results.verdict, rolled.verdict));
    }
    wrong
}

fn waiver_of(requirement: &RequirementResult, catalogue: &Catalogue) -> Option<Waiver> {
    // What is only waived with another requirement follows from the waiver of that one.
    let is_own = requirement.verdict != results::RequirementVerdict::Inconclusive;
    let terms = requirement.waived.clone().filter(|_| is_own)?;
    Some(Waiver { requirement: catalogue.find(&requirement.id)?, terms })
}

/// Where a requirement differs from the recomputed one. Reasons are not compared: only they name waivers that were not needed.
fn difference(recorded: &RequirementResult, expected: &RequirementResult, day: Date) -> Option<String> {
    let id = &recorded.id;
    match (&recorded.waived, &expected.waived) {
        (Some(waiver), None) if !waiver.is_valid_on(day) => {
            return Some(format!(
                "the waiver of {id} by {} did not hold on the day of the run (its last day: {})",
                waiver.owner, waiver.expires
            ));
        }
        (recorded, expected) if recorded != expected => return Some(format!("the waiver of {id} is not as recorded")),
        _ => {}
    }
    if recorded.verdict != expected.verdict {
        return Some(format!("the verdict of {id} does not follow from its scenarios"));
    }
    let same = (recorded.level, &recorded.statement, &recorded.source, &recorded.scenarios)
        == (expected.level, &expected.statement, &expected.source, &expected.scenarios);
    // Earlier versions did not record needs; without them no skip is excused.
    let same = same && (recorded.needs.is_empty() || recorded.needs == expected.needs);
    (!same).then(|| format!("{id} differs from the suite"))
}
