//! One scenario as the rest of the program refers to it. It carries what the feature has of it, so that it need not be searched for
//! again.

use std::collections::{HashMap, HashSet};

use cucumber::{event::Source, gherkin};
use steps::Masked;

use crate::{
    catalogue::{Catalogue, Need, RequirementId, tag},
    results::{Outcome, ScenarioResult, StepResult},
};

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
    /// The scenario in its feature, with its steps.
    pub(crate) source: Source<gherkin::Scenario>,
    /// The rule that it is under, without the rule's scenarios.
    pub(crate) rule: Option<Source<gherkin::Rule>>,
}

impl Scenario {
    /// Whether nothing else may run at the same server meanwhile.
    pub(crate) fn runs_alone(&self) -> bool {
        self.tags.iter().any(|tag| tag == tag::ALONE)
    }

    /// Whether it waits for a lifetime to pass.
    pub(crate) fn waits(&self) -> bool {
        self.needs.contains(&Need::Time)
    }

    /// The result of a scenario that was not carried out.
    pub(crate) fn to_result(&self, verdict: Outcome, reason: Option<Masked>) -> ScenarioResult {
        ScenarioResult {
            id: self.id.clone(),
            feature: self.feature.clone(),
            line: self.line,
            name: self.name.clone(),
            tags: self.tags.clone(),
            requirements: self.requirements.iter().map(ToString::to_string).collect(),
            verdict,
            reason,
            started_ms: 0.0,
            duration_ms: 0.0,
            steps: self.source.steps.iter().map(not_reached).collect(),
            exchanges: Vec::new(),
        }
    }
}

fn not_reached(step: &gherkin::Step) -> StepResult {
    StepResult {
        keyword: step.keyword.trim().to_owned(),
        text: step.value.clone(),
        line: step.position.line,
        verdict: Outcome::Skipped,
        duration_ms: 0.0,
        failure: None,
        note: None,
    }
}

/// The scenarios of a feature whose outlines are expanded. Tags that the catalogue does not know are ignored.
pub(crate) fn scenarios(feature: &gherkin::Feature, catalogue: &Catalogue) -> Vec<Scenario> {
    let file = feature.path.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
    let mut names: HashMap<&str, usize> = HashMap::new();
    let mut all = Vec::new();
    let mut add =
        |rule: Option<(&gherkin::Rule, &Source<gherkin::Rule>)>, scenario: &'_ gherkin::Scenario, number: usize| {
            let tags = rule.into_iter().flat_map(|(rule, _)| &rule.tags).chain(&scenario.tags);
            let tags: Vec<String> = feature.tags.iter().chain(tags).cloned().collect();
            let requirements: Vec<RequirementId> = tags.iter().filter_map(|tag| catalogue.find(tag)).collect();
            let again = if number > 1 { format!(" ({number})") } else { String::new() };
            all.push(Scenario {
                id: format!("{file}: {}{again}", scenario.name),
                feature: file.clone(),
                line: scenario.position.line,
                name: scenario.name.clone(),
                needs: needs(&tags, &requirements, catalogue),
                tags,
                requirements,
                source: Source::new(scenario.clone()),
                rule: rule.map(|(_, source)| source.clone()),
            });
        };
    let mut number = |name| {
        let number = names.entry(name).or_insert(0);
        *number += 1;
        *number
    };
    for scenario in &feature.scenarios {
        add(None, scenario, number(scenario.name.as_str()));
    }
    for rule in &feature.rules {
        let source = Source::new(gherkin::Rule { scenarios: Vec::new(), ..rule.clone() });
        for scenario in &rule.scenarios {
            add(Some((rule, &source)), scenario, number(scenario.name.as_str()));
        }
    }
    all
}

/// The needs of the requirements and those of the tags, each once.
fn needs(tags: &[String], requirements: &[RequirementId], catalogue: &Catalogue) -> Vec<Need> {
    let required = requirements.iter().filter_map(|id| catalogue.get(id)).flat_map(|known| known.needs.iter().copied());
    let mut seen = HashSet::new();
    required.chain(tags.iter().filter_map(|tag| tag::need(tag))).filter(|need| seen.insert(*need)).collect()
}

/// Every scenario that a feature has, those of its rules included.
pub(crate) fn written(feature: &gherkin::Feature) -> impl Iterator<Item = &gherkin::Scenario> {
    feature.scenarios.iter().chain(feature.rules.iter().flat_map(|rule| &rule.scenarios))
}
