//! `report merge`: the results of several runs as those of one.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

use crate::{
    catalogue::Catalogue,
    exit::ExitStatus,
    merge::{self, SavedRun},
    output::Output,
    read_limited::read_file,
    report::{self, Folder, Format},
    results,
    suite::Suite,
};

/// Arguments of `report merge`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The results.json of each run; a scenario in several of them counts as its worst, the strictest profile for all
    #[arg(value_name = "RESULTS", required = true)]
    results: Vec<PathBuf>,
    /// Where the reports are written
    #[arg(long, value_name = "DIR", default_value = "reports/merged")]
    reports: PathBuf,
    /// Which reports are written; may be given again [default: all]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Vec<Format>,
    /// The folder with features of your own that the runs were given
    #[arg(long, value_name = "DIR")]
    features: Option<PathBuf>,
    /// End with 3 when a requirement had to be skipped
    #[arg(long)]
    require_complete: bool,
}

/// Runs the command.
pub(super) fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    let suite = Suite::load(Catalogue::load(args.features.as_deref())?, args.features.as_deref())?;
    let read = |file: &PathBuf| Ok(SavedRun { file: file.clone(), results: results::read(file)? });
    let parts = args.results.iter().map(read).collect::<Result<Vec<_>, results::SavedError>>()?;
    spare(&args.results, &args.reports)?;
    let merged = merge::merge(parts, &suite)?;
    for contradiction in &merged.contradictions {
        output.note(&format!("warning: the runs contradict each other: {contradiction}"));
    }
    let formats = if args.format.is_empty() { Format::ALL.to_vec() } else { args.format.clone() };
    let folder = Folder::open(&args.reports)?;
    folder.write(folder.render(&merged.results, &formats))?;
    if formats.contains(&Format::Json) {
        seal(&args.results, &folder, output);
    }
    if let Some(Err(reason)) = report::StepSummary::from_environment(&merged.results).map(report::StepSummary::append) {
        output.note(&format!("warning: {reason}; the summary is in {}", folder.path().display()));
    }
    output.result(&report::terminal(&merged.results, &output.view()))?;
    Ok(ExitStatus::of(&merged.results, args.require_complete))
}

/// The merged results can be certified if every part could be.
fn seal(parts: &[PathBuf], folder: &Folder, output: &Output) {
    let check = |file: &PathBuf| results::check_seal(file, &read_file(file, results::LARGEST)?);
    if let Err(reason) = parts.iter().try_for_each(check).and_then(|()| folder.seal_results()) {
        output.note(&format!("warning: what was merged cannot be certified: {reason}"));
    }
}

/// None of the files may be where the merged results are about to be.
fn spare(files: &[PathBuf], reports: &Path) -> Result<()> {
    let place = reports.join(Format::Json.file_name());
    let Ok(place) = fs::canonicalize(place) else { return Ok(()) };
    if let Some(file) = files.iter().find(|file| fs::canonicalize(file).is_ok_and(|file| file == place)) {
        bail!("{} would be overwritten; choose another folder with --reports", file.display());
    }
    Ok(())
}
