//! Failures in full, before anything else: violations, recommendations not followed, and what waivers cover.

use serde::Serialize;

use super::scenario::{ExchangeView, ScenarioAnchors, ScenarioLink, location};
use crate::{
    report::{
        class::{FailureClass, RequirementIndex},
        exchange,
        headline::waiver_line,
    },
    results::{RequirementResult, Results, ScenarioResult, StepResult},
};

/// Most failures of one class that are shown in full. The others are listed, and shown with their requirement.
const MOST: usize = 50;

/// Every failure by class.
#[derive(Serialize)]
pub(super) struct FailureSections<'a> {
    kinds: [FailureSection<'a>; 3],
}

#[derive(Serialize)]
struct FailureSection<'a> {
    id: &'static str,
    title: &'static str,
    explained: &'static str,
    verdict: &'static str,
    count: usize,
    failures: Vec<FailureView<'a>>,
    more: Vec<ScenarioLink<'a>>,
    more_count: usize,
}

#[derive(Serialize)]
struct FailureView<'a> {
    anchor: String,
    name: &'a str,
    place: String,
    requirements: Vec<BrokenRequirement<'a>>,
    mismatches: Vec<MismatchView<'a>>,
}

#[derive(Serialize)]
struct BrokenRequirement<'a> {
    id: &'a str,
    level: String,
    statement: &'a str,
    reason: Option<&'a str>,
    waiver: Option<String>,
}

#[derive(Serialize)]
struct MismatchView<'a> {
    step: String,
    expected: &'a str,
    answered: &'a str,
    exchanges: Vec<ExchangeView<'a>>,
}

impl<'a> FailureSections<'a> {
    pub(super) fn new(results: &'a Results, index: &RequirementIndex<'a>, anchors: &ScenarioAnchors<'a>) -> Self {
        let broken = match results.client {
            Some(_) => "The client's requests contradict these requirements.",
            None => "The server's answers contradict these requirements.",
        };
        let kinds = [
            (FailureClass::Violation, "broken", "Broken", "fail", broken),
            (
                FailureClass::Warning,
                "warnings",
                "Recommendations not followed",
                "warn",
                "This goes against good practice. It does not decide the verdict.",
            ),
            (
                FailureClass::Waived,
                "waived",
                "Waived",
                "waived",
                "Known deviations, each with the person or team that accepts it and its last day.",
            ),
        ];
        let kinds = kinds.map(|(class, id, title, verdict, explained)| {
            let failures = index.failures(results, class);
            FailureSection {
                id,
                title,
                explained,
                verdict,
                count: failures.len(),
                failures: failures.iter().take(MOST).map(|it| FailureView::new(it, index, anchors)).collect(),
                more: failures.iter().skip(MOST).map(|it| anchors.link(it)).collect(),
                more_count: failures.len().saturating_sub(MOST),
            }
        });
        Self { kinds }
    }
}

impl<'a> FailureView<'a> {
    fn new(scenario: &'a ScenarioResult, index: &RequirementIndex<'a>, anchors: &ScenarioAnchors<'a>) -> Self {
        Self {
            anchor: anchors.anchor(&scenario.id),
            name: &scenario.name,
            place: location(scenario),
            requirements: index.judged_by(scenario).map(BrokenRequirement::new).collect(),
            mismatches: scenario.steps.iter().filter_map(|step| MismatchView::new(scenario, step)).collect(),
        }
    }
}

impl<'a> BrokenRequirement<'a> {
    fn new(requirement: &'a RequirementResult) -> Self {
        Self {
            id: &requirement.id,
            level: requirement.level.to_string(),
            statement: &requirement.statement,
            reason: requirement.reason.as_deref(),
            waiver: requirement.waived.as_ref().map(waiver_line),
        }
    }
}

impl<'a> MismatchView<'a> {
    fn new(scenario: &'a ScenarioResult, step: &'a StepResult) -> Option<Self> {
        let failure = step.failure.as_ref()?;
        Some(Self {
            step: format!("{} {}", step.keyword, step.text),
            expected: &failure.expected,
            answered: &failure.answered,
            exchanges: exchange::proof_of_failure(scenario, failure).into_iter().map(ExchangeView::new).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        report::html::render,
        results::{Outcome, sample},
    };

    #[test]
    fn failures_beyond_the_limit_are_listed() {
        let mut results = sample::failing();
        let failed = results.scenarios.iter().find(|scenario| scenario.verdict == Outcome::Failed).cloned();
        let failed = failed.expect("the sample has one");
        results
            .scenarios
            .extend((0..MOST + 2).map(|at| ScenarioResult { id: format!("again {at}"), ..failed.clone() }));
        let page = sample::rendered(render, &results);
        assert!(page.contains("<h3>And 3 more</h3>"), "{page}");
    }
}
