//! The order of scenarios: those that wait for a lifetime begin first, so that the rest fills the waiting; those that could
//! disturb others at the same server come last, one by one.

use std::{cell::Cell, collections::HashSet, rc::Rc, sync::Arc};

use cucumber::{
    event::{self, Source},
    gherkin,
};
use steps::{MatchedStep, World};

use crate::{
    backend::Isolation,
    catalogue::Catalogue,
    suite::{self, Scenario, Selection, StepLookup},
};

/// All scenarios of a run, in the order of the features.
#[derive(Default)]
pub(super) struct RunOrder(Vec<PlannedScenario>);

/// A scenario that is to run.
pub(super) struct PlannedScenario {
    pub(super) feature: Rc<PlannedFeature>,
    pub(super) scenario: Scenario,
    pub(super) steps: Vec<PlannedStep>,
    /// Position among all scenarios as written.
    pub(super) position: usize,
}

/// A step with the definition that carries it out.
pub(super) struct PlannedStep {
    pub(super) source: gherkin::Step,
    /// Without one, the text is what is wrong with the step.
    pub(super) matched: Result<Arc<MatchedStep>, String>,
}

/// A feature with how many of its scenarios have begun and ended.
pub(super) struct PlannedFeature {
    pub(super) source: Source<gherkin::Feature>,
    pub(super) begun: Cell<bool>,
    pub(super) left: Cell<usize>,
}

impl RunOrder {
    /// Adds the selected scenarios of a feature.
    pub(super) fn add(
        &mut self,
        mut feature: gherkin::Feature,
        catalogue: &Catalogue,
        selection: &Selection,
        lookup: &StepLookup,
    ) {
        let mut selected = suite::scenarios(&feature, catalogue);
        selected.retain(|scenario| selection.takes(scenario));
        // Events name the feature beside each scenario; what it contains would only be carried along.
        feature.scenarios.clear();
        feature.rules.clear();
        let source = Source::new(feature);
        let feature = Rc::new(PlannedFeature { source, begun: Cell::new(false), left: Cell::new(selected.len()) });
        for scenario in selected {
            let steps = scenario.source.steps.iter();
            let steps = steps.map(|step| PlannedStep { source: step.clone(), matched: lookup.find(step) }).collect();
            self.0.push(PlannedScenario { feature: feature.clone(), scenario, steps, position: self.0.len() });
        }
    }

    /// The scenarios in phases; one phase begins when the one before has ended.
    pub(super) fn phases(self, isolation: Isolation) -> Vec<Vec<PlannedScenario>> {
        let (alone, mut together): (Vec<_>, Vec<_>) = self.0.into_iter().partition(|planned| match isolation {
            Isolation::PerScenario => false,
            Isolation::Shared => planned.scenario.runs_alone(),
            Isolation::Serial => true,
        });
        together.sort_by_key(|planned| !planned.scenario.waits());
        std::iter::once(together).chain(alone.into_iter().map(|planned| vec![planned])).collect()
    }

    pub(super) fn parsing_finished(&self) -> event::Cucumber<World> {
        let features: HashSet<_> = self.0.iter().map(|planned| &planned.scenario.feature).collect();
        let rules: HashSet<_> = self
            .0
            .iter()
            .filter_map(|planned| Some((&planned.scenario.feature, planned.scenario.rule.as_ref()?.position)))
            .collect();
        event::Cucumber::ParsingFinished {
            features: features.len(),
            rules: rules.len(),
            scenarios: self.0.len(),
            steps: self.0.iter().map(|planned| planned.steps.len()).sum(),
            parser_errors: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use cucumber::gherkin::{Feature, GherkinEnv};

    use super::*;
    use crate::suite::Suite;

    const FEATURES: [&str; 2] = [
        "Feature: One\n  @USE-1\n  Scenario: plain\n    When the user logs in\n  @alone @USE-1\n  Scenario: alone\n    When it \
         is not defined\n",
        "Feature: Two\n  @USE-1 @needs-time\n  Scenario: waits\n    When the user logs in\n  Rule: R\n    @USE-1\n    Scenario: \
         ruled\n      When the user logs in\n",
    ];

    fn order(tags: Option<&str>) -> RunOrder {
        let catalogue = Catalogue::embedded().expect("it can be read");
        let suite = Suite::load(Catalogue::embedded().expect("it can be read"), None).expect("it has no mistakes");
        let selection = Selection::parse(&suite, tags, &[]).expect("it selects something");
        let lookup = StepLookup::default();
        let mut order = RunOrder::default();
        for text in FEATURES {
            let feature = Feature::parse(text, GherkinEnv::default()).expect("it is Gherkin");
            order.add(feature, &catalogue, &selection, &lookup);
        }
        order
    }

    fn names(isolation: Isolation) -> Vec<Vec<String>> {
        let phases = order(None).phases(isolation).into_iter();
        phases.map(|phase| phase.into_iter().map(|planned| planned.scenario.name).collect()).collect()
    }

    #[test]
    fn waiting_scenarios_begin_first_and_lone_ones_end_a_shared_run() {
        assert_eq!(names(Isolation::Shared), [vec!["waits", "plain", "ruled"], vec!["alone"]]);
    }

    #[test]
    fn scenarios_with_servers_of_their_own_all_run_together() {
        assert_eq!(names(Isolation::PerScenario), [["waits", "plain", "alone", "ruled"]]);
    }

    #[test]
    fn a_serial_run_has_one_scenario_in_each_phase() {
        assert_eq!(names(Isolation::Serial), [vec![], vec!["plain"], vec!["alone"], vec!["waits"], vec!["ruled"]]);
    }

    #[test]
    fn a_step_without_a_definition_is_kept_with_what_is_wrong() {
        let planned = order(Some("@alone"));
        let wrong: Vec<_> = planned.0.iter().flat_map(|it| &it.steps).map(|step| step.matched.is_err()).collect();
        assert_eq!(wrong, [true]);
    }

    #[test]
    fn a_feature_counts_only_the_selected_scenarios() {
        let planned = order(Some("@needs-time"));
        let left: Vec<_> = planned.0.iter().map(|it| (it.scenario.name.as_str(), it.feature.left.get())).collect();
        assert_eq!(left, [("waits", 1)]);
    }
}
