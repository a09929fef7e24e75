//! Feature files as Cucumber's own formats want them: the text, what it parses to, and which scenario of the results stands
//! where in it. Where the file of a run is gone or was changed since, a document is made up from the results, so that an old
//! run can still be rendered.

mod library;
mod made_up;
mod placed;

use cucumber::gherkin;

pub(super) use library::Library;
pub(super) use placed::{Placed, row_line};

use crate::results::{Results, Scenario};

/// A feature file and the scenarios of a run that are written in it.
pub(super) struct Document<'a> {
    /// Its path as the results give it.
    pub(super) uri: &'a str,
    /// What is written in it.
    pub(super) text: String,
    /// That text, outlines left as written.
    pub(super) feature: gherkin::Feature,
    /// The scenarios of the run, in the order of the file.
    pub(super) placed: Vec<Placed<'a>>,
}

/// The documents of a run, in the order of its scenarios. Each is read when its turn comes, so that only one is held at a time.
pub(super) fn documents<'a>(results: &'a Results, library: &'a Library) -> impl Iterator<Item = Document<'a>> {
    by_feature(results).map(|scenarios| Document::of(scenarios, library))
}

/// The scenarios of a run, those of one feature together.
pub(super) fn by_feature(results: &Results) -> impl Iterator<Item = &[Scenario]> {
    results.scenarios.chunk_by(|one, next| one.feature == next.feature)
}

impl<'a> Document<'a> {
    /// The document of scenarios that are all of one feature.
    fn of(scenarios: &'a [Scenario], library: &Library) -> Self {
        let uri = scenarios.first().map(|scenario| scenario.feature.as_str()).unwrap_or_default();
        let as_written = library.text(uri).and_then(|text| Self::as_written(uri, text, scenarios));
        as_written.unwrap_or_else(|| made_up::document(uri, scenarios))
    }

    /// `None` when the text does not have all of these scenarios, step for step.
    fn as_written(uri: &'a str, text: String, scenarios: &'a [Scenario]) -> Option<Self> {
        let feature = gherkin::Feature::parse(&text, gherkin::GherkinEnv::default()).ok()?;
        let placed = placed::all(&feature, scenarios)?;
        Some(Self { uri, text, feature, placed })
    }

    /// The rule and the scenario as written.
    pub(super) fn source(&self, placed: &Placed<'_>) -> Option<(Option<&gherkin::Rule>, &gherkin::Scenario)> {
        match placed.rule {
            None => Some((None, self.feature.scenarios.get(placed.scenario)?)),
            Some(rule) => {
                let rule = self.feature.rules.get(rule)?;
                Some((Some(rule), rule.scenarios.get(placed.scenario)?))
            }
        }
    }

    /// The language that its keywords are of, as `# language:` gives it.
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
        report::sample,
        results::{Outcome, Step},
        suite::{Suite, embedded},
    };

    /// Every scenario of the suite as if it had passed.
    fn run_of_the_suite() -> Results {
        let suite = Suite::load(Catalogue::embedded().expect("it is checked"), None).expect("it has no mistakes");
        let sample = sample::passing();
        let scenarios = suite.scenarios().map(|scenario| Scenario {
            id: scenario.id.clone(),
            feature: scenario.feature.clone(),
            line: scenario.line,
            name: scenario.name.clone(),
            steps: scenario.source.steps.iter().map(passed).collect(),
            ..sample.scenarios[0].clone()
        });
        Results { scenarios: scenarios.collect(), ..sample }
    }

    fn passed(step: &gherkin::Step) -> Step {
        Step {
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
    fn every_scenario_of_the_suite_is_found_where_it_is_written() {
        let (results, library) = (run_of_the_suite(), Library::embedded());
        let files = embedded::features();
        let mut found = 0;
        for document in documents(&results, &library) {
            let file = files.iter().find(|file| file.path == document.uri).expect("it is embedded");
            assert_eq!(document.text, file.text, "{} is made up", document.uri);
            found += document.placed.len();
        }
        assert_eq!(found, results.scenarios.len());
    }

    #[test]
    fn a_file_that_was_changed_since_is_not_taken_for_what_ran() {
        let mut results = run_of_the_suite();
        let library = Library::embedded();
        let changed = results.scenarios[0].feature.clone();
        results.scenarios[0].steps[0].text.push_str(" indeed");
        let document = documents(&results, &library).next().expect("there is one");
        assert_eq!(document.uri, changed);
        assert!(document.text.contains(" indeed\n"), "{}", document.text);
    }

    #[test]
    fn the_language_is_that_of_the_first_comments() {
        let (results, library) = (run_of_the_suite(), Library::embedded());
        let mut document = documents(&results, &library).next().expect("there is one");
        assert_eq!(document.language(), "en");
        document.text = "\n# language: de\nFunktionalität: x\n# language: fr\n".to_owned();
        assert_eq!(document.language(), "de");
    }
}
