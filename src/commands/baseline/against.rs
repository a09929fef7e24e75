//! Holding a finished run against a baseline: what changed becomes part of its results, and what was seen waits beside the
//! baseline until somebody accepts it.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{
    baseline::{Baseline, Record},
    output::Output,
    results::Results,
};

/// A baseline that has been read.
pub(in crate::commands) struct Against {
    baseline: Baseline,
    recorded: Record,
}

impl Against {
    /// Reads a baseline, before anything is sent to a server.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub(in crate::commands) fn open(folder: &Path) -> Result<Self> {
        let baseline = Baseline::at(folder);
        Ok(Self { recorded: baseline.read()?, baseline })
    }

    /// Adds to the results what changed, puts what was seen beside the baseline, and gives the files that it wrote.
    ///
    /// # Errors
    /// When that cannot be written.
    pub(in crate::commands) fn compare(&self, results: &mut Results, output: &Output) -> Result<Vec<PathBuf>> {
        let later = Record::from_results(results);
        let folder = self.baseline.folder().display();
        results.drift = Some(self.recorded.drift(&folder.to_string(), &later));
        let pending = self.baseline.propose(&self.recorded, &later)?;
        if !pending.is_empty() {
            let names: Vec<&str> = pending.iter().map(|it| it.name.as_str()).collect();
            output.note(&format!(
                "what was seen is in {folder}/*.new ({}); after a review: bo-conformance baseline accept --baseline {folder}",
                names.join(", ")
            ));
        }
        Ok(pending.into_iter().map(|it| it.file).collect())
    }
}
