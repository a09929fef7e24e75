//! What the scenarios of one requirement come to together: the worst of them, with what was left untried kept as the reason.

use std::collections::HashSet;

use crate::{
    catalogue::{Requirement, tag},
    results::{self, Level, Outcome, Profile, RequirementVerdict as Verdict, Scenario},
};

/// Most different reasons that are given one by one.
const MOST_REASONS: usize = 3;

/// A requirement with everything that was found out about it.
pub(super) struct Judged<'a> {
    findings: Vec<Finding<'a>>,
    verdict: Verdict,
}

/// What one scenario says about a requirement.
struct Finding<'a> {
    scenario: &'a Scenario,
    verdict: Verdict,
    /// Whether it judges what is only recommended beside the promise.
    beside: bool,
    /// Whether it was skipped for a need that the requirement itself does not have.
    untried: bool,
}

impl<'a> Judged<'a> {
    /// Collects what the scenarios say; `None` when none of them is about this requirement.
    pub(super) fn by(entry: &Requirement, scenarios: &'a [Scenario], profile: Profile) -> Option<Self> {
        let about = |scenario: &&Scenario| scenario.requirements.iter().any(|id| id == entry.id.as_str());
        let findings: Vec<Finding<'a>> =
            scenarios.iter().filter(about).map(|scenario| Finding::new(entry, scenario, profile)).collect();
        let verdict = together(&findings)?;
        Some(Self { findings, verdict })
    }

    /// As the results tell it, waivers aside.
    pub(super) fn into_results(self, entry: &Requirement) -> results::Requirement {
        results::Requirement {
            id: entry.id.to_string(),
            level: entry.level,
            statement: entry.statement.clone(),
            source: entry.source.clone(),
            verdict: self.verdict,
            waived: None,
            reason: self.reason(entry),
            scenarios: self.findings.iter().map(|finding| finding.scenario.id.clone()).collect(),
        }
    }

    fn reason(&self, entry: &Requirement) -> Option<String> {
        let mut seen = HashSet::new();
        let mut reasons: Vec<String> =
            self.findings.iter().filter_map(|finding| finding.remark(entry, self.verdict)).collect();
        reasons.retain(|reason| seen.insert(reason.clone()));
        let more = reasons.len().saturating_sub(MOST_REASONS);
        reasons.truncate(MOST_REASONS);
        if more > 0 {
            reasons.push(format!("and {more} more"));
        }
        (!reasons.is_empty()).then(|| reasons.join("; "))
    }
}

/// The worst finding. What was not tried for an extra need counts only when nothing else was, and what is recommended
/// beside a promise can break it to a warning but neither stand for it nor keep it from being judged.
fn together(findings: &[Finding<'_>]) -> Option<Verdict> {
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

impl<'a> Finding<'a> {
    fn new(entry: &Requirement, scenario: &'a Scenario, profile: Profile) -> Self {
        let beside = entry.also.is_some() && scenario.tags.iter().any(|tag| tag == tag::SHOULD);
        let level = if beside { Level::Should } else { entry.level };
        let extra = |tag: &String| tag::need(tag).is_some_and(|need| !entry.needs.contains(&need));
        let untried = scenario.verdict == Outcome::Skipped && scenario.tags.iter().any(extra);
        Self { scenario, verdict: weigh(scenario.verdict, level, profile), beside, untried }
    }

    /// What the verdict of the requirement does not say by itself.
    fn remark(&self, entry: &Requirement, of_requirement: Verdict) -> Option<String> {
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

/// What an outcome means for a requirement of this level.
fn weigh(outcome: Outcome, level: Level, profile: Profile) -> Verdict {
    match (outcome, level) {
        (Outcome::Skipped, _) => Verdict::Skip,
        // What is only recorded cannot be violated; a failure on the way means that nothing was recorded.
        (Outcome::Inconclusive, _) | (Outcome::Failed, Level::Observe) => Verdict::Inconclusive,
        (Outcome::Passed, Level::Observe) => Verdict::Observed,
        (Outcome::Passed, Level::Must | Level::Should) => Verdict::Pass,
        (Outcome::Failed, Level::Should) if profile == Profile::Documented => Verdict::Warn,
        (Outcome::Failed, Level::Must | Level::Should) => Verdict::Fail,
    }
}
