//! `baseline`: what a server answers, recorded before an upgrade, compared after it, and taken over once it was reviewed.

mod accept;
mod against;
mod compare;
mod record;
mod target_args;

use anyhow::Result;
use clap::Subcommand;

pub(super) use against::Against;

use crate::{exit::ExitStatus, output::Output};

/// Where baselines are, each in a folder called like its target.
const BASELINES: &str = "baselines";

/// Arguments of `baseline`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: BaselineCommand,
}

#[derive(Subcommand)]
enum BaselineCommand {
    /// Run the suite twice and write down what the server answers, as files to be reviewed in version control
    Record(record::Args),
    /// Say what changed since then, and what of that matters; or compare two recordings without a server
    Compare(compare::Args),
    /// Take over what a comparison saw, after a review: all of it, or by name
    Accept(accept::Args),
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    match args.what {
        BaselineCommand::Record(args) => record::run(&args, output).await,
        BaselineCommand::Compare(args) => compare::run(&args, output).await,
        BaselineCommand::Accept(args) => accept::run(&args, output),
    }
}
