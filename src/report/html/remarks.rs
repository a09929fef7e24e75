//! What the server chose where the contract leaves it free.

use serde::Serialize;

use crate::results::{Observation, Results};

/// Every observation.
#[derive(Serialize)]
pub(super) struct Remarks<'a> {
    observations: &'a [Observation],
}

impl<'a> Remarks<'a> {
    pub(super) fn of(results: &'a Results) -> Self {
        Self { observations: &results.observations }
    }
}
