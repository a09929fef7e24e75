//! `baseline compare`: what changed since a baseline was recorded, on a server or between two recordings.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{
    Against,
    target_args::{PlannedRun, TargetArgs},
};
use crate::{
    baseline::read_record,
    exit::ExitStatus,
    output::Output,
    report,
    results::{Class, Drift},
};

/// Arguments of `baseline compare`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Two recordings to compare without a server: folders of baselines, or the results.json of runs
    #[arg(value_names = ["BEFORE", "AFTER"], num_args = 2, conflicts_with_all = ["target", "baseline", "reports"])]
    recordings: Vec<PathBuf>,
    #[command(flatten)]
    target_args: TargetArgs,
    /// Lowest class of differences that exits 1
    #[arg(long, value_enum, value_name = "CLASS", default_value = "breaking")]
    fail_on: Class,
    /// Where the reports of the run are written [default: reports]
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
}

/// Runs the command.
pub(super) async fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    if let [before, after] = args.recordings.as_slice() {
        let drift = offline(before, after)?;
        output.result(&report::drift(&drift, output.paint(), output.width()))?;
        return Ok(status(&drift, args.fail_on));
    }
    let planned = args.target_args.plan(args.target_args.load()?)?;
    let against = Against::open(planned.baseline.folder())?;
    online(args, planned, &against, output).await
}

fn offline(before: &Path, after: &Path) -> Result<Drift> {
    Ok(read_record(before)?.drift(&before.display().to_string(), &read_record(after)?))
}

async fn online(args: &Args, planned: PlannedRun, against: &Against, output: &Output) -> Result<ExitStatus> {
    let reports = args.reports.clone().or(planned.reports.clone()).unwrap_or_else(|| "reports".into());
    let folder = report::Folder::open(reports)?;
    let mut judged = planned.run(output).await?;
    let seen = against.compare(&mut judged.results, output)?;
    let Some(drift) = judged.results.drift.clone() else { return Ok(ExitStatus::NotJudged) };
    let plain = report::drift(&drift, report::Paint::new(false), usize::MAX);
    judged.report(&folder, &report::Format::ALL, seen, &plain, output)?;
    output.result(&report::drift(&drift, output.paint(), output.width()))?;
    output.result(&format!("the run itself: {}; see {}\n", judged.results.verdict, folder.path().display()))?;
    Ok(status(&drift, args.fail_on))
}

fn status(drift: &Drift, fail_on: Class) -> ExitStatus {
    match drift {
        drift if drift.fails(fail_on) => ExitStatus::Violated,
        // Nothing that was recorded before was judged now: no difference means nothing then.
        Drift { compared: 0, .. } => ExitStatus::NotJudged,
        _ => ExitStatus::Done,
    }
}
