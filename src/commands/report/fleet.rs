//! `report fleet`: one page of all targets, made from the results below a folder.

use std::{
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use jiff::{Timestamp, civil::Date};

use crate::{
    atomic_write, config,
    exit::ExitStatus,
    output::Output,
    report::fleet::{self, FleetEntry, FleetSources},
    results::{self, Verdict},
};

/// Arguments of `report fleet`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder in which the results of all targets are, however deep; of each target the newest count
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The folder of earlier results to compare with [default: the results of each target before its newest in the same folder]
    #[arg(long, value_name = "DIR")]
    previous: Option<PathBuf>,
    /// A configuration file: a target of it that has no results is shown as missing
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The page [default: fleet.html in the folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How many days ahead an expiry is announced
    #[arg(long, value_name = "N", default_value = "30")]
    days: u16,
    /// The day that expiries are held against, like 2027-03-31 [default: today, UTC]
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
}

/// Runs the command.
pub(super) fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    let expected = args.config.as_deref().map(config::target_names).transpose()?.unwrap_or_default();
    for folder in [Some(&args.folder), args.previous.as_ref()].into_iter().flatten() {
        if !folder.is_dir() {
            bail!(
                "cannot find the folder {}; give the one that `run --all-targets` has written its reports into",
                folder.display()
            );
        }
    }
    let found = fleet::find(&args.folder);
    if found.is_empty() && expected.is_empty() {
        let folder = args.folder.display();
        return Err(ExitStatus::NotJudged.because(format_args!("there are no results below {folder}")));
    }
    let targets = found.targets(&expected, args.previous.as_deref().map(fleet::find));
    let page = args.out.clone().unwrap_or_else(|| args.folder.join("fleet.html"));
    write(&targets, args, &page).with_context(|| format!("{} cannot be written", page.display()))?;
    output.result(&format!("{}\n{}\n", page.display(), fleet::summary(&targets)))?;
    Ok(status(&targets))
}

fn write(targets: &[FleetEntry], args: &Args, page: &Path) -> io::Result<()> {
    let today = args.today.unwrap_or_else(|| results::day(Timestamp::now()));
    let folder = page.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let sources = FleetSources { targets, today, days: args.days.into(), folder };
    atomic_write::write(page, |out| fleet::render(&sources, out))
}

/// The worst of all: a server that is not conformant first, then one that was not judged.
fn status(targets: &[FleetEntry]) -> ExitStatus {
    let verdicts: Vec<Option<Verdict>> = targets.iter().map(|target| target.state.verdict()).collect();
    if verdicts.contains(&Some(Verdict::Nonconformant)) {
        ExitStatus::Violated
    } else if verdicts.iter().all(|verdict| *verdict == Some(Verdict::Conformant)) {
        ExitStatus::Done
    } else {
        ExitStatus::NotJudged
    }
}
