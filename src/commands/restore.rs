//! `restore`: restores the lifetimes that an interrupted or hindered run has left changed, and nothing else.

use anyhow::{Result, bail};

use crate::{
    backend::Backend, catalogue::Catalogue, config::OneTargetArgs, exit::ExitStatus, output::Output,
    run::context::RunContext,
};

/// Arguments of `restore`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: OneTargetArgs,
}

/// Runs the command. Exits 0 when nothing is left changed, and 3 when that cannot be verified.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    let loaded = args.target.load(false, &Catalogue::embedded()?)?;
    let Some(target) = loaded.target else {
        bail!("name the target to restore with --target or --base-url");
    };
    let context = RunContext::deployment(target, &loaded.journal)?;
    let Backend::Deployment(deployment) = &context.backend else { return Ok(ExitStatus::Done) };
    let done = deployment.restore().await.map_err(|reason| ExitStatus::NotJudged.because(reason))?;
    output.result(&format!("{done}\n"))?;
    Ok(ExitStatus::Done)
}
