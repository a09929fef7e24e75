//! `baseline accept`: what a comparison saw takes the place of what was recorded. Says what it does, always.

use std::{fs, path::PathBuf};

use anyhow::{Result, bail};

use super::BASELINES;
use crate::{baseline::Baseline, exit::ExitStatus, output::Output};

/// Arguments of `baseline accept`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder of the baseline [default: the only one in baselines/]
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
    /// What to accept, as the comparison named it [default: everything]
    #[arg(value_name = "NAME")]
    names: Vec<String>,
}

/// Runs the command.
pub(super) fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    let folder = match &args.baseline {
        Some(folder) => folder.clone(),
        None => the_only_one()?,
    };
    let baseline = Baseline::at(&folder);
    if baseline.pending()?.is_empty() {
        output.result(&format!("nothing waits to be accepted in {}\n", folder.display()))?;
        return Ok(ExitStatus::Done);
    }
    for taken in baseline.accept(&args.names)? {
        output.result(&format!("accepted {}\n", taken.name))?;
    }
    let left = baseline.pending()?.len();
    if left > 0 {
        output.result(&format!("{left} more wait in {}\n", folder.display()))?;
    }
    Ok(ExitStatus::Done)
}

fn the_only_one() -> Result<PathBuf> {
    let entries = fs::read_dir(BASELINES).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    match folders.as_slice() {
        [only] => Ok(only.clone()),
        [] => bail!("{BASELINES}/ has no folder; name the baseline with --baseline DIR"),
        several => {
            let named: Vec<String> = several.iter().map(|folder| folder.display().to_string()).collect();
            bail!("which baseline is meant? say --baseline with one of {}", named.join(", "))
        }
    }
}
