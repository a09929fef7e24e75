//! Feature files for Cucumber's formats: the text, its syntax tree, and the place of each scenario of the results in it. Where
//! the file is missing or was changed since the run, the document is rebuilt from the results, so that an old run can still be
//! rendered.

use cucumber::gherkin;

use super::{
    feature_sources::FeatureSources,
    rebuilt_feature::rebuild_feature,
    source_map::{PlacedScenario, place_scenarios},
};
use crate::results::{Results, ScenarioResult};

/// A feature file and the scenarios of a run in it.
pub(super) struct FeatureDocument<'a> {
    /// Its path in the results.
    pub(super) uri: &'a str,
    /// Its text.
    pub(super) text: String,
    /// Its syntax tree, outlines as written.
    pub(super) feature: gherkin::Feature,
    /// The scenarios of the run, in the order of the file.
    pub(super) placed: Vec<PlacedScenario<'a>>,
}

/// The documents of a run, in the order of its scenarios. The iterator holds one at a time.
pub(super) fn documents<'a>(
    results: &'a Results,
    sources: &'a FeatureSources,
) -> impl Iterator<Item = FeatureDocument<'a>> {
    by_feature(results).map(|scenarios| FeatureDocument::new(scenarios, sources))
}

/// The scenarios of a run, grouped by feature.
pub(super) fn by_feature(results: &Results) -> impl Iterator<Item = &[ScenarioResult]> {
    results.scenarios.chunk_by(|one, next| one.feature == next.feature)
}

impl<'a> FeatureDocument<'a> {
    /// The document of scenarios of one feature.
    fn new(scenarios: &'a [ScenarioResult], sources: &FeatureSources) -> Self {
        let uri = scenarios.first().map(|scenario| scenario.feature.as_str()).unwrap_or_default();
        let as_written = sources.text(uri).and_then(|text| Self::as_written(uri, text, scenarios));
        as_written.unwrap_or_else(|| {
            let (feature, text, placed) = rebuild_feature(uri, scenarios);
            Self { uri, text, feature, placed }
        })
    }

    /// `None` when the text lacks one of these scenarios or has other steps for it.
    fn as_written(uri: &'a str, text: String, scenarios: &'a [ScenarioResult]) -> Option<Self> {
        let feature = gherkin::Feature::parse(&text, gherkin::GherkinEnv::default()).ok()?;
        let placed = place_scenarios(&feature, scenarios)?;
        Some(Self { uri, text, feature, placed })
    }

    /// The rule and the scenario as written.
    pub(super) fn source(&self, placed: &PlacedScenario<'_>) -> Option<(Option<&gherkin::Rule>, &gherkin::Scenario)> {
        match placed.rule {
            None => Some((None, self.feature.scenarios.get(placed.scenario)?)),
            Some(rule) => {
                let rule = self.feature.rules.get(rule)?;
                Some((Some(rule), rule.scenarios.get(placed.scenario)?))
            }
        }
    }

    /// The language of its keywords, from `# language:`.
    pub(super) fn language(&self) -> &str {
        let comments = self.text.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with('#'));
        let named = comments.filter_map(|line| line.trim_start_matches('#').trim().strip_prefix("language:"));
        named.map(str::trim).last().unwrap_or("en")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        catalogue::Catalogue,
        results::{Outcome, StepResult, sample},
        suite::{Suite, embedded},
    };

    /// Every scenario of the suite as if it had passed.
    fn run_of_the_suite() -> Results {
        let suite = Suite::load(Catalogue::embedded().expect("it is checked"), None).expect("it has no mistakes");
        let sample = sample::passing();
        let scenarios = suite.scenarios().map(|scenario| ScenarioResult {
            id: scenario.id.clone(),
            feature: scenario.feature.clone(),
            line: scenario.line,
            name: scenario.name.clone(),
            steps: scenario.source.steps.iter().map(passed).collect(),
            ..sample.scenarios[0].clone()
        });
        Results { scenarios: scenarios.collect(), ..sample }
    }

    fn passed(step: &gherkin::Step) -> StepResult {
        StepResult {
            keyword: step.keyword.trim().to_owned(),
            text: step.value.clone(),
            line: step.position.line,
            verdict: Outcome::Passed,
            duration_ms: 1.0,
            failure: None,
            note: None,
        }
    }

    #[test]
    fn every_scenario_of_the_suite_has_a_place() {
        let (results, sources) = (run_of_the_suite(), FeatureSources::embedded());
        let files = embedded::features();
        let mut found = 0;
        for document in documents(&results, &sources) {
            let file = files.iter().find(|file| file.path == document.uri).expect("it is embedded");
            assert_eq!(document.text, file.text, "{} is rebuilt", document.uri);
            found += document.placed.len();
        }
        assert_eq!(found, results.scenarios.len());
    }

    #[test]
    fn a_changed_file_is_replaced_by_a_rebuilt_one() {
        let mut results = run_of_the_suite();
        let sources = FeatureSources::embedded();
        let changed = results.scenarios[0].feature.clone();
        results.scenarios[0].steps[0].text.push_str(" indeed");
        let document = documents(&results, &sources).next().expect("there is one");
        assert_eq!(document.uri, changed);
        assert!(document.text.contains(" indeed\n"), "{}", document.text);
    }

    #[test]
    fn the_first_comments_give_the_language() {
        let (results, sources) = (run_of_the_suite(), FeatureSources::embedded());
        let mut document = documents(&results, &sources).next().expect("there is one");
        assert_eq!(document.language(), "en");
        document.text = "\n# language: de\nFunktionalität: x\n# language: fr\n".to_owned();
        assert_eq!(document.language(), "de");
    }
}
