//! `survival`: tokens are left behind before a restart or an upgrade and tried after it, or around a command.

use std::{ffi::OsString, fmt::Display, path::PathBuf, time::Instant};

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use steps::{Operator, TokenPair};
use tokio::process::Command;

use crate::{
    backend::Backend,
    catalogue::{Catalogue, Need},
    config::OneTargetArgs,
    exit::ExitStatus,
    inspect,
    output::Output,
    report,
    results::{Profile, TargetInfo},
    run::context::RunContext,
    run::plan::RunOutcome,
    run::signals,
    survival::{State, StateFolder, Survived, Watched, begin, judge, outcome, watch},
};

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

#[derive(clap::Args)]
struct ReportArgs {
    /// How strictly recommendations count
    #[arg(long, value_enum)]
    profile: Option<Profile>,
    /// Where the reports are written
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
    /// Which reports are written; may be given again [default: all]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Vec<report::Format>,
    /// End with 3 when a requirement had to be skipped
    #[arg(long)]
    require_complete: bool,
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
        signal = signals::signal() => Err(not_judged(format!("interrupted by {signal}: nothing was judged"))),
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
    let state = site.begin(output).await?;
    let (program, arguments) = args.command.split_first().context("give a command after `--`")?;
    let shown = program.to_string_lossy().into_owned();
    let mut command = Command::new(program);
    command.args(arguments).kill_on_drop(true);
    let work = async { command.status().await };
    let (watched, ended) = watch(&site.operator, &state, site.sessions_end, work).await;
    let ended =
        ended.with_context(|| format!("`{shown}` cannot be started; check the path and that it may be executed"))?;
    let status = site.finish(&state, Some(watched), &args.report, &reports, output).await?;
    if ended.success() {
        return Ok(status);
    }
    output.error(&format_args!("`{shown}` failed ({ended}); look at its own output"));
    Ok(if status == ExitStatus::Done { ExitStatus::NotJudged } else { status })
}

fn not_judged(reason: impl Display) -> anyhow::Error {
    ExitStatus::NotJudged.because(reason)
}

/// The server, as all three steps reach it.
struct Site {
    context: RunContext,
    operator: Operator,
    sessions_end: bool,
    profile: Profile,
    reports: PathBuf,
    began: Instant,
    started_at: Timestamp,
}

impl Site {
    fn load(args: &OneTargetArgs, profile: Option<Profile>, reports: Option<PathBuf>) -> Result<Self> {
        let loaded = args.load(false, &Catalogue::embedded()?)?;
        let Some(target) = &loaded.target else {
            bail!("`survival` needs a server that can be restarted: give --target, or --base-url with a login");
        };
        let sessions_end = target.sessions_end_at_restart;
        let profile = profile.or(loaded.profile).unwrap_or(Profile::Documented);
        let reports = reports.or(loaded.reports.clone()).unwrap_or_else(|| "reports".into());
        let context = RunContext::of(loaded, &[])?;
        let Backend::Deployment(deployment) = &context.backend else {
            bail!("`survival` needs a server that can be restarted: give --target");
        };
        let operator = Operator::new(deployment.site());
        let (began, started_at) = (Instant::now(), Timestamp::now());
        Ok(Self { context, operator, sessions_end, profile, reports, began, started_at })
    }

    fn base_url(&self) -> &str {
        self.operator.target().base_url.as_str()
    }

    async fn examine(&self) -> Result<TargetInfo> {
        let backend = &self.context.backend;
        let needs = [Need::Probe].into_iter().filter(|need| backend.offers(*need)).collect();
        let examined = inspect::examine(backend, None, &needs).await.map_err(not_judged)?;
        inspect::first_obstacle(examined, &self.context.name, backend.target(), &needs).map_err(not_judged)?;
        Ok(backend.judged(&self.context.name))
    }

    async fn begin(&self, output: &Output) -> Result<State> {
        self.examine().await?;
        let state = begin(&self.operator).await.map_err(not_judged)?;
        state.missing().for_each(|reason| output.note(&format!("note: {reason}")));
        Ok(state)
    }

    /// Judges, writes the reports and prints the verdict.
    async fn finish(
        &self,
        state: &State,
        watched: Option<Watched>,
        args: &ReportArgs,
        folder: &report::Folder,
        output: &Output,
    ) -> Result<ExitStatus> {
        state.tokens().for_each(|token| self.operator.keep_token(&token));
        let issued: &[TokenPair] = watched.as_ref().map_or(&[], |watched| &watched.issued);
        let checks = judge(&self.operator, state, self.sessions_end, issued).await;
        let backend = &self.context.backend;
        let redactor = backend.shared_redactor().context("a deployment has a redactor")?;
        let survived = Survived {
            checks,
            watched,
            target: backend.judged(&self.context.name),
            profile: self.profile,
            waivers: self.context.waivers.clone(),
            started_at: self.started_at,
            began: self.began,
            cost: self.context.counters.cost(),
        };
        let results = outcome(survived, redactor)?;
        let mut judged = RunOutcome { results, lost: None, journal: None, seen: backend.seen(), unsealed: None };
        let plain = report::terminal(&judged.results, &output.view().to_plain());
        let formats = if args.format.is_empty() { &report::Format::ALL } else { args.format.as_slice() };
        judged.report(folder, formats, std::iter::empty(), &plain, output)?;
        output.result(&report::terminal(&judged.results, &output.view()))?;
        Ok(ExitStatus::of(&judged.results, args.require_complete))
    }
}
