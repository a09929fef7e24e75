//! Finds the definition of each step of the features. The definitions are compiled when the first step is looked up, and each
//! text is matched once, however often features use it.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
    thread,
};

use cucumber::gherkin::{Step, StepType};
use steps::{MatchedStep, StepDefinition, StepMatchError, StepMatcher};

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
        StepMatchError::Undefined => format!("undefined step: no definition matches {text}{}", nearest(step)),
        StepMatchError::Ambiguous(_) | StepMatchError::Argument(_) => format!("{text}: {error}"),
    }
}

fn nearest(step: &Step) -> String {
    let likeness = |definition: &&StepDefinition| strsim::jaro_winkler(definition.expression, &step.value);
    steps::step_definitions()
        .iter()
        .filter(|definition| definition.keyword == step.ty)
        .max_by(|one, other| likeness(one).total_cmp(&likeness(other)))
        .map(|definition| format!("; the nearest is: {}", definition.text()))
        .unwrap_or_default()
}
