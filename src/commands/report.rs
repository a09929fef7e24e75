//! `report`: what can be made of the saved results of runs, without asking any server again.

mod fleet;
mod merge;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Subcommand;

use crate::{
    exit::ExitStatus,
    output::Output,
    report::{Folder, Format},
    results,
};

/// Arguments of `report`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: ReportCommand,
}

#[derive(Subcommand)]
enum ReportCommand {
    /// Render the saved results of a run again
    Render(Render),
    /// Join the results of shards, profiles or selections into one run, and judge it again
    Merge(merge::Args),
    /// Show all targets on one page: what fails where, what changed, what is about to expire
    Fleet(fleet::Args),
}

#[derive(clap::Args)]
struct Render {
    /// The results.json of a run
    #[arg(value_name = "RESULTS")]
    results: PathBuf,
    /// Where the reports are written [default: beside the results]
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
    /// Which reports are written; may be given again [default: all but the results themselves]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Vec<Format>,
}

/// Runs the command.
pub(crate) fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    match &args.what {
        ReportCommand::Render(render) => self::render(render, output),
        ReportCommand::Merge(args) => merge::run(args, output),
        ReportCommand::Fleet(args) => fleet::run(args, output),
    }
}

fn render(args: &Render, output: &Output) -> Result<ExitStatus> {
    let results = results::read(&args.results)?;
    if !results.leaks.is_empty() {
        let places = results.leaks.join(", ");
        output.note(&format!("warning: secrets of this run are in its files ({places}); pass no report of it on"));
    }
    let beside = args.results.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = Folder::open(args.reports.as_deref().unwrap_or(beside))?;
    let all_others = || Format::ALL.into_iter().filter(|format| *format != Format::Json).collect();
    let formats = if args.format.is_empty() { all_others() } else { args.format.clone() };
    for file in folder.write(folder.render(&results, &formats))? {
        output.result(&format!("{}\n", file.display()))?;
    }
    Ok(ExitStatus::Done)
}
