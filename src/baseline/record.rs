//! One side of a comparison: the snapshot and the latency of a run.

use super::{compare::compare, latency::Latency, snapshot::Snapshot};
use crate::results::{Drift, Results};

/// What a server answered, and how long it took.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) snapshot: Snapshot,
    pub(crate) latency: Latency,
}

impl Record {
    /// The record of one run.
    pub(crate) fn from_results(results: &Results) -> Self {
        Self { snapshot: Snapshot::from_results(results), latency: Latency::from_results(results) }
    }

    /// The differences from this to a later one; `named` is the name of this.
    pub(crate) fn drift(&self, named: &str, later: &Self) -> Drift {
        let mut drift = compare(named, &self.snapshot, &later.snapshot);
        drift.differences.extend(self.latency.worse(&later.latency));
        drift.differences.sort_by_key(|difference| difference.class);
        drift
    }
}
