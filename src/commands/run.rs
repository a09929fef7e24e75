//! `run`: the features on a target or on the embedded stand-in, the reports, and the verdict on the terminal.

use std::{num::NonZeroUsize, path::PathBuf, rc::Rc, sync::Arc};

use anyhow::Result;
use steps::Meter;

use crate::{
    catalogue::Catalogue,
    config::{self, Overrides},
    exit::ExitStatus,
    interruption,
    judge::{Judged, Judgement},
    output::Output,
    preflight,
    prepared::Prepared,
    progress::Progress,
    redaction::Redaction,
    report,
    results::{Profile, RequirementVerdict, Results, Verdict},
    runner::quiet,
    suite::{Selection, Suite},
    venue::Venue,
};

/// Arguments of `run`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The target to judge, by its name in the configuration; without one, the embedded stand-in
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// The configuration file [default: bo-conformance.toml here or in a parent folder]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How strictly recommendations count
    #[arg(long, value_enum)]
    profile: Option<Profile>,
    /// Only scenarios with these tags, like "@OTT-2 or @should"
    #[arg(long, value_name = "EXPR")]
    tags: Option<String>,
    /// Only scenarios that judge these requirements
    #[arg(long, value_name = "ID", num_args = 1..)]
    requirement: Vec<String>,
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
    /// End with 3 when a requirement had to be skipped
    #[arg(long)]
    require_complete: bool,
    /// Seed a defect or a variation into the embedded stand-in, to see what the suite makes of it
    #[arg(long, value_name = "NAME", conflicts_with = "target")]
    fault: Vec<String>,
    #[command(flatten)]
    overrides: Overrides,
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    let catalogue = Catalogue::embedded()?;
    let settings = config::load(args.config.as_deref(), args.target.as_deref(), &args.overrides, &catalogue)?;
    let suite = Arc::new(Suite::load(catalogue, args.features.as_deref())?);
    let selection = Selection::parse(&suite, args.tags.as_deref(), &args.requirement)?;
    let folder = report::Folder::open(args.reports.or(settings.reports).unwrap_or_else(|| "reports".into()))?;
    let profile = args.profile.or(settings.profile).unwrap_or(Profile::Documented);
    let meter = Arc::new(Meter::default());
    let source = settings.target.as_ref().and_then(|target| target.one_time.clone());
    let prepared = match settings.target {
        Some(resolved) => Prepared::deployment(resolved, &settings.home, meter.clone(), &suite.catalogue)?,
        None => Prepared::stand_in(&args.fault, meter.clone())?,
    };
    let venue = Rc::new(prepared.venue);
    if let Err(obstacle) = preflight::check(&venue, &prepared.name, source.as_ref(), &suite, &selection).await {
        output.note(&format!("error: {obstacle}"));
        return Ok(ExitStatus::NotJudged);
    }
    if let Err(reason) = make_good(&venue, output).await {
        output.note(&format!("error: {reason}"));
        return Ok(ExitStatus::NotJudged);
    }
    let judgement = Judgement {
        suite,
        selection,
        profile,
        waivers: prepared.waivers,
        target: venue.judged(&prepared.name),
        max_wait: venue.target().max_wait,
        venue: venue.clone(),
        concurrency: args.concurrency.get(),
    };
    quiet::install();
    let progress = Progress::on_terminal();
    let run = judgement.run(|| meter.cost(), |event| progress.follow(event));
    let say = |obstacle: &_| output.note(&format!("error: {obstacle}"));
    let watch = preflight::watch(&venue, &prepared.name, &meter, say);
    tokio::select! {
        judged = run => {
            let written = write(&judged.results, &folder, &args.format)?;
            finish(&judged, &written, &venue, args.require_complete, output)
        }
        signal = interruption::signal() => Ok(interrupted(signal, &venue, output).await),
        never = watch => match never {},
    }
}

/// Puts back what an earlier run of this target has left changed.
async fn make_good(venue: &Venue, output: &Output) -> Result<(), String> {
    if let Venue::Deployment(deployment) = venue
        && let Some(done) = deployment.make_good().await?
    {
        output.note(&done);
    }
    Ok(())
}

/// Leaves the server as it was; no reports, for half a run proves nothing.
async fn interrupted(signal: &str, venue: &Venue, output: &Output) -> ExitStatus {
    output.note(&format!("interrupted by {signal}: nothing was judged; lifetimes are put back …"));
    for reason in venue.end().await {
        output.note(&format!("warning: {reason}"));
    }
    ExitStatus::NotJudged
}

/// The reports, and the summary where a CI service wants it.
fn write(results: &Results, folder: &report::Folder, formats: &[report::Format]) -> Result<Vec<report::Written>> {
    let files = folder.write(results, if formats.is_empty() { &report::Format::ALL } else { formats })?;
    let mut written: Vec<report::Written> = files.into_iter().map(Into::into).collect();
    written.extend(report::step_summary(results)?);
    Ok(written)
}

/// Says what came out, unless a secret would be said with it.
fn finish(
    judged: &Judged,
    written: &[report::Written],
    venue: &Venue,
    require_complete: bool,
    output: &Output,
) -> Result<ExitStatus> {
    let warnings: Vec<String> = judged.left_changed.iter().map(|reason| format!("warning: {reason}")).collect();
    let mut redaction = Redaction::of(venue.seen());
    redaction.check_text("the warnings", &warnings.join("\n"));
    let unbroken = report::terminal(&judged.results, report::Paint::new(false), usize::MAX);
    redaction.check_text("standard output", &unbroken);
    redaction.check_files(written);
    redaction.check_files(venue.journal().map(|journal| journal.to_owned().into()).as_slice());
    if let Some(left_out) = redaction.left_out() {
        output.note(&format!("note: {left_out}"));
    }
    if let Err(leaks) = redaction.conclude() {
        output.note(&format!("error: {leaks}"));
        return Ok(ExitStatus::NotJudged);
    }
    output.result(&report::terminal(&judged.results, output.paint(), output.width()))?;
    warnings.iter().for_each(|warning| output.note(warning));
    Ok(status(&judged.results, require_complete))
}

/// What the verdict means to a script.
fn status(results: &Results, require_complete: bool) -> ExitStatus {
    let skipped = results.requirements.iter().any(|requirement| requirement.verdict == RequirementVerdict::Skip);
    match results.verdict {
        Verdict::Nonconformant => ExitStatus::Violated,
        Verdict::Inconclusive => ExitStatus::NotJudged,
        Verdict::Conformant if require_complete && skipped => ExitStatus::NotJudged,
        Verdict::Conformant => ExitStatus::Done,
    }
}
