//! `run`: the features on a target or on the embedded stand-in, the reports, and the verdict on the terminal.

mod browser;
mod earlier_run;

use std::{env, mem, num::NonZeroUsize, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Result, bail};

use earlier_run::EarlierRun;

use super::baseline::Against;
use crate::{
    catalogue::Catalogue,
    config::{FleetConfig, LoadedConfig, SelectedTargets, TargetsArgs, parse_duration},
    exit::{self, ExitStatus},
    output::Output,
    report::{self, Detail, TerminalView},
    results::{Class, Profile, Results},
    run::checkpoint::Checkpoint,
    run::context::RunContext,
    run::fleet::Fleet,
    run::plan::RunOutcome,
    run::progress::RunProgress,
    run::target_run::TargetRun,
    suite::{Selection, Shard, Suite, step_lookup},
};

/// Where the short help leaves off.
pub(super) const HELP: &str = "Every key of a target has a flag; --help lists them, with examples.";

/// Commands that users start with.
pub(super) const EXAMPLES: &str = "\
Examples:
  bo-conformance run                                         the embedded stand-in
  bo-conformance run --target staging                        a target of bo-conformance.toml
  bo-conformance run --target staging --requirement OTT-2    one requirement
  bo-conformance run --target staging --failed -v            what failed before, in full
  bo-conformance run --all-targets --reports nightly         every target, a folder each";

/// Arguments of `run`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    targets: TargetsArgs,
    /// How strictly recommendations count
    #[arg(long, value_enum)]
    profile: Option<Profile>,
    /// Only scenarios with these tags, like "@OTT-2 or @should"
    #[arg(long, value_name = "EXPR")]
    tags: Option<String>,
    /// Only scenarios that judge these requirements
    #[arg(long, value_name = "ID", num_args = 1..)]
    requirement: Vec<String>,
    /// Only the K-th of N parts; `report merge` joins their results
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Complete the run whose results are in the reports folder: what it was interrupted before, or could not judge
    #[arg(long, conflicts_with_all = ["tags", "requirement", "shard", "all_targets", "baseline"])]
    resume: bool,
    /// Only the scenarios that failed in the run whose results are in the reports folder
    #[arg(long, conflicts_with_all = ["resume", "tags", "requirement", "shard", "all_targets", "baseline"])]
    failed: bool,
    /// A folder with features of your own, beside the embedded ones
    #[arg(long, value_name = "DIR")]
    features: Option<PathBuf>,
    /// Where the reports are written
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
    /// Which reports are written; may be given again [default: all]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Vec<report::Format>,
    /// Open report.html in the browser at the end
    #[arg(long, conflicts_with = "all_targets")]
    open: bool,
    /// Print only what is broken, where to read on, and the verdict
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Print every failure and every list in full
    #[arg(short, long)]
    verbose: bool,
    /// Decides what the run makes up: tokens, passwords, logins, paths and walks [default: by chance; results.json has it]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(..=9_007_199_254_740_991))]
    seed: Option<u64>,
    /// How many scenarios run at one time
    #[arg(long, value_name = "N", default_value = "8")]
    concurrency: NonZeroUsize,
    /// How many targets are judged at one time
    #[arg(long, value_name = "N", default_value = "4", hide_short_help = true)]
    at_once: NonZeroUsize,
    /// Wait so long for a server that is not up yet, like 60s
    #[arg(long, value_name = "TIME", value_parser = read_time, default_value = "0s", hide_default_value = true)]
    wait_for_server: Duration,
    /// End with 3 when a requirement had to be skipped
    #[arg(long)]
    require_complete: bool,
    /// Compare with a baseline in this folder, and say what changed
    #[arg(long, value_name = "DIR", conflicts_with_all = ["all_targets", "shard"])]
    baseline: Option<PathBuf>,
    /// With --baseline: the least difference that ends the command with 1
    #[arg(
        long,
        value_enum,
        value_name = "CLASS",
        default_value = "breaking",
        requires = "baseline",
        hide_short_help = true
    )]
    fail_on: Class,
    /// Seed a defect or a variation into the embedded stand-in, to see what the suite makes of it
    #[arg(long, value_name = "NAME", conflicts_with_all = ["target", "all_targets", "target_index"])]
    fault: Vec<String>,
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    args.seed.into_iter().for_each(steps::set_run_seed);
    step_lookup::compile_in_background();
    let catalogue = Catalogue::load(args.features.as_deref())?;
    let chosen = args.targets.load(!args.fault.is_empty(), &catalogue)?;
    let suite = Arc::new(Suite::load(catalogue, args.features.as_deref())?);
    let selection = Selection::parse(&suite, args.tags.as_deref(), &args.requirement)?.only(args.shard);
    match chosen {
        SelectedTargets::One(loaded) => one(args, *loaded, suite, selection, output).await,
        SelectedTargets::Fleet(fleet) => several(args, fleet, suite, selection, output).await,
    }
}

