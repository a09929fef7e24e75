//! A feature as the rest of the program refers to it.

use super::scenario::Scenario;

/// A feature file, outlines already expanded.
pub(crate) struct Feature {
    pub(crate) source: cucumber::gherkin::Feature,
    pub(crate) scenarios: Vec<Scenario>,
}
