//! What a run is held against: the suite, or for the run of a client the rules of clients. Both are a digest, a catalogue and scenarios in
//! an order.

use std::borrow::Cow;

use super::finding::Finding;
use crate::{
    catalogue::Catalogue,
    client_test,
    results::{Outcome, Results, ScenarioResult},
    suite::Suite,
};

/// The rules that a verdict follows from.
pub(super) struct Rules<'a> {
    /// The digest of what they were read from, with its algorithm.
    pub(super) digest: String,
    /// The requirements.
    pub(super) catalogue: Cow<'a, Catalogue>,
    /// Every scenario of a complete run, without an outcome.
    pub(super) scenarios: Vec<ScenarioResult>,
}

impl<'a> Rules<'a> {
    /// The rules for these results.
    ///
    /// # Errors
    /// When the rules of clients cannot be read; a test keeps that from being built.
    pub(super) fn for_results(results: &Results, suite: &'a Suite) -> Result<Self, Finding> {
        if results.client.is_none() {
            return Ok(Self::from_suite(suite));
        }
        let unreadable = |error| Finding::new(format!("the rules of clients cannot be read: {error}"), "report it");
        let catalogue = Catalogue::for_clients().map_err(unreadable)?;
        Ok(Self {
            digest: client_test::rules_digest(),
            scenarios: client_test::scenarios(&catalogue),
            catalogue: Cow::Owned(catalogue),
        })
    }

    /// The rules for servers.
    pub(super) fn from_suite(suite: &'a Suite) -> Self {
        Self {
            digest: suite.digest.clone(),
            catalogue: Cow::Borrowed(&suite.catalogue),
            scenarios: suite.scenarios().map(|scenario| scenario.to_result(Outcome::Skipped, None)).collect(),
        }
    }
}