async fn one(
    args: Args,
    loaded: LoadedConfig,
    suite: Arc<Suite>,
    mut selection: Selection,
    output: &Output,
) -> Result<ExitStatus> {
    let folder =
        report::Folder::open(args.reports.clone().or(loaded.reports.clone()).unwrap_or_else(|| "reports".into()))?;
    let profile = args.profile.or(loaded.profile).unwrap_or(Profile::Documented);
    let against = args.baseline.as_deref().map(Against::open).transpose()?;
    let prepared = RunContext::of(loaded, &args.fault)?;
    let mut earlier = None;
    if args.resume || args.failed {
        earlier = EarlierRun::read(&folder, &suite, &prepared.backend.judged(&prepared.name))?;
    }
    match &earlier {
        None if args.failed => bail!("{} has no results.json; run without --failed", folder.path().display()),
        None if args.resume => output.note("no earlier run is in the reports folder: this run begins anew"),
        Some(earlier) if args.failed => selection = earlier.failed(&suite)?,
        Some(earlier) => match earlier.rest(&suite, output) {
            Some(rest) => selection = rest,
            None => return print(earlier.results(), &folder, &args, output),
        },
        None => {}
    }
    let is_anew = earlier.is_none() && formats(&args).contains(&report::Format::Json);
    let checkpoint = is_anew.then(|| Checkpoint::new(folder.path().to_owned()));
    let earlier = earlier.filter(|_| args.resume);
    let (concurrency, progress) = (args.concurrency.get(), progress(&args));
    let explores = earlier.as_ref().is_none_or(|earlier| earlier.results().exploration.is_none());
    let wait_for_server = args.wait_for_server;
    let attended = TargetRun {
        selection,
        profile,
        concurrency,
        suite: suite.clone(),
        progress,
        explores,
        wait_for_server,
        checkpoint,
    };
    let mut judged = attended.run(prepared, output).await?;
    if let Some(earlier) = earlier {
        judged.unsealed = earlier.unsealed();
        judged.results = earlier.complete(judged.results, &suite)?;
    }
    let against = against.filter(|_| judged.results.interrupted.is_none());
    let seen = against.map(|against| against.compare(&mut judged.results, output)).transpose()?;
    let status = finish(&mut judged, &folder, seen.into_iter().flatten(), &args, output);
    // The program ends: the system takes all memory back at once, while thousands of scenarios take long to take apart.
    mem::forget(judged);
    status
}

async fn several(
    args: Args,
    chosen: FleetConfig,
    suite: Arc<Suite>,
    selection: Selection,
    output: &Output,
) -> Result<ExitStatus> {
    if args.baseline.is_some() {
        bail!("--baseline is what one server answered; compare each target by itself");
    }
    if args.resume || args.failed {
        bail!("--resume and --failed go on with the run of one target; choose it with --target NAME");
    }
    let FleetConfig { targets, profile, reports, journal } = chosen;
    let fleet = Fleet {
        suite,
        selection,
        profile: args.profile.or(profile).unwrap_or(Profile::Documented),
        concurrency: args.concurrency.get(),
        at_once: args.at_once,
        require_complete: args.require_complete,
        wait_for_server: args.wait_for_server,
        reports: args.reports.clone().or(reports).unwrap_or_else(|| "reports".into()),
        formats: formats(&args),
        journal,
    };
    fleet.run(targets, output).await
}

fn read_time(text: &str) -> Result<Duration, String> {
    if text == "0s" { Ok(Duration::ZERO) } else { parse_duration(text).map_err(|error| error.to_string()) }
}

/// The chosen formats, else the usual ones, with GitLab's own in its jobs.
fn formats(args: &Args) -> Vec<report::Format> {
    if !args.format.is_empty() {
        return args.format.clone();
    }
    let for_gitlab = is_set("GITLAB_CI").then_some(report::Format::CodeQuality);
    report::Format::ALL.into_iter().chain(for_gitlab).collect()
}

fn is_set(variable: &str) -> bool {
    env::var(variable).is_ok_and(|value| value == "true")
}

fn progress(args: &Args) -> RunProgress {
    if args.quiet { RunProgress::hidden() } else { RunProgress::on_terminal() }
}

/// How the text of the run is laid out.
fn view(folder: &report::Folder, args: &Args, output: &Output) -> TerminalView {
    let detail = match args {
        Args { quiet: true, .. } => Detail::Quiet,
        Args { verbose: true, .. } => Detail::Full,
        _ => Detail::Usual,
    };
    let formats = formats(args);
    let best =
        if formats.contains(&report::Format::Html) { Some(report::Format::Html) } else { formats.first().copied() };
    let report = best.map(|format| output.link(&folder.path().join(format.file_name())));
    TerminalView { detail, report, ..output.view() }
}

/// Writes the reports and prints the verdict, unless a secret would be printed with it.
fn finish(
    judged: &mut RunOutcome,
    folder: &report::Folder,
    seen: impl Iterator<Item = PathBuf>,
    args: &Args,
    output: &Output,
) -> Result<ExitStatus> {
    // Without colours and in lines of any length, a secret is in one piece.
    let annotations = if is_set("GITHUB_ACTIONS") { report::github_annotations(&judged.results) } else { Vec::new() };
    let plain = report::terminal(&judged.results, &view(folder, args, output).to_plain());
    let printed = format!("{plain}\n{}", annotations.join("\n"));
    judged.report(folder, &formats(args), seen, &printed, output)?;
    output.workflow_commands(&annotations)?;
    let status = print(&judged.results, folder, args, output)?;
    judged.warn(output);
    if exit::is_empty_shard(&judged.results) {
        output.note("nothing in this shard could be judged; `report merge` wants its results all the same");
    }
    Ok(status)
}

/// Prints the report, opens it where asked for, and gives what it means to a script.
fn print(results: &Results, folder: &report::Folder, args: &Args, output: &Output) -> Result<ExitStatus> {
    output.result(&report::terminal(results, &view(folder, args, output)))?;
    let page = folder.path().join(report::Format::Html.file_name());
    if args.open
        && let Err(reason) = browser::open_in_browser(&page)
    {
        output.note(&format!("warning: no browser could be opened ({reason}); open {} yourself", page.display()));
    }
    Ok(status(results, args))
}

/// What verdict and drift mean to a script.
fn status(results: &Results, args: &Args) -> ExitStatus {
    match &results.drift {
        Some(drift) if drift.fails(args.fail_on) => ExitStatus::Violated,
        _ => ExitStatus::of(results, args.require_complete),
    }
}
