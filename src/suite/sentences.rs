//! Finds the code for a step. Each text is looked up once, however often features use it, and the sentences are only made
//! when the first step is looked up.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
    thread,
};

use cucumber::{
    gherkin::{Step, StepType},
    step::{Collection, Context, Location},
};
use steps::{Sentence, World};

/// All sentences there are.
static SENTENCES: LazyLock<Collection<World>> = LazyLock::new(World::sentences);

/// Makes the sentences while something else goes on, for whoever will look up a step soon.
pub(crate) fn prepare() {
    thread::spawn(|| LazyLock::force(&SENTENCES));
}

/// The steps matched with sentences so far.
#[derive(Default)]
pub(crate) struct Sentences {
    matched: Mutex<HashMap<(StepType, String), Arc<Matched>>>,
}

/// A step with the code that carries it out.
pub(crate) struct Matched {
    pub(crate) code: cucumber::step::Step<World>,
    pub(crate) context: Context,
    /// Where in the code the sentence is.
    pub(crate) location: Option<Location>,
}

impl Sentences {
    /// The code for a step.
    ///
    /// # Errors
    /// Says that no sentence, or more than one, is meant, and which is nearest.
    pub(crate) fn find(&self, step: &Step) -> Result<Arc<Matched>, String> {
        let key = (step.ty, step.value.clone());
        let mut matched = self.matched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = matched.get(&key) {
            return Ok(known.clone());
        }
        let found = match SENTENCES.find(step) {
            Ok(Some((code, _, location, context))) => Arc::new(Matched { code: *code, context, location }),
            Ok(None) => return Err(undefined(step)),
            Err(error) => return Err(format!("`{}` could be more than one sentence. {error}", step.value)),
        };
        matched.insert(key, found.clone());
        Ok(found)
    }
}

fn undefined(step: &Step) -> String {
    let keyword = steps::keyword(step.ty);
    let nearest = steps::vocabulary()
        .into_iter()
        .filter(|sentence| sentence.keyword == keyword)
        .max_by(|one, other| likeness(one, step).total_cmp(&likeness(other, step)));
    let hint = nearest.map(|sentence| format!("; the nearest is: {keyword} {}", sentence.text)).unwrap_or_default();
    format!("undefined step: no sentence says `{keyword} {}`{hint}", step.value)
}

fn likeness(sentence: &Sentence, step: &Step) -> f64 {
    strsim::jaro_winkler(&sentence.text, &step.value)
}
