//! From scenarios to requirements, from requirements to the run.

use std::collections::HashMap;

use jiff::civil::Date;
use steps::PRECONDITION;

use super::requirement::judge_requirement;
use crate::{
    catalogue::Catalogue,
    results::{
        Counts, Level, Outcome, Profile, RequirementCounts, RequirementResult, RequirementVerdict, ScenarioCounts,
        ScenarioResult, Verdict, Waiver, WaiverTerms,
    },
};

/// The input of [`roll_up`].
pub(crate) struct VerdictInput<'a> {
    /// All requirements; those without a scenario are left out.
    pub(crate) catalogue: &'a Catalogue,
    /// The selected scenarios.
    pub(crate) scenarios: &'a [ScenarioResult],
    /// How strictly recommendations count.
    pub(crate) profile: Profile,
    /// Known deviations.
    pub(crate) waivers: &'a [Waiver],
    /// The day on which waivers must be valid.
    pub(crate) today: Date,
}

/// The verdicts of a run.
#[derive(Debug)]
pub(crate) struct RolledUp {
    /// In the catalogue's order.
    pub(crate) requirements: Vec<RequirementResult>,
    /// Requirements and scenarios by verdict.
    pub(crate) counts: Counts,
    /// The verdict of the run.
    pub(crate) verdict: Verdict,
}

/// Rolls scenarios up into requirements, and requirements into the verdict of the run.
pub(crate) fn roll_up(input: &VerdictInput<'_>) -> RolledUp {
    let judged = input.catalogue.iter().filter_map(|entry| {
        let mut requirement = judge_requirement(entry, input.scenarios, input.profile)?;
        let waivers: Vec<&Waiver> = input.waivers.iter().filter(|waiver| waiver.requirement == entry.id).collect();
        apply_waivers(&mut requirement, &waivers, input.today);
        Some(requirement)
    });
    let mut requirements: Vec<RequirementResult> = judged.collect();
    waive_dependents(&mut requirements, input.scenarios);
    let counts =
        Counts { requirements: count_requirements(&requirements), scenarios: count_scenarios(input.scenarios) };
    RolledUp { counts, verdict: run_verdict(&requirements), requirements }
}

/// Notes at each requirement of a shard how many of its scenarios other shards have; `all` counts those of every shard.
pub(crate) fn add_shard_notes(requirements: &mut [RequirementResult], all: impl Fn(&str) -> usize) {
    for requirement in requirements {
        let (here, all) = (requirement.scenarios.len(), all(&requirement.id));
        if here < all {
            requirement.add_reason(&format!("only {here} of its {all} scenarios are in this shard"));
        }
    }
}

/// A valid waiver covers a broken requirement. An expired waiver, and one that a kept requirement does not need, is noted.
fn apply_waivers(requirement: &mut RequirementResult, waivers: &[&Waiver], today: Date) {
    let terms = waivers.iter().map(|waiver| &waiver.terms);
    match requirement.verdict {
        RequirementVerdict::Fail | RequirementVerdict::Warn => {
            requirement.waived = terms.clone().find(|terms| terms.is_valid_on(today)).cloned();
            let latest = terms.max_by_key(|terms| terms.expires);
            if let (None, Some(latest)) = (&requirement.waived, latest) {
                requirement.add_reason(&format!("its waiver by {} expired on {}", latest.owner, latest.expires));
            }
        }
        RequirementVerdict::Pass | RequirementVerdict::Observed => {
            terms.for_each(|terms| requirement.add_reason(&format!("its waiver by {} is not needed", terms.owner)));
        }
        // Without a judgement it is unknown whether the waiver is needed.
        RequirementVerdict::Skip | RequirementVerdict::Inconclusive => {}
    }
}

/// Waives what is inconclusive for no other reason than that a waived requirement is broken, which its scenarios need.
fn waive_dependents(requirements: &mut [RequirementResult], scenarios: &[ScenarioResult]) {
    let waived: HashMap<String, WaiverTerms> = requirements
        .iter()
        .filter(|it| it.verdict == RequirementVerdict::Fail || it.verdict == RequirementVerdict::Warn)
        .filter_map(|it| Some((it.id.clone(), it.waived.clone()?)))
        .collect();
    if waived.is_empty() {
        return;
    }
    for requirement in requirements.iter_mut().filter(|it| it.verdict == RequirementVerdict::Inconclusive) {
        let judges = |it: &&ScenarioResult| it.requirements.contains(&requirement.id);
        let in_doubt = scenarios.iter().filter(judges).filter(|it| it.verdict == Outcome::Inconclusive);
        let needed: Option<Vec<&str>> = in_doubt.map(broken_precondition).collect();
        let needed = needed.unwrap_or_default();
        if let Some(first) = needed.first()
            && needed.iter().all(|id| waived.contains_key(*id))
        {
            requirement.waived = waived.get(*first).cloned();
            requirement.add_reason(&format!("waived with {first}, without which it cannot be judged"));
        }
    }
}

/// The requirement whose violation kept a scenario from being judged, if that did.
fn broken_precondition(scenario: &ScenarioResult) -> Option<&str> {
    let reason = scenario.reason.as_deref()?.strip_prefix(PRECONDITION)?;
    Some(reason.strip_suffix(')')?.rsplit_once(" (see ")?.1)
}

/// Not conformant when an unwaived requirement fails; inconclusive when a `must` is inconclusive or nothing was judged.
fn run_verdict(requirements: &[RequirementResult]) -> Verdict {
    let violated = |it: &RequirementResult| it.verdict == RequirementVerdict::Fail && it.waived.is_none();
    let in_doubt = |it: &RequirementResult| {
        it.verdict == RequirementVerdict::Inconclusive && it.level == Level::Must && it.waived.is_none()
    };
    let judged = |it: &RequirementResult| {
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

fn count_requirements(requirements: &[RequirementResult]) -> RequirementCounts {
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

fn count_scenarios(scenarios: &[ScenarioResult]) -> ScenarioCounts {
    let count = |verdict| scenarios.iter().filter(|it| it.verdict == verdict).count();
    ScenarioCounts {
        passed: count(Outcome::Passed),
        failed: count(Outcome::Failed),
        skipped: count(Outcome::Skipped),
        inconclusive: count(Outcome::Inconclusive),
    }
}
