//! `man`: writes the manual pages, one for the program and one for each command.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};

use crate::{exit::ExitStatus, output::Output};

/// Arguments of `man`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder that the pages are written to
    #[arg(long, value_name = "DIR")]
    output: PathBuf,
}

/// Runs the command.
pub(crate) fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    let folder = &args.output;
    let unwritable = || format!("--output {}: the manual pages cannot be written there", folder.display());
    fs::create_dir_all(folder).with_context(unwritable)?;
    clap_mangen::generate_to(super::command_line(), folder).with_context(unwritable)?;
    output.result(&format!("{}\n", folder.join(format!("{}.1", super::PROGRAM)).display()))?;
    Ok(ExitStatus::Done)
}
