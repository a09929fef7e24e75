//! `run`: the features on a target or on the embedded stand-in, the reports, and the verdict on the terminal.

mod earlier_run;

use std::{mem, num::NonZeroUsize, path::PathBuf, sync::Arc};

use anyhow::{Result, bail};

use earlier_run::EarlierRun;

use super::baseline::Against;
use crate::{
    catalogue::Catalogue,
    config::{FleetConfig, LoadedConfig, SelectedTargets, TargetsArgs},
    exit::{self, ExitStatus},
    output::Output,
    report,
    results::{Class, Profile, Results},
    run::context::RunContext,
    run::fleet::Fleet,
    run::plan::RunOutcome,
    run::progress::Progress,
    run::target_run::TargetRun,
    suite::{Selection, Shard, Suite, step_lookup},
};

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
    /// How many scenarios run at one time
    #[arg(long, value_name = "N", default_value = "8")]
    concurrency: NonZeroUsize,
    /// How many targets are judged at one time
    #[arg(long, value_name = "N", default_value = "4")]
    at_once: NonZeroUsize,
    /// End with 3 when a requirement had to be skipped
    #[arg(long)]
    require_complete: bool,
    /// Compare with a baseline in this folder, and say what changed
    #[arg(long, value_name = "DIR", conflicts_with_all = ["all_targets", "shard"])]
    baseline: Option<PathBuf>,
    /// With --baseline: the least difference that ends the command with 1
    #[arg(long, value_enum, value_name = "CLASS", default_value = "breaking", requires = "baseline")]
    fail_on: Class,
    /// Seed a defect or a variation into the embedded stand-in, to see what the suite makes of it
    #[arg(long, value_name = "NAME", conflicts_with_all = ["target", "all_targets", "target_index"])]
    fault: Vec<String>,
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    step_lookup::compile_in_background();
    let catalogue = Catalogue::embedded()?;
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
        None if args.failed => bail!("there is no results.json in {}; run without --failed", folder.path().display()),
        None if args.resume => output.note("no earlier run is in the reports folder: this run begins anew"),
        Some(earlier) if args.failed => selection = earlier.failed(&suite)?,
        Some(earlier) => match earlier.rest(&suite, output) {
            Some(rest) => selection = rest,
            None => return print(earlier.results(), &args, output),
        },
        None => {}
    }
    let earlier = earlier.filter(|_| args.resume);
    let (concurrency, progress) = (args.concurrency.get(), Progress::on_terminal());
    let explores = earlier.as_ref().is_none_or(|earlier| earlier.results().exploration.is_none());
    let attended = TargetRun { selection, profile, concurrency, suite: suite.clone(), progress, explores };
    match attended.run(prepared, output).await {
        Ok(mut judged) => {
            if let Some(earlier) = earlier {
                judged.results = earlier.complete(judged.results, &suite)?;
            }
            let against = against.filter(|_| judged.results.interrupted.is_none());
            let seen = against.map(|against| against.compare(&mut judged.results, output)).transpose()?;
            let status = finish(&mut judged, &folder, seen.into_iter().flatten(), &args, output);
            // The program ends: the system takes all memory back at once, while thousands of scenarios take long to take apart.
            mem::forget(judged);
            status
        }
        Err(status) => Ok(status),
    }
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
        reports: args.reports.clone().or(reports).unwrap_or_else(|| "reports".into()),
        formats: formats(&args).to_vec(),
        journal,
    };
    fleet.run(targets, output).await
}

fn formats(args: &Args) -> &[report::Format] {
    if args.format.is_empty() { &report::Format::ALL } else { &args.format }
}

/// Writes the reports and says what came out, unless a secret would be said with it.
fn finish(
    judged: &mut RunOutcome,
    folder: &report::Folder,
    seen: impl Iterator<Item = PathBuf>,
    args: &Args,
    output: &Output,
) -> Result<ExitStatus> {
    // Without colours and in lines of any length, a secret stands in one piece.
    let plain = report::terminal(&judged.results, report::Paint::new(false), usize::MAX);
    if !judged.report(folder, formats(args), seen, &plain, output)? {
        return Ok(ExitStatus::NotJudged);
    }
    let status = print(&judged.results, args, output)?;
    judged.warn(output);
    if exit::is_empty_shard(&judged.results) {
        output.note("nothing in this shard could be judged; `report merge` wants its results all the same");
    }
    Ok(status)
}

/// Prints the report, and gives what it means to a script.
fn print(results: &Results, args: &Args, output: &Output) -> Result<ExitStatus> {
    output.result(&report::terminal(results, output.paint(), output.width()))?;
    Ok(status(results, args))
}

/// What verdict and drift mean to a script.
fn status(results: &Results, args: &Args) -> ExitStatus {
    match &results.drift {
        Some(drift) if drift.fails(args.fail_on) => ExitStatus::Violated,
        _ => ExitStatus::of(results, args.require_complete),
    }
}
