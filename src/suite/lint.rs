//! What would let a feature pass without checking anything: steps that nobody defined, scenarios without steps, outlines
//! without rows, ids that no catalogue has. Each is an error with file and line, never a silent skip.

use std::collections::{HashMap, HashSet};

use cucumber::gherkin::{self, StepType};

use super::{
    Feature, Problem, Scenario, Sentences, SuiteError, features,
    scenario::{Place, places},
};
use crate::catalogue::{Catalogue, Need, RequirementId};

/// Tags that are no requirement: how a scenario is to be run or weighed.
const PLAIN_TAGS: [&str; 2] = ["alone", "should"];

/// Checks a feature as written, expands its outlines and describes its scenarios. Its steps are matched with these sentences;
/// `None` for a feature that was built in, whose steps a test has matched.
pub(super) fn check(
    feature: gherkin::Feature,
    catalogue: &Catalogue,
    sentences: Option<&Sentences>,
) -> Result<Feature, SuiteError> {
    let mut lint = Lint { file: path(&feature), catalogue, problems: Vec::new() };
    places(&feature).for_each(|(_, scenario, _)| lint.as_written(scenario));
    lint.backgrounds(&feature);
    lint.headings(&feature);
    if !lint.problems.is_empty() {
        return Err(SuiteError { problems: lint.problems });
    }
    let source = features::expand(feature)?;
    if let Some(sentences) = sentences {
        lint.steps(&source, sentences);
    }
    let scenarios = lint.scenarios(&source);
    if lint.problems.is_empty() {
        Ok(Feature { source, scenarios })
    } else {
        Err(SuiteError { problems: lint.problems })
    }
}

fn path(feature: &gherkin::Feature) -> String {
    feature.path.as_deref().map(|path| path.display().to_string()).unwrap_or_default()
}

struct Lint<'a> {
    file: String,
    catalogue: &'a Catalogue,
    problems: Vec<Problem>,
}

impl Lint<'_> {
    fn problem(&mut self, line: usize, what: impl Into<String>) {
        let problem = Problem { file: self.file.clone(), line, what: what.into() };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn as_written(&mut self, scenario: &gherkin::Scenario) {
        let (line, name) = (scenario.position.line, &scenario.name);
        if scenario.steps.is_empty() {
            self.problem(line, format!("the scenario \"{name}\" has no steps"));
        } else if !scenario.steps.iter().any(|step| step.ty == StepType::Then) {
            self.problem(line, format!("the scenario \"{name}\" checks nothing: it has no Then"));
        }
        if scenario.keyword.contains("Outline") && scenario.examples.iter().all(|examples| rows(examples) == 0) {
            self.problem(line, format!("the outline \"{name}\" has no rows"));
        }
        for examples in scenario.examples.iter().filter(|examples| rows(examples) == 0) {
            self.problem(examples.position.line, format!("these examples of \"{name}\" have no rows"));
        }
        if let Some(text) = &scenario.description {
            self.description(line, text);
        }
    }

    /// A mistyped keyword turns the first steps into description, and nothing else would notice.
    fn description(&mut self, line: usize, text: &str) {
        for words in text.lines().map(str::trim) {
            let first = words.split_whitespace().next().unwrap_or_default();
            let near = ["Given", "When", "Then", "And", "But"]
                .into_iter()
                .find(|keyword| strsim::damerau_levenshtein(keyword, first) <= 2);
            if let Some(keyword) = near {
                self.problem(line, format!("`{words}` is description, not a step; did you mean `{keyword}`?"));
            }
        }
    }

    /// A mistyped keyword turns a whole scenario into description of what stands above it.
    fn headings(&mut self, feature: &gherkin::Feature) {
        let line = feature.position.line;
        if places(feature).next().is_none() {
            self.problem(line, format!("the feature \"{}\" has no scenarios", feature.name));
        }
        self.heading(line, feature.description.as_deref().unwrap_or_default());
        for rule in &feature.rules {
            self.heading(rule.position.line, rule.description.as_deref().unwrap_or_default());
        }
    }

    fn heading(&mut self, line: usize, description: &str) {
        for words in description.lines().map(str::trim) {
            let Some((first, _)) = words.split_once(':') else { continue };
            let near = ["Scenario", "Scenario Outline", "Rule", "Example", "Examples", "Background"]
                .into_iter()
                .find(|keyword| strsim::damerau_levenshtein(keyword, first) <= 2);
            if let Some(keyword) = near {
                self.problem(line, format!("`{words}` is description; did you mean `{keyword}:`?"));
            }
        }
    }

    fn backgrounds(&mut self, feature: &gherkin::Feature) {
        let rules = feature.rules.iter().filter_map(|rule| rule.background.as_ref());
        for background in feature.background.iter().chain(rules) {
            let line = background.position.line;
            self.problem(line, "a Background is not supported: write its steps into each scenario");
        }
    }

    fn steps(&mut self, feature: &gherkin::Feature, sentences: &Sentences) {
        for (_, scenario, _) in places(feature) {
            for step in &scenario.steps {
                if let Err(what) = sentences.find(step) {
                    self.problem(step.position.line, what);
                }
            }
        }
    }

    fn scenarios(&mut self, feature: &gherkin::Feature) -> Vec<Scenario> {
        let mut names: HashMap<String, usize> = HashMap::new();
        let mut scenarios = Vec::new();
        for (rule, scenario, place) in places(feature) {
            let mut tags: Vec<String> = feature.tags.clone();
            tags.extend(rule.iter().flat_map(|rule| rule.tags.clone()));
            tags.extend(scenario.tags.clone());
            let known = names.entry(scenario.name.clone()).or_insert(0);
            *known += 1;
            let again = if *known > 1 { format!(" ({known})") } else { String::new() };
            let id = format!("{}: {}{again}", self.file, scenario.name);
            scenarios.push(self.scenario(id, tags, scenario, place));
        }
        scenarios
    }

    fn scenario(&mut self, id: String, tags: Vec<String>, scenario: &gherkin::Scenario, place: Place) -> Scenario {
        let line = scenario.position.line;
        let (requirements, needs) = self.read_tags(line, &tags);
        if requirements.is_empty() {
            self.problem(line, format!("the scenario \"{}\" carries no requirement id", scenario.name));
        }
        let own =
            requirements.iter().filter_map(|id| self.catalogue.get(id)).flat_map(|known| known.needs.iter().copied());
        let mut seen = HashSet::new();
        let needs = own.chain(needs).filter(|need| seen.insert(*need)).collect();
        let (feature, name) = (self.file.clone(), scenario.name.clone());
        Scenario { id, feature, line, name, tags, requirements, needs, place }
    }

    fn read_tags(&mut self, line: usize, tags: &[String]) -> (Vec<RequirementId>, Vec<Need>) {
        let (mut requirements, mut needs) = (Vec::new(), Vec::new());
        for tag in tags {
            if let Some(need) = tag.strip_prefix("needs-").and_then(|name| name.parse::<Need>().ok()) {
                needs.push(need);
            } else if let Some(id) = self.catalogue.find(tag) {
                requirements.push(id);
            } else if !PLAIN_TAGS.contains(&tag.as_str()) {
                let nearest = self.catalogue.nearest(tag);
                let hint = nearest.map(|id| format!("; did you mean @{id}?")).unwrap_or_default();
                self.problem(line, format!("@{tag} is no requirement of the catalogue{hint}"));
            }
        }
        (requirements, needs)
    }
}

fn rows(examples: &gherkin::Examples) -> usize {
    examples.table.as_ref().map_or(0, |table| table.rows.len().saturating_sub(1))
}
