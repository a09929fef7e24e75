//! How a run ends: its reports are written, and searched for its secrets before anything is said. The same for one target and for
//! each of a fleet.

use anyhow::Result;

use crate::{
    output::Output,
    report::{self, Folder, Format, Written},
    run::leak_scan::LeakScan,
    run::plan::RunOutcome,
};

impl RunOutcome {
    /// Writes the reports, and searches them, what else was written of the run and what is about to be said for every secret
    /// that it has seen. Where one stands, that is said, `results.json` tells it to whoever reads it later, and nothing else
    /// must be said.
    ///
    /// Returns whether nothing was found.
    ///
    /// # Errors
    /// When a report cannot be written.
    pub(crate) fn report(
        &mut self,
        folder: &Folder,
        formats: &[Format],
        besides: impl IntoIterator<Item = Written>,
        said: &str,
        output: &Output,
    ) -> Result<bool> {
        let search = LeakScan::of(&self.seen);
        let mut written = report::write(&self.results, folder, formats)?;
        written.extend(besides);
        written.extend(self.journal.clone().map(Written::from));
        let said = format!("{said}\n{}", self.not_restored().join("\n"));
        self.results.leaks = search.finds(&written, &said, output);
        if !self.results.leaks.is_empty() && formats.contains(&Format::Json) {
            folder.write_as(Format::Json, &self.results)?;
        }
        Ok(self.results.leaks.is_empty())
    }

    /// Warns of lifetimes that are not known to be restored.
    pub(crate) fn warn(&self, output: &Output) {
        self.not_restored().iter().for_each(|reason| output.note(&format!("warning: {reason}")));
    }

    fn not_restored(&self) -> Vec<String> {
        self.results.settings_not_restored.iter().map(ToString::to_string).collect()
    }
}
