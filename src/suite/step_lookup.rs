//! Finds the definition of each step of the features. The definitions are compiled when the first step is looked up, and each
//! text is matched once, however often features use it.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock, Mutex, PoisonError},
    thread,
};

use cucumber::gherkin::{Step, StepType};
use steps::{MatchedStep, StepDefinition, StepMatchError, StepMatcher};

use crate::did_you_mean::did_you_mean;

/// All step definitions, compiled.
static MATCHER: LazyLock<StepMatcher> = LazyLock::new(StepMatcher::new);

/// Compiles the definitions in the background, for a command that will look up steps soon.
pub(crate) fn compile_in_background() {
    thread::spawn(|| LazyLock::force(&MATCHER));
}

/// The steps matched so far.
#[derive(Default)]
pub(crate) struct StepLookup {
    matched: Mutex<HashMap<(StepType, String), Arc<MatchedStep>>>,
}

impl StepLookup {
    /// The definition of a step, with its arguments.
    ///
    /// # Errors
    /// What is wrong with the step, and for an undefined one the nearest definition.
    pub(crate) fn find(&self, step: &Step) -> Result<Arc<MatchedStep>, String> {
        if step.docstring.is_some() || step.table.is_some() {
            return MATCHER.find(step).map(Arc::new).map_err(|error| message(&error, step));
        }
        let key = (step.ty, step.value.clone());
        let mut matched = self.matched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = matched.get(&key) {
            return Ok(known.clone());
        }
        let found = MATCHER.find(step).map(Arc::new).map_err(|error| message(&error, step))?;
        matched.insert(key, found.clone());
        Ok(found)
    }
}

fn message(error: &StepMatchError, step: &Step) -> String {
    let text = format!("`{} {}`", steps::keyword(step.ty), step.value);
    match error {
        StepMatchError::Undefined => format!("undefined step: no definition matches {text}{}", suggestion(step)),
        StepMatchError::Ambiguous(_) | StepMatchError::Argument(_) => format!("{text}: {error}"),
    }
}

/// The end of a message: the definition that the step most likely means.
fn suggestion(step: &Step) -> String {
    let same_keyword = steps::step_definitions().iter().filter(|definition| definition.keyword == step.ty);
    let examples: Vec<_> = same_keyword.map(|definition| (definition.example(&step.value), definition)).collect();
    let near = did_you_mean(&step.value, examples.iter().map(|(example, _)| example.as_str()));
    let near = examples.iter().find(|(example, _)| Some(example.as_str()) == near);
    match near.map(|(_, definition)| *definition).or_else(|| nearest_by_words(step, &examples)) {
        Some(definition) => format!("; did you mean `{}`?", definition.text()),
        None => "; `bo-conformance list --steps` shows all".to_owned(),
    }
}

/// The definition that shares most words with a step, if that is at least half of the words of both: a sentence that is meant but worded
/// otherwise.
fn nearest_by_words(step: &Step, examples: &[(String, &'static StepDefinition)]) -> Option<&'static StepDefinition> {
    let wanted = words(&step.value);
    let shared = |example: &str| {
        let own = words(example);
        let common = own.iter().filter(|word| wanted.contains(*word)).count();
        (common, own.len().max(wanted.len()))
    };
    let near = examples.iter().map(|(example, definition)| (shared(example), *definition));
    let near = near.filter(|((common, all), _)| *common >= 2 && common * 2 >= *all);
    near.max_by_key(|((common, all), _)| common * 1_000 / all).map(|(_, definition)| definition)
}

/// The words that carry meaning, without case and endings.
fn words(text: &str) -> HashSet<String> {
    let words = text.split(|character: char| !character.is_alphanumeric()).map(str::to_lowercase);
    let words = words.map(|word| word.trim_end_matches("ed").trim_end_matches('s').to_owned());
    words.filter(|word| !matches!(word.as_str(), "" | "the" | "a" | "an" | "i" | "of" | "to" | "wa")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggested(text: &str) -> String {
        let feature = format!("Feature: A\n  Scenario: B\n    {text}\n");
        let feature = cucumber::gherkin::Feature::parse(feature, Default::default()).expect("it is Gherkin");
        suggestion(&feature.scenarios[0].steps[0])
    }

    #[test]
    fn a_slip_finds_its_step_whatever_the_words_are() {
        for (text, meant) in [
            ("When the second user loggs in", "When {user} logs in"),
            ("Given a fresh onetime token of the user", "Given a fresh one-time token of {user}"),
            ("When the refresh token is presentd with PUT", "When {token} is {action} {variation}"),
            ("Then the outcome is recordd as \"Why?\"", "Then the {finding} is recorded as {string}"),
            (
                "When 12 logins of each user are send at the same moment",
                "When {int} logins of {users} are sent {timing}",
            ),
        ] {
            assert_eq!(suggested(text), format!("; did you mean `{meant}`?"), "{text}");
        }
    }

    #[test]
    fn a_sentence_in_other_words_finds_the_one_that_is_meant() {
        let meant = "; did you mean `When {token} is {action}`?";
        assert_eq!(suggested("When the access token was used"), meant);
        assert_eq!(
            suggested("When the user is logging in with a wrong password"),
            "; did you mean `When {user} logs in with {password}`?"
        );
    }

    #[test]
    fn another_sentence_finds_none() {
        assert_eq!(suggested("When it rains"), "; `bo-conformance list --steps` shows all");
    }
}
