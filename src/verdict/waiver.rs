//! Known deviations: which of them cover a broken requirement, and which are not needed any more.

use jiff::civil::Date;

use super::remark;
use crate::{
    catalogue::RequirementId,
    results::{self, RequirementVerdict},
};

/// A known deviation, accepted for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiver {
    /// What is deviated from.
    pub(crate) requirement: RequirementId,
    /// Why that is accepted.
    pub(crate) reason: String,
    /// Who answers for it.
    pub(crate) owner: String,
    /// The last day it holds.
    pub(crate) expires: Date,
}

impl Waiver {
    fn holds(&self, today: Date) -> bool {
        today <= self.expires
    }

    /// As the results list all waivers of a target.
    pub(crate) fn to_deviation(&self) -> results::Deviation {
        results::Deviation { requirement: self.requirement.to_string(), waiver: self.to_results() }
    }

    fn to_results(&self) -> results::Waiver {
        results::Waiver { reason: self.reason.clone(), owner: self.owner.clone(), expires: self.expires.to_string() }
    }
}

/// Holds the waivers of a requirement against its verdict: one that holds covers what is broken; one that has expired, or that
/// a kept requirement does not need, is mentioned.
pub(super) fn apply(requirement: &mut results::Requirement, waivers: &[&Waiver], today: Date) {
    match requirement.verdict {
        RequirementVerdict::Fail | RequirementVerdict::Warn => {
            requirement.waived = waivers.iter().find(|waiver| waiver.holds(today)).map(|waiver| waiver.to_results());
            let late = waivers.iter().max_by_key(|waiver| waiver.expires);
            if let (None, Some(late)) = (&requirement.waived, late) {
                remark(requirement, &format!("its waiver by {} expired on {}", late.owner, late.expires));
            }
        }
        RequirementVerdict::Pass | RequirementVerdict::Observed => {
            for waiver in waivers {
                remark(requirement, &format!("its waiver by {} is not needed", waiver.owner));
            }
        }
        // Whether a waiver is needed is not known while its requirement is not judged.
        RequirementVerdict::Skip | RequirementVerdict::Inconclusive => {}
    }
}
