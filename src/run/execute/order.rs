//! The order of scenarios: those that wait for a lifetime begin first, so that the rest fills the waiting; those that could
//! disturb others at the same server come last. Scenarios that send the same requests become one.

use std::{
    cell::Cell,
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::Arc,
};

use cucumber::{
    event::{self, Source},
    gherkin::{self, StepType},
};
use steps::{MatchedStep, World};

use crate::{
    backend::Isolation,
    catalogue::{Catalogue, Need},
    suite::{self, Scenario, Selection, StepLookup},
};

/// All scenarios of a run, in the order of the features.
#[derive(Default)]
pub(super) struct RunOrder(Vec<PlannedScenario>);

/// Scenarios of which one begins when those of the phase before have ended.
pub(super) struct Phase {
    pub(super) scenarios: Vec<PlannedScenario>,
    pub(super) company: Company,
}

/// Which scenarios of a phase may run side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// All of them.
    All,
    /// Those that are known not to disturb each other.
    Harmless,
    /// None.
    None,
}

/// A scenario that is to run.
pub(super) struct PlannedScenario {
    pub(super) feature: Rc<PlannedFeature>,
    pub(super) scenario: Scenario,
    pub(super) steps: Vec<PlannedStep>,
    /// Position among all scenarios as written.
    pub(super) position: usize,
    /// Scenarios that prepare and do the same: what they judge is sent once.
    pub(super) twins: Vec<PlannedScenario>,
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

impl PlannedScenario {
    /// The scenario and its twins.
    pub(super) fn members(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.twins)
    }

    /// How many steps it has before the first that checks.
    pub(super) fn acts(&self) -> usize {
        self.steps.iter().take_while(|step| step.source.ty != StepType::Then).count()
    }

    /// Whether its checks only look at answers that are there.
    pub(super) fn only_looks(&self) -> bool {
        let checks = &self.steps[self.acts()..];
        checks.iter().all(|step| step.matched.as_ref().is_ok_and(|matched| !matched.definition.sends()))
    }

    /// What scenarios that send the same requests have in common.
    fn act(&self) -> (Vec<String>, bool, bool) {
        let acts =
            self.steps.iter().take(self.acts()).map(|step| format!("{:?} {}", step.source.ty, step.source.value));
        (acts.collect(), self.scenario.waits(), self.scenario.runs_alone())
    }
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
            let (feature, position, twins) = (feature.clone(), self.0.len(), Vec::new());
            self.0.push(PlannedScenario { feature, scenario, steps, position, twins });
        }
    }

    /// The scenarios in phases; one phase begins when the one before has ended. Twins share their requests where scenarios share a
    /// server, those alone whose needs it offers.
    pub(super) fn phases(self, isolation: Isolation, offers: impl Fn(Need) -> bool) -> [Phase; 2] {
        let all = if isolation == Isolation::PerScenario { self.0 } else { join_twins(self.0, offers) };
        let (apart, mut together): (Vec<_>, Vec<_>) = all.into_iter().partition(|planned| match isolation {
            Isolation::PerScenario => false,
            Isolation::Shared => planned.scenario.runs_alone(),
            Isolation::Serial => true,
        });
        together.sort_by_key(|planned| !planned.scenario.waits());
        let company = if isolation == Isolation::Serial { Company::None } else { Company::Harmless };
        [Phase { scenarios: together, company: Company::All }, Phase { scenarios: apart, company }]
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

/// Makes twins of scenarios that send the same requests. Of them only one may have checks that send more: it is judged last.
fn join_twins(all: Vec<PlannedScenario>, offers: impl Fn(Need) -> bool) -> Vec<PlannedScenario> {
    let mut joined: Vec<PlannedScenario> = Vec::with_capacity(all.len());
    let mut first: HashMap<_, usize> = HashMap::new();
    for planned in all {
        let is_offered = planned.scenario.needs.iter().all(|need| offers(*need));
        let known = first.get(&planned.act()).filter(|_| is_offered && planned.acts() > 0).map(|at| &mut joined[*at]);
        match known {
            Some(known) if planned.only_looks() || known.members().all(PlannedScenario::only_looks) => {
                known.twins.push(planned);
            }
            Some(_) => joined.push(planned),
            None => {
                if is_offered {
                    first.insert(planned.act(), joined.len());
                }
                joined.push(planned);
            }
        }
    }
    joined
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
        let phases = order(None).phases(isolation, |_| true).into_iter();
        let names =
            |planned: &PlannedScenario| planned.members().map(|it| it.scenario.name.clone()).collect::<Vec<_>>();
        phases.map(|phase| phase.scenarios.iter().map(|planned| names(planned).join("+")).collect()).collect()
    }

    #[test]
    fn waiting_scenarios_begin_first_and_lone_ones_end_a_shared_run() {
        assert_eq!(names(Isolation::Shared), [vec!["waits", "plain+ruled"], vec!["alone"]]);
    }

    #[test]
    fn twins_share_requests_unless_two_of_them_send_more_or_a_need_is_not_offered() {
        let text = "Feature: F\n  @USE-1\n  Scenario: a\n    When the user logs in\n    Then the answer is not cacheable\n  \
                    @USE-1\n  Scenario: b\n    When the user logs in\n    Then the new pairs work\n  @USE-1\n  Scenario: c\n    \
                    When the user logs in\n    Then the new pairs work\n  @OTT-9\n  Scenario: d\n    When the user logs in\n";
        let mut order = order(Some("@alone"));
        order.0.clear();
        let catalogue = Catalogue::embedded().expect("it can be read");
        let suite = Suite::load(Catalogue::embedded().expect("it can be read"), None).expect("it has no mistakes");
        let selection = Selection::parse(&suite, None, &[]).expect("it selects something");
        let feature = Feature::parse(text, GherkinEnv::default()).expect("it is Gherkin");
        order.add(feature, &catalogue, &selection, &StepLookup::default());
        let [_, phase] = order.phases(Isolation::Serial, |need| need != Need::Ott);
        let names: Vec<Vec<_>> =
            phase.scenarios.iter().map(|it| it.members().map(|it| &it.scenario.name).collect()).collect();
        assert_eq!(names, [vec!["a", "b"], vec!["c"], vec!["d"]]);
    }

    #[test]
    fn scenarios_with_servers_of_their_own_all_run_together() {
        assert_eq!(names(Isolation::PerScenario), [vec!["waits", "plain", "alone", "ruled"], vec![]]);
    }

    #[test]
    fn in_a_serial_run_all_scenarios_are_apart() {
        assert_eq!(names(Isolation::Serial), [vec![], vec!["plain+ruled", "alone", "waits"]]);
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
