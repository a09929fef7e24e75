//! Classes of verdicts, with the names that the style sheet, the filter and people know them by. The class of a failure comes
//! from the verdicts of its requirements, so that no report can disagree with them.

use std::collections::HashMap;

use crate::results::{Outcome, RequirementResult, RequirementVerdict, Results, ScenarioResult};

/// What a failed scenario means for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureClass {
    /// A requirement fails by it.
    Violation,
    /// It breaks a recommendation only.
    Warning,
    /// Waivers cover what it breaks.
    Waived,
}

/// The requirements of a run by id.
pub(super) struct RequirementIndex<'a>(HashMap<&'a str, &'a RequirementResult>);

impl<'a> RequirementIndex<'a> {
    pub(super) fn new(results: &'a Results) -> Self {
        Self(results.requirements.iter().map(|requirement| (requirement.id.as_str(), requirement)).collect())
    }

    /// The requirements that a scenario judges.
    pub(super) fn judged_by(&self, scenario: &'a ScenarioResult) -> impl Iterator<Item = &'a RequirementResult> {
        scenario.requirements.iter().filter_map(|id| self.0.get(id.as_str()).copied())
    }

    /// The class of a failed scenario.
    pub(super) fn failure_class(&self, scenario: &'a ScenarioResult) -> FailureClass {
        let broken = |verdict: RequirementVerdict, waived: bool| {
            self.judged_by(scenario).any(|it| it.verdict == verdict && it.waived.is_some() == waived)
        };
        if broken(RequirementVerdict::Fail, false) {
            FailureClass::Violation
        } else if broken(RequirementVerdict::Warn, false) {
            FailureClass::Warning
        } else if broken(RequirementVerdict::Fail, true) || broken(RequirementVerdict::Warn, true) {
            FailureClass::Waived
        } else {
            // Its requirement is inconclusive on the whole; the failure is reported all the same.
            FailureClass::Warning
        }
    }

    /// The failed scenarios of one class.
    pub(super) fn failures(&self, results: &'a Results, class: FailureClass) -> Vec<&'a ScenarioResult> {
        let failed = results.scenarios.iter().filter(|scenario| scenario.verdict == Outcome::Failed);
        failed.filter(|scenario| self.failure_class(scenario) == class).collect()
    }
}

/// The verdicts of requirements, worst first.
pub(super) const VERDICTS: [RequirementVerdict; 6] = [
    RequirementVerdict::Fail,
    RequirementVerdict::Warn,
    RequirementVerdict::Inconclusive,
    RequirementVerdict::Skip,
    RequirementVerdict::Pass,
    RequirementVerdict::Observed,
];

/// The class of a requirement's verdict.
pub(super) fn verdict_class(verdict: RequirementVerdict) -> &'static str {
    match verdict {
        RequirementVerdict::Observed => "observed",
        RequirementVerdict::Pass => "pass",
        RequirementVerdict::Skip => "skip",
        RequirementVerdict::Inconclusive => "inconclusive",
        RequirementVerdict::Warn => "warn",
        RequirementVerdict::Fail => "fail",
    }
}

/// The class of a scenario's or step's outcome, named like that of a requirement.
pub(super) fn outcome_class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "pass",
        Outcome::Skipped => "skip",
        Outcome::Inconclusive => "inconclusive",
        Outcome::Failed => "fail",
    }
}
