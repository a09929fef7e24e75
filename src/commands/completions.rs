//! `completions`: prints the completion script of a shell.

use anyhow::Result;
use clap_complete::Shell;

use crate::{exit::ExitStatus, output::Output};

/// Arguments of `completions`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The shell that completes
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command.
pub(crate) fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::command_line(), super::PROGRAM, &mut script);
    output.result(&String::from_utf8_lossy(&script))?;
    Ok(ExitStatus::Done)
}
