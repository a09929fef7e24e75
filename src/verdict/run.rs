//! What the requirements come to together.

use crate::results::{
    Counts, Level, Outcome, Requirement, RequirementCounts, RequirementVerdict, Scenario, ScenarioCounts, Verdict,
};

/// Not conformant when something fails that no waiver covers; inconclusive when a promise could not be judged, or nothing was.
pub(super) fn verdict(requirements: &[Requirement]) -> Verdict {
    let violated = |it: &Requirement| it.verdict == RequirementVerdict::Fail && it.waived.is_none();
    let in_doubt = |it: &Requirement| it.verdict == RequirementVerdict::Inconclusive && it.level == Level::Must;
    let judged = |it: &Requirement| {
        matches!(it.verdict, RequirementVerdict::Pass | RequirementVerdict::Warn | RequirementVerdict::Fail)
    };
    if requirements.iter().any(violated) {
        Verdict::Nonconformant
    } else if requirements.iter().any(in_doubt) || !requirements.iter().any(judged) {
        Verdict::Inconclusive
    } else {
        Verdict::Conformant
    }
}

/// How many of each.
pub(super) fn counts(requirements: &[Requirement], scenarios: &[Scenario]) -> Counts {
    Counts { requirements: of_requirements(requirements), scenarios: of_scenarios(scenarios) }
}

fn of_requirements(requirements: &[Requirement]) -> RequirementCounts {
    let count = |verdict| requirements.iter().filter(|it| it.verdict == verdict).count();
    RequirementCounts {
        pass: count(RequirementVerdict::Pass),
        fail: count(RequirementVerdict::Fail),
        warn: count(RequirementVerdict::Warn),
        skip: count(RequirementVerdict::Skip),
        inconclusive: count(RequirementVerdict::Inconclusive),
        observed: count(RequirementVerdict::Observed),
        waived: requirements.iter().filter(|it| it.waived.is_some()).count(),
    }
}

fn of_scenarios(scenarios: &[Scenario]) -> ScenarioCounts {
    let count = |verdict| scenarios.iter().filter(|it| it.verdict == verdict).count();
    ScenarioCounts {
        passed: count(Outcome::Passed),
        failed: count(Outcome::Failed),
        skipped: count(Outcome::Skipped),
        inconclusive: count(Outcome::Inconclusive),
    }
}
