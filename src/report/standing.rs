//! What a failed scenario means for the run: whether it breaks conformance, only warns, or is covered by a waiver. Read from
//! the verdicts of its requirements, so that no report can disagree with them.

use std::collections::HashMap;

use crate::results::{Requirement, RequirementVerdict, Results, Scenario};

/// What a failed scenario means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// A requirement fails by it.
    Violation,
    /// It breaks a recommendation only.
    Warning,
    /// What it breaks is covered by waivers.
    Waived,
}

/// The requirements of a run by their id.
pub(super) struct Requirements<'a>(HashMap<&'a str, &'a Requirement>);

impl<'a> Requirements<'a> {
    pub(super) fn of(results: &'a Results) -> Self {
        Self(results.requirements.iter().map(|requirement| (requirement.id.as_str(), requirement)).collect())
    }

    /// Those that a scenario judges.
    pub(super) fn judged_by(&self, scenario: &'a Scenario) -> impl Iterator<Item = &'a Requirement> {
        scenario.requirements.iter().filter_map(|id| self.0.get(id.as_str()).copied())
    }

    /// What the failure of a scenario means.
    pub(super) fn standing(&self, scenario: &'a Scenario) -> Standing {
        let broken = |of: RequirementVerdict, waived: bool| {
            self.judged_by(scenario).any(|it| it.verdict == of && it.waived.is_some() == waived)
        };
        if broken(RequirementVerdict::Fail, false) {
            Standing::Violation
        } else if broken(RequirementVerdict::Warn, false) {
            Standing::Warning
        } else if broken(RequirementVerdict::Fail, true) || broken(RequirementVerdict::Warn, true) {
            Standing::Waived
        } else {
            // Its requirement could not be judged on the whole; what is broken is told all the same.
            Standing::Warning
        }
    }
}
