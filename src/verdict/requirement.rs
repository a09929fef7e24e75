//! The verdict of one requirement: the worst of its scenarios. Reasons of scenarios that were not judged are kept.

use std::collections::HashSet;

use crate::{
    catalogue::{Requirement, tag},
    results::{Level, Outcome, Profile, RequirementResult, RequirementVerdict as Verdict, ScenarioResult},
};

/// Most different reasons that are listed.
const MOST_REASONS: usize = 3;

/// What one scenario contributes to a requirement.
struct ScenarioFinding<'a> {
    scenario: &'a ScenarioResult,
    verdict: Verdict,
    /// Whether it judges the recommendation beside the promise.
    beside: bool,
    /// Whether it was skipped for a need that the requirement itself does not have.
    untried: bool,
}

/// The result of a requirement, waivers aside; `None` when no scenario judges it.
pub(super) fn judge_requirement(
    entry: &Requirement,
    scenarios: &[ScenarioResult],
    profile: Profile,
) -> Option<RequirementResult> {
    let judges = |scenario: &&ScenarioResult| scenario.requirements.iter().any(|id| id == entry.id.as_str());
    let findings: Vec<ScenarioFinding<'_>> =
        scenarios.iter().filter(judges).map(|scenario| ScenarioFinding::new(entry, scenario, profile)).collect();
    let verdict = worst_verdict(&findings)?;
    Some(RequirementResult {
        id: entry.id.to_string(),
        level: entry.level,
        statement: entry.statement.clone(),
        source: entry.source.clone(),
        needs: entry.needs.iter().map(ToString::to_string).collect(),
        verdict,
        waived: None,
        reason: join_reasons(findings.iter().filter_map(|finding| finding.reason(entry, verdict))),
        scenarios: findings.iter().map(|finding| finding.scenario.id.clone()).collect(),
    })
}

/// The first different reasons, and how many more there are.
fn join_reasons(reasons: impl Iterator<Item = String>) -> Option<String> {
    let mut seen = HashSet::new();
    let mut reasons: Vec<String> = reasons.filter(|reason| seen.insert(reason.clone())).collect();
    let more = reasons.len().saturating_sub(MOST_REASONS);
    reasons.truncate(MOST_REASONS);
    if more > 0 {
        reasons.push(format!("and {more} more"));
    }
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// The worst finding. A scenario that was skipped for an extra need counts only when no other was tried. The recommendation
/// beside a promise can lower the verdict to a warning; it can neither replace the promise nor make it inconclusive.
fn worst_verdict(findings: &[ScenarioFinding<'_>]) -> Option<Verdict> {
    let worst = |beside: bool| {
        let tried = findings.iter().filter(|finding| finding.beside == beside && !finding.untried);
        let untried = findings.iter().any(|finding| finding.beside == beside && finding.untried);
        tried.map(|finding| finding.verdict).max().or(untried.then_some(Verdict::Skip))
    };
    match (worst(false), worst(true)) {
        (Some(Verdict::Inconclusive), Some(Verdict::Warn)) => Some(Verdict::Inconclusive),
        (Some(promise), Some(beside @ (Verdict::Warn | Verdict::Fail))) => Some(promise.max(beside)),
        (promise, beside) => promise.or(beside),
    }
}

impl<'a> ScenarioFinding<'a> {
    fn new(entry: &Requirement, scenario: &'a ScenarioResult, profile: Profile) -> Self {
        let beside = entry.also.is_some() && scenario.tags.iter().any(|tag| tag == tag::SHOULD);
        let level = if beside { Level::Should } else { entry.level };
        let extra = |tag: &String| tag::need(tag).is_some_and(|need| !entry.needs.contains(&need));
        let untried = scenario.verdict == Outcome::Skipped && scenario.tags.iter().any(extra);
        Self { scenario, verdict: weigh(scenario.verdict, level, profile), beside, untried }
    }

    /// What the verdict of the requirement does not show by itself.
    fn reason(&self, entry: &Requirement, of_requirement: Verdict) -> Option<String> {
        let reason = self.scenario.reason.as_deref().unwrap_or("no reason is given");
        let plainly = self.verdict == of_requirement && !self.beside;
        match self.verdict {
            Verdict::Warn | Verdict::Fail if self.beside => entry
                .also
                .as_ref()
                .map(|also| format!("what is recommended beside it is broken: {} ({})", also.statement, also.source)),
            Verdict::Pass | Verdict::Observed | Verdict::Warn | Verdict::Fail => None,
            Verdict::Skip | Verdict::Inconclusive if plainly => Some(reason.to_owned()),
            Verdict::Skip => Some(format!("not tried: {reason}")),
            Verdict::Inconclusive => Some(format!("not judged: {reason}")),
        }
    }
}

/// The verdict that an outcome means for a requirement of this level.
fn weigh(outcome: Outcome, level: Level, profile: Profile) -> Verdict {
    match (outcome, level) {
        (Outcome::Skipped, _) => Verdict::Skip,
        // An `observe` cannot be violated; a failure on the way means that nothing was recorded.
        (Outcome::Inconclusive, _) | (Outcome::Failed, Level::Observe) => Verdict::Inconclusive,
        (Outcome::Passed, Level::Observe) => Verdict::Observed,
        (Outcome::Passed, Level::Must | Level::Should) => Verdict::Pass,
        (Outcome::Failed, Level::Should) if profile == Profile::Documented => Verdict::Warn,
        (Outcome::Failed, Level::Must | Level::Should) => Verdict::Fail,
    }
}
