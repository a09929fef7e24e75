//! One scenario as the rest of the program refers to it.

use cucumber::gherkin;

use crate::catalogue::{Need, RequirementId};

/// A scenario, or a row of an outline.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    /// Stable over runs.
    pub(crate) id: String,
    /// Path of the feature file.
    pub(crate) feature: String,
    /// Line of the scenario or of the row.
    pub(crate) line: usize,
    pub(crate) name: String,
    /// Those of feature, rule and scenario, without `@`.
    pub(crate) tags: Vec<String>,
    pub(crate) requirements: Vec<RequirementId>,
    /// Everything that the target must offer, its requirements' needs included.
    pub(crate) needs: Vec<Need>,
    /// Where in the feature it is: rule and scenario by position.
    pub(crate) place: Place,
}

/// Where in a feature a scenario is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) rule: Option<usize>,
    pub(crate) scenario: usize,
}

/// The tag of a scenario that could disturb others on the same server.
const ALONE: &str = "alone";

impl Scenario {
    /// Whether nothing else may go on at the same server meanwhile.
    pub(crate) fn runs_alone(&self) -> bool {
        self.tags.iter().any(|tag| tag == ALONE)
    }

    /// Whether it waits for a lifetime to pass.
    pub(crate) fn waits(&self) -> bool {
        self.needs.contains(&Need::Time)
    }
}

/// Rule, scenario and place of everything in a feature.
pub(crate) fn places(
    feature: &gherkin::Feature,
) -> impl Iterator<Item = (Option<&gherkin::Rule>, &gherkin::Scenario, Place)> {
    let bare = feature.scenarios.iter().enumerate().map(|(scenario, s)| (None, s, Place { rule: None, scenario }));
    let ruled = feature.rules.iter().enumerate().flat_map(|(rule, r)| {
        r.scenarios.iter().enumerate().map(move |(scenario, s)| (Some(r), s, Place { rule: Some(rule), scenario }))
    });
    bare.chain(ruled)
}
