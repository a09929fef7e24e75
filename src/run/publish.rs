//! How a run ends: its reports are rendered in memory, searched for its secrets, and only then written. The same for one target and
//! for each of a fleet.

use std::{fs, path::PathBuf};

use anyhow::Result;

use crate::{
    output::Output,
    report::{self, Folder, Format, Rendered},
    run::leak_scan::{LeakScan, LeaksFound},
    run::plan::RunOutcome,
};

impl RunOutcome {
    /// Renders the reports, searches them, what else was written of the run and what is about to be printed for every secret that
    /// the run has seen, and writes them if there is none. After a leak, `results.json` alone is written, without the secret and
    /// with the places of the leaks; earlier reports are removed, and nothing else may be printed.
    ///
    /// # Errors
    /// When there is a leak, which the results name then, or a report cannot be written. The others are written all the same.
    pub(crate) fn report(
        &mut self,
        folder: &Folder,
        formats: &[Format],
        besides: impl IntoIterator<Item = PathBuf>,
        said: &str,
        output: &Output,
    ) -> Result<()> {
        let search = LeakScan::of(&self.seen);
        let page = report::StepSummary::from_environment(&self.results);
        let rendered = folder.render(&self.results, formats);
        let mut texts: Vec<(String, &[u8])> = rendered.iter().map(Rendered::place_and_bytes).collect();
        texts.extend(page.iter().map(report::StepSummary::place_and_bytes));
        let mut written: Vec<PathBuf> = besides.into_iter().collect();
        let removable = written.len();
        written.extend(self.journal.clone());
        let said = format!("{said}\n{}", self.not_restored().join("\n"));
        let found = search.find(&texts, &written, &said, output);
        drop(texts);
        let Some(leak) = found.error() else {
            if let Some(Err(reason)) = page.map(|page| page.append()) {
                output.note(&format!("warning: {reason}; the summary is in {}", folder.path().display()));
            }
            let written = folder.write(rendered);
            self.seal(folder, formats, output);
            written?;
            return Ok(());
        };
        drop(rendered);
        self.results.leaks.clone_from(&found.places);
        match self.withhold(folder, formats, &written[..removable], &found) {
            Ok(()) => Err(leak),
            Err(error) => Err(leak.context(format!("what was written cannot be removed: {error:#}"))),
        }
    }

    /// Seals the results for `certify`. A run without a seal is judged all the same.
    fn seal(&self, folder: &Folder, formats: &[Format], output: &Output) {
        let seal = || match &self.unsealed {
            Some(reason) => Err(reason.clone()),
            None => folder.seal_results().map_err(|reason| reason.to_string()),
        };
        if formats.contains(&Format::Json)
            && let Err(reason) = seal()
        {
            output.note(&format!("warning: the results are not sealed, so that they cannot be certified: {reason}"));
        }
    }

    /// Leaves nothing with a secret behind, and says in `results.json` why.
    fn withhold(&mut self, folder: &Folder, formats: &[Format], besides: &[PathBuf], found: &LeaksFound) -> Result<()> {
        folder.remove(&Format::ALL)?;
        for file in besides {
            if found.places.iter().any(|place| place.starts_with(&file.display().to_string())) {
                fs::remove_file(file)?;
            }
        }
        if formats.contains(&Format::Json)
            && let Some(text) =
                folder.render(&self.results, &[Format::Json]).iter().find_map(|it| found.mask(it.bytes()))
        {
            folder.write_text(Format::Json.file_name(), &text)?;
        }
        Ok(())
    }

    /// Warns of lifetimes that are not known to be restored.
    pub(crate) fn warn(&self, output: &Output) {
        self.not_restored().iter().for_each(|reason| output.note(&format!("warning: {reason}")));
    }

    fn not_restored(&self) -> Vec<String> {
        self.results.settings_not_restored.iter().map(ToString::to_string).collect()
    }
}
