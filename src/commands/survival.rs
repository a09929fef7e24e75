//! `survival`: tokens are left behind before a restart or an upgrade and tried after it, or around a command.

mod report_args;
mod site;

use std::{ffi::OsString, path::PathBuf};

use anyhow::Result;

pub(super) use site::Site;

use report_args::ReportArgs;

use crate::{config::OneTargetArgs, exit::ExitStatus, output::Output, report, run::signals, survival::StateFolder};

/// Arguments of `survival`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    step: Step,
}

#[derive(clap::Subcommand)]
enum Step {
    /// Leave tokens in every state behind, before a restart or an upgrade
    Begin(BeginArgs),
    /// Try the tokens after it, judge what became of them, and destroy the state
    End(EndArgs),
    /// Do both around a command, and watch what a client sees meanwhile
    Run(RunArgs),
}

#[derive(clap::Args)]
struct StateArgs {
    /// The folder of the state, which is encrypted
    #[arg(long, value_name = "DIR")]
    state: PathBuf,
    /// A file with a secret that encrypts the state, readable by its owner only [default: a key of this user, made for the state]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

impl StateArgs {
    fn folder(self) -> StateFolder {
        StateFolder { folder: self.state, key: self.key }
    }
}

#[derive(clap::Args)]
struct BeginArgs {
    #[command(flatten)]
    target: OneTargetArgs,
    #[command(flatten)]
    state: StateArgs,
}

#[derive(clap::Args)]
struct EndArgs {
    #[command(flatten)]
    target: OneTargetArgs,
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    report: ReportArgs,
}

#[derive(clap::Args)]
struct RunArgs {
    #[command(flatten)]
    target: OneTargetArgs,
    #[command(flatten)]
    report: ReportArgs,
    /// The command that restarts or upgrades the server
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    let work = async {
        match args.step {
            Step::Begin(args) => run_begin(args, output).await,
            Step::End(args) => run_end(args, output).await,
            Step::Run(args) => run_around(args, output).await,
        }
    };
    tokio::select! {
        status = work => status,
        signal = signals::signal() => {
            Err(ExitStatus::NotJudged.because(format_args!("interrupted by {signal}: nothing was judged")))
        }
    }
}

async fn run_begin(args: BeginArgs, output: &Output) -> Result<ExitStatus> {
    let folder = args.state.folder();
    folder.prepare()?;
    let site = Site::load(&args.target, None, None)?;
    let state = site.begin(output).await?;
    let file = folder.write(&state, &site.context.name, site.base_url())?;
    output.result(&format!("{} is written; restart the server, then run `survival end`\n", file.display()))?;
    Ok(ExitStatus::Done)
}

async fn run_end(args: EndArgs, output: &Output) -> Result<ExitStatus> {
    let folder = args.state.folder();
    let site = Site::load(&args.target, args.report.profile, args.report.reports.clone())?;
    let reports = report::Folder::open(site.reports.clone())?;
    let state = folder.read(site.base_url())?;
    site.examine().await?;
    let status = site.finish(&state, None, &args.report, &reports, output).await?;
    folder.destroy()?;
    Ok(status)
}

async fn run_around(args: RunArgs, output: &Output) -> Result<ExitStatus> {
    let site = Site::load(&args.target, args.report.profile, args.report.reports.clone())?;
    let reports = report::Folder::open(site.reports.clone())?;
    let around = site.run_around(&args.command, output).await?;
    let status = site.finish(&around.state, Some(around.watched), &args.report, &reports, output).await?;
    Ok(if around.succeeded || status != ExitStatus::Done { status } else { ExitStatus::NotJudged })
}
