//! One side of a comparison: what a server answered at some time, from a recorded folder or from the results of a run.

use std::path::Path;

use super::{Baseline, Latency, Picture, compare};
use crate::results::{self, Drift, Results};

/// What a server answered, and how long it took.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) picture: Picture,
    pub(crate) latency: Latency,
}

impl Record {
    /// What one run saw.
    pub(crate) fn of(results: &Results) -> Self {
        Self { picture: Picture::of(results), latency: Latency::of(results) }
    }

    /// A recorded folder, or the `results.json` of a run.
    ///
    /// # Errors
    /// When it is neither.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        if path.is_dir() {
            return Ok(Baseline::at(path).read()?);
        }
        Ok(Self::of(&results::read(path)?))
    }

    /// What changed from this to a later one; `named` says what this is.
    pub(crate) fn drift(&self, named: &str, later: &Self) -> Drift {
        let mut drift = compare(named, &self.picture, &later.picture);
        drift.differences.extend(self.latency.worse(&later.latency));
        drift.differences.sort_by_key(|difference| difference.class);
        drift
    }
}
