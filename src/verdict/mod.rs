//! From what became of scenarios to what that means: of each requirement, and of the run. Pure: the same input gives the same
//! verdict, today's date included in the input, so that a saved run can be judged again.

pub(crate) mod part;
mod requirement;
mod run;
mod waiver;

use jiff::civil::Date;

pub(crate) use waiver::Waiver;

use crate::{
    catalogue::Catalogue,
    results::{self, Counts, Profile, Scenario, Verdict},
};
use requirement::Judged;

/// What verdicts are made from.
pub(crate) struct Input<'a> {
    /// All requirements; those that no scenario judges are left out.
    pub(crate) catalogue: &'a Catalogue,
    /// What became of the scenarios that were selected.
    pub(crate) scenarios: &'a [Scenario],
    /// How strictly recommendations count.
    pub(crate) profile: Profile,
    /// Known deviations.
    pub(crate) waivers: &'a [Waiver],
    /// The day that waivers are held against.
    pub(crate) today: Date,
}

/// What it comes to.
#[derive(Debug)]
pub(crate) struct RolledUp {
    /// In the catalogue's order.
    pub(crate) requirements: Vec<results::Requirement>,
    pub(crate) counts: Counts,
    pub(crate) verdict: Verdict,
}

/// Rolls scenarios up into requirements, and requirements into the verdict of the run.
pub(crate) fn roll_up(input: &Input<'_>) -> RolledUp {
    let mut requirements = Vec::new();
    for entry in input.catalogue.iter() {
        let Some(judged) = Judged::by(entry, input.scenarios, input.profile) else {
            continue;
        };
        let mut requirement = judged.into_results(entry);
        let waivers: Vec<&Waiver> = input.waivers.iter().filter(|waiver| waiver.requirement == entry.id).collect();
        waiver::apply(&mut requirement, &waivers, input.today);
        requirements.push(requirement);
    }
    RolledUp { counts: run::counts(&requirements, input.scenarios), verdict: run::verdict(&requirements), requirements }
}

/// Adds to what a requirement does not say by its verdict.
fn remark(requirement: &mut results::Requirement, text: &str) {
    requirement.reason = Some(match requirement.reason.take() {
        Some(reason) => format!("{reason}; {text}"),
        None => text.to_owned(),
    });
}

#[cfg(test)]
mod tests;
