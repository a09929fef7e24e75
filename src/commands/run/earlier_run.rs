//! The earlier run in the same folder: `--resume` completes it, `--failed` repeats what failed in it.

use anyhow::{Result, bail};

use crate::{
    merge::{self, MergeError, SavedRun},
    output::Output,
    read_limited::read_file,
    report::{Folder, Format},
    results::{self, Outcome, Results, TargetInfo},
    suite::{Selection, Suite},
};

/// A finished or interrupted run of the same suite on the same target.
pub(super) struct EarlierRun {
    saved: SavedRun,
    selection: Selection,
    unsealed: Option<String>,
}

impl EarlierRun {
    /// Reads the results in a folder; `None` where there are none.
    ///
    /// # Errors
    /// When they cannot be read, or are those of another target or suite.
    pub(super) fn read(folder: &Folder, suite: &Suite, target: &TargetInfo) -> Result<Option<Self>> {
        let file = folder.path().join(Format::Json.file_name());
        if !file.exists() {
            return Ok(None);
        }
        let content = read_file(&file, results::LARGEST)?;
        let results = results::read_from(&file, &content)?;
        let unsealed = results::check_seal(&file, &content).err().map(|reason| reason.to_string());
        let shown = file.display();
        if (&results.target.name, &results.target.base_url) != (&target.name, &target.base_url) {
            let address = results.target.base_url.as_deref().unwrap_or("no address");
            bail!("{shown} is of the target `{}` at {address}; choose its folder with --reports", results.target.name);
        }
        if results.suite.digest != suite.digest {
            bail!(
                "{shown} was judged by another suite ({} {}); go on with that version and its --features, or run without --resume",
                results.tool.name,
                results.tool.version
            );
        }
        if !results.leaks.is_empty() {
            return Err(MergeError::Leaked { file, places: results.leaks.join(", ") }.into());
        }
        let selection = Selection::from_results(suite, &results.selection)?;
        Ok(Some(Self { saved: SavedRun { file, results }, selection, unsealed }))
    }

    /// Its results.
    pub(super) fn results(&self) -> &Results {
        &self.saved.results
    }

    /// What it left; `None` where it judged everything.
    pub(super) fn rest(&self, suite: &Suite, output: &Output) -> Option<Selection> {
        let results = self.results();
        let ids = merge::unjudged_scenarios(results, suite, &self.selection);
        if ids.is_empty() && results.interrupted.is_none() {
            output.note(&format!("nothing is left to judge in {}", self.saved.file.display()));
            return None;
        }
        output.note(&format!("{} scenarios are left of {}", ids.len(), self.saved.file.display()));
        Some(self.selection.clone().rest(ids))
    }

    /// What failed in it.
    ///
    /// # Errors
    /// When nothing failed.
    pub(super) fn failed(&self, suite: &Suite) -> Result<Selection> {
        let failed = self.results().scenarios.iter().filter(|scenario| scenario.verdict == Outcome::Failed);
        Ok(Selection::failed(suite, failed.map(|scenario| scenario.id.clone()).collect())?)
    }

    /// Why what rests on this run cannot be certified, if it cannot.
    pub(super) fn unsealed(&self) -> Option<String> {
        self.unsealed.clone()
    }

    /// This run, completed by the run of its rest.
    ///
    /// # Errors
    /// When its file is broken.
    pub(super) fn complete(self, rest: Results, suite: &Suite) -> Result<Results> {
        Ok(merge::resume(self.saved, rest, suite, &self.selection)?)
    }
}
