//! Finds the definition of a step. Compiling the expressions is most of the start of a short run, so all processors take part.

use std::collections::HashMap;

use cucumber::gherkin;
use cucumber_expressions::Expression;
use futures::future::LocalBoxFuture;
use regex::Regex;
use thiserror::Error;

use crate::{
    StepDefinition, StepError, World, par_chunks,
    sentences::{STEPS, patterns},
    step_definition::StepArguments,
};

/// Every step definition, ready to be matched with steps.
#[derive(Debug)]
pub struct StepMatcher(Vec<(&'static StepDefinition, Regex)>);

/// A step of a feature with the definition that carries it out.
#[derive(Clone, Debug)]
pub struct MatchedStep {
    /// The definition.
    pub definition: &'static StepDefinition,
    arguments: StepArguments,
}

/// Why a step cannot be carried out.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum StepMatchError {
    /// No definition has this text.
    #[error("undefined step")]
    Undefined,
    /// Several definitions have it.
    #[error("ambiguous step: it matches {}", .0.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(" and "))]
    Ambiguous(Vec<String>),
    /// The text fits, an argument does not.
    #[error("argument: {0}")]
    Argument(String),
}

/// Every step definition there is.
#[must_use]
pub fn step_definitions() -> &'static [StepDefinition] {
    STEPS
}

/// Every kind of word that steps take, with its values, in the order of the table.
#[must_use]
pub fn parameter_values() -> Vec<(&'static str, Vec<&'static str>)> {
    patterns().into_iter().map(|(name, pattern)| (name, pattern.split('|').collect())).collect()
}

impl StepMatcher {
    /// Compiles all expressions.
    ///
    /// # Panics
    /// When an expression of the table is none; a test compiles them all.
    #[must_use]
    pub fn new() -> Self {
        let patterns: HashMap<&str, &str> = patterns().into_iter().collect();
        let compile = |definition: &'static StepDefinition| match Expression::regex_with_parameters(
            definition.expression,
            &patterns,
        ) {
            Ok(regex) => (definition, regex),
            Err(error) => panic!("`{}`: {error}", definition.expression),
        };
        let all: Vec<&'static StepDefinition> = STEPS.iter().collect();
        Self(par_chunks(&all, |share| share.iter().map(|definition| compile(definition)).collect()))
    }

    /// The definition of a step, with its arguments.
    ///
    /// # Errors
    /// When there is none or more than one, or when the step carries an argument that its function does not take.
    pub fn find(&self, step: &gherkin::Step) -> Result<MatchedStep, StepMatchError> {
        let same_keyword = self.0.iter().filter(|(definition, _)| definition.keyword == step.ty);
        let matching: Vec<_> = same_keyword.filter(|(_, regex)| regex.is_match(&step.value)).collect();
        let (definition, regex) = match matching.as_slice() {
            [] => return Err(StepMatchError::Undefined),
            [only] => only,
            several => {
                return Err(StepMatchError::Ambiguous(
                    several.iter().map(|(definition, _)| definition.text()).collect(),
                ));
            }
        };
        let arguments = arguments(regex, &step.value);
        check_arguments(definition, &arguments, step).map_err(StepMatchError::Argument)?;
        Ok(MatchedStep { definition, arguments })
    }
}

impl Default for StepMatcher {
    fn default() -> Self {
        Self::new()
    }
}

impl MatchedStep {
    /// Carries the step out.
    ///
    /// # Errors
    /// When the server failed the check, something that the step needs is missing, or the step could not be carried out.
    pub fn run<'world>(&self, world: &'world mut World) -> LocalBoxFuture<'world, Result<(), StepError>> {
        (self.definition.code.run)(world, self.arguments.clone())
    }
}

/// The texts of the parameters. A text in quotes has a group for each kind of quotes, of which one takes part.
fn arguments(regex: &Regex, text: &str) -> StepArguments {
    let captures = regex.captures(text);
    let groups = captures.iter().flat_map(|captures| captures.iter().skip(1)).flatten();
    StepArguments(groups.map(|group| group.as_str().to_owned()).collect())
}

fn check_arguments(definition: &StepDefinition, arguments: &StepArguments, step: &gherkin::Step) -> Result<(), String> {
    if step.docstring.is_some() {
        return Err("this step takes no doc string; remove it".to_owned());
    }
    if step.table.is_some() {
        return Err("this step takes no data table; remove it".to_owned());
    }
    let (given, taken) = (arguments.0.len(), definition.code.parameters.len());
    if given != taken {
        return Err(format!("there are {given} arguments, and the step takes {taken}"));
    }
    (definition.code.accepts)(arguments)
}

#[cfg(test)]
mod tests {
    use cucumber::gherkin::{Feature, GherkinEnv, Step};

    use super::*;
    use crate::sentences::Finding;

    fn steps(text: &str) -> Vec<Step> {
        let feature = format!("Feature: A\n  Scenario: B\n{text}");
        let feature = Feature::parse(feature, GherkinEnv::default()).expect("it is Gherkin");
        feature.scenarios.into_iter().flat_map(|scenario| scenario.steps).collect()
    }

    fn find(text: &str) -> Result<MatchedStep, StepMatchError> {
        StepMatcher::new().find(&steps(text)[0])
    }

    #[test]
    fn the_expression_of_each_step_names_the_parameters_of_its_function() {
        let braces = Regex::new(r"\{(\w+)\}").expect("it is a pattern");
        for definition in step_definitions() {
            let named: Vec<_> = braces.captures_iter(definition.expression).map(|it| it[1].to_owned()).collect();
            assert_eq!(named, definition.code.parameters, "{}", definition.text());
        }
    }

    #[test]
    fn arguments_are_read_from_the_text() {
        let found = find("    Then the outcome is recorded as \"Is \\\"it\\\" accepted?\"\n").expect("it is defined");
        let arguments = found.arguments.reader();
        assert_eq!(arguments.next::<Finding>(), Ok(Finding::Outcome));
        assert_eq!(arguments.next::<String>().as_deref(), Ok("Is \"it\" accepted?"));
    }

    #[test]
    fn a_step_is_only_found_under_its_keyword() {
        assert!(find("    When the user logs in\n").is_ok());
        assert_eq!(find("    Given the user logs in\n").err(), Some(StepMatchError::Undefined));
    }

    #[test]
    fn an_argument_that_the_step_does_not_take_is_an_error() {
        let given = "    When the user logs in\n";
        for (extra, named) in
            [("      \"\"\"\n      text\n      \"\"\"\n", "doc string"), ("      | a |\n", "data table")]
        {
            let error = find(&format!("{given}{extra}")).expect_err("the step takes none").to_string();
            assert!(error.starts_with("argument: ") && error.contains(named), "{error}");
        }
    }

    #[test]
    fn a_number_that_does_not_fit_is_an_error() {
        let error = find("    Then every answer is 70000\n").expect_err("no status is so large").to_string();
        assert_eq!(error, "argument: `70000` is not a number from 0 to 65535");
    }
}
