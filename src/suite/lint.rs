//! What would let a feature pass without checking anything: undefined steps, scenarios without steps, outlines
//! without rows, ids that no catalogue has. Each is an error with file and line, never a silent skip.

use cucumber::gherkin::{self, StepType};

use super::{
    feature::Feature,
    features,
    problem::{Problem, SuiteError},
    scenario::{Scenario, scenarios, written},
    step_lookup::StepLookup,
};
use crate::{
    catalogue::{Catalogue, tag},
    did_you_mean::did_you_mean,
};

/// What can head a part of a feature.
const HEADINGS: [&str; 6] = ["Scenario", "Scenario Outline", "Rule", "Example", "Examples", "Background"];

/// Checks a feature as written, expands its outlines and describes its scenarios. Its steps are looked up here;
/// `None` for a feature that was built in, whose steps a test has matched.
pub(super) fn check(
    feature: gherkin::Feature,
    catalogue: &Catalogue,
    lookup: Option<&StepLookup>,
) -> Result<Feature, SuiteError> {
    let mut lint = Lint { file: path(&feature), catalogue, problems: Vec::new() };
    written(&feature).for_each(|scenario| lint.as_written(scenario));
    lint.backgrounds(&feature);
    lint.headings(&feature);
    if !lint.problems.is_empty() {
        return Err(SuiteError { problems: lint.problems });
    }
    let source = features::expand(feature)?;
    if let Some(lookup) = lookup {
        lint.steps(&source, lookup);
    }
    let scenarios = scenarios(&source, catalogue);
    scenarios.iter().for_each(|scenario| lint.tags(scenario));
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
        for examples in &scenario.examples {
            self.examples(scenario, examples);
        }
        if let Some(text) = &scenario.description {
            self.description(line, text);
        }
    }

    fn examples(&mut self, scenario: &gherkin::Scenario, examples: &gherkin::Examples) {
        let (line, name) = (examples.position.line, &scenario.name);
        if rows(examples) == 0 {
            self.problem(line, format!("these examples of \"{name}\" have no rows"));
        }
        for column in examples.table.iter().filter_map(|table| table.rows.first()).flatten() {
            let placeholder = format!("<{column}>");
            let uses = |text: &String| text.contains(&placeholder);
            if !uses(name) && !scenario.steps.iter().any(|step| uses(&step.value)) {
                let what = format!("argument: no step of \"{name}\" uses the column `{column}` of these examples");
                self.problem(line, what);
            }
        }
    }

    /// A mistyped keyword turns the first steps into description, and nothing else would notice.
    fn description(&mut self, line: usize, text: &str) {
        for words in text.lines().map(str::trim) {
            let first = words.split_whitespace().next().unwrap_or_default();
            if let Some(keyword) = did_you_mean(first, ["Given", "When", "Then", "And", "But"]) {
                self.problem(line, format!("`{words}` is description, not a step; did you mean `{keyword}`?"));
            }
        }
    }

    /// A mistyped keyword turns a whole scenario into description of what is above it.
    fn headings(&mut self, feature: &gherkin::Feature) {
        let line = feature.position.line;
        if written(feature).next().is_none() {
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
            if let Some(keyword) = did_you_mean(first, HEADINGS) {
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

    fn steps(&mut self, feature: &gherkin::Feature, lookup: &StepLookup) {
        for step in written(feature).flat_map(|scenario| &scenario.steps) {
            if let Err(what) = lookup.find(step) {
                self.problem(step.position.line, what);
            }
        }
    }

    fn tags(&mut self, scenario: &Scenario) {
        for name in scenario.tags.iter().filter(|name| !tag::is_plain(name) && self.catalogue.find(name).is_none()) {
            let nearest = self.catalogue.nearest(name);
            let hint = nearest.map(|id| format!("; did you mean @{id}?")).unwrap_or_default();
            self.problem(scenario.line, format!("@{name} is not in the catalogue{hint}"));
        }
        if scenario.requirements.is_empty() {
            self.problem(scenario.line, format!("the scenario \"{}\" carries no requirement id", scenario.name));
        }
    }
}

fn rows(examples: &gherkin::Examples) -> usize {
    examples.table.as_ref().map_or(0, |table| table.rows.len().saturating_sub(1))
}
