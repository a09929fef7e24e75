//! What a walk has tried: transitions of the model, and classes of input for every call.

use std::collections::HashMap;

/// Counts of transitions and classes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coverage {
    transitions: HashMap<String, u64>,
    inputs: HashMap<String, u64>,
}

impl Coverage {
    /// A call met a token in this state.
    pub(crate) fn transition(&mut self, what: String) {
        *self.transitions.entry(what).or_default() += 1;
    }

    /// A call was tried with this class of input.
    pub(crate) fn input(&mut self, class: String) {
        *self.inputs.entry(class).or_default() += 1;
    }

    /// How many transitions and how many classes of input have been tried.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.transitions.len(), self.inputs.len())
    }
}
