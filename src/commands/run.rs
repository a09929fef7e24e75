//! `run`: the features on a target or on the embedded stand-in, the reports, and the verdict on the terminal.

use std::{num::NonZeroUsize, path::PathBuf, sync::Arc};

use anyhow::Result;

use super::baseline::Against;
use crate::{
    attended::Attended,
    catalogue::Catalogue,
    config::Choice,
    exit::ExitStatus,
    judge::Judged,
    output::Output,
    prepared::Prepared,
    redaction::Redaction,
    report,
    results::{Class, Profile, RequirementVerdict, Results, Verdict},
    suite::{Selection, Suite, sentences},
};

/// Arguments of `run`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    choice: Choice,
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
    /// Compare with a baseline in this folder, and say what changed
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
    /// With --baseline: the least difference that ends the command with 1
    #[arg(long, value_enum, value_name = "CLASS", default_value = "breaking", requires = "baseline")]
    fail_on: Class,
    /// Seed a defect or a variation into the embedded stand-in, to see what the suite makes of it
    #[arg(long, value_name = "NAME", conflicts_with = "target")]
    fault: Vec<String>,
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    sentences::prepare();
    let catalogue = Catalogue::embedded()?;
    let loaded = args.choice.load(&catalogue)?;
    let suite = Arc::new(Suite::load(catalogue, args.features.as_deref())?);
    let selection = Selection::parse(&suite, args.tags.as_deref(), &args.requirement)?;
    let folder =
        report::Folder::open(args.reports.clone().or(loaded.reports.clone()).unwrap_or_else(|| "reports".into()))?;
    let against = args.baseline.as_deref().map(Against::open).transpose()?;
    let profile = args.profile.or(loaded.profile).unwrap_or(Profile::Documented);
    let prepared = Prepared::of(loaded, &args.fault, &suite.catalogue)?;
    let attended = Attended { selection, profile, concurrency: args.concurrency.get(), suite };
    match attended.run(prepared, output).await {
        Ok(mut judged) => {
            let seen = against.map(|against| against.compare(&mut judged.results, output)).transpose()?;
            let mut written = write(&judged.results, &folder, &args.format)?;
            written.extend(seen.into_iter().flatten());
            finish(judged, &written, &args, output)
        }
        Err(status) => Ok(status),
    }
}

/// The reports, and the summary where a CI service wants it.
fn write(results: &Results, folder: &report::Folder, formats: &[report::Format]) -> Result<Vec<report::Written>> {
    let files = folder.write(results, if formats.is_empty() { &report::Format::ALL } else { formats })?;
    let mut written: Vec<report::Written> = files.into_iter().map(Into::into).collect();
    written.extend(report::step_summary(results)?);
    Ok(written)
}

/// Says what came out, unless a secret would be said with it.
fn finish(judged: Judged, written: &[report::Written], args: &Args, output: &Output) -> Result<ExitStatus> {
    let Judged { results, left_changed, journal, seen } = judged;
    let warnings: String = left_changed.iter().map(|reason| format!("warning: {reason}\n")).collect();
    let page = report::terminal(&results, output.paint(), output.width());
    // Without colours and in lines of any length, a secret stands in one piece.
    let plain = report::terminal(&results, report::Paint::new(false), usize::MAX);
    let status = status(&results, args);
    // The search takes as much memory as the results, which are in the files now.
    drop(results);
    let mut redaction = Redaction::of(&seen);
    redaction.check_text("standard output", &plain);
    redaction.check_text("the warnings", &warnings);
    redaction.check_files(written);
    redaction.check_files(journal.map(report::Written::from).as_slice());
    if let Some(left_out) = redaction.left_out() {
        output.note(&format!("note: {left_out}"));
    }
    if let Err(leaks) = redaction.conclude() {
        output.note(&format!("error: {leaks}"));
        return Ok(ExitStatus::NotJudged);
    }
    output.result(&page)?;
    warnings.lines().for_each(|warning| output.note(warning));
    Ok(status)
}

/// What verdict and drift mean to a script.
fn status(results: &Results, args: &Args) -> ExitStatus {
    let skipped = results.requirements.iter().any(|requirement| requirement.verdict == RequirementVerdict::Skip);
    match results.verdict {
        _ if results.drift.as_ref().is_some_and(|drift| drift.fails(args.fail_on)) => ExitStatus::Violated,
        Verdict::Nonconformant => ExitStatus::Violated,
        Verdict::Inconclusive => ExitStatus::NotJudged,
        Verdict::Conformant if args.require_complete && skipped => ExitStatus::NotJudged,
        Verdict::Conformant => ExitStatus::Done,
    }
}
