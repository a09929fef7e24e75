//! The order of scenarios: those that wait for a lifetime begin first, so that the rest fills the waiting; those that could
//! disturb others at the same server come last and one by one.

use std::{cell::Cell, collections::HashMap, mem, rc::Rc};

use cucumber::{
    event::{self, Source},
    gherkin,
};
use steps::World;

use crate::{
    backend::Isolation,
    suite::{Scenario, Suite},
};

/// All scenarios, in the order of the features.
pub(super) struct Plan {
    all: Vec<Planned>,
    features: usize,
    rules: usize,
    steps: usize,
}

/// A scenario that is to run.
pub(super) struct Planned {
    pub(super) feature: Rc<PlannedFeature>,
    pub(super) rule: Option<Source<gherkin::Rule>>,
    pub(super) source: Source<gherkin::Scenario>,
    pub(super) scenario: Scenario,
    /// Position among all scenarios as written.
    pub(super) position: usize,
}

/// A feature with how many of its scenarios have begun and ended.
pub(super) struct PlannedFeature {
    pub(super) source: Source<gherkin::Feature>,
    pub(super) begun: Cell<bool>,
    pub(super) left: Cell<usize>,
}

impl Plan {
    pub(super) fn new(features: Vec<gherkin::Feature>, suite: &Suite) -> Self {
        let known: HashMap<(&str, usize), &Scenario> =
            suite.scenarios().map(|scenario| ((scenario.feature.as_str(), scenario.line), scenario)).collect();
        let (count, mut rules, mut all) = (features.len(), 0, Vec::new());
        for feature in features {
            rules += feature.rules.len();
            all.extend(planned(feature, &known));
        }
        let steps = all.iter().map(|planned| planned.source.steps.len()).sum();
        all.iter_mut().enumerate().for_each(|(position, planned)| planned.position = position);
        Self { all, features: count, rules, steps }
    }

    /// The scenarios in phases; one phase begins when the one before has ended.
    pub(super) fn phases(self, meeting: Isolation) -> Vec<Vec<Planned>> {
        let (alone, mut together): (Vec<_>, Vec<_>) = self.all.into_iter().partition(|planned| match meeting {
            Isolation::PerScenario => false,
            Isolation::Shared => planned.scenario.runs_alone(),
            Isolation::Serial => true,
        });
        together.sort_by_key(|planned| !planned.scenario.waits());
        std::iter::once(together).chain(alone.into_iter().map(|planned| vec![planned])).collect()
    }

    pub(super) fn parsing_finished(&self) -> event::Cucumber<World> {
        event::Cucumber::ParsingFinished {
            features: self.features,
            rules: self.rules,
            scenarios: self.all.len(),
            steps: self.steps,
            parser_errors: 0,
        }
    }
}

/// Takes the scenarios out of a feature. What is left of it, and of its rules, is what events tell beside a scenario.
fn planned(mut feature: gherkin::Feature, known: &HashMap<(&str, usize), &Scenario>) -> Vec<Planned> {
    let file = feature.path.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
    let bare = mem::take(&mut feature.scenarios).into_iter().map(|scenario| (None, scenario));
    let ruled = mem::take(&mut feature.rules).into_iter().flat_map(|mut rule| {
        let scenarios = mem::take(&mut rule.scenarios);
        let source = Source::new(rule);
        scenarios.into_iter().map(move |scenario| (Some(source.clone()), scenario))
    });
    let scenarios: Vec<_> = bare.chain(ruled).collect();
    let left = Cell::new(scenarios.len());
    let feature = Rc::new(PlannedFeature { source: Source::new(feature), begun: Cell::new(false), left });
    let find = |scenario: &gherkin::Scenario| known.get(&(file.as_str(), scenario.position.line)).copied().cloned();
    scenarios
        .into_iter()
        .filter_map(|(rule, source)| {
            let scenario = find(&source)?;
            Some(Planned { feature: feature.clone(), rule, source: Source::new(source), scenario, position: 0 })
        })
        .collect()
}
