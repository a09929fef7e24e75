//! `baseline record`: two whole runs, and what they agree on as files.

use std::fs;

use anyhow::Result;

use super::target_args::TargetArgs;
use crate::{
    baseline::{Record, Snapshot},
    exit::ExitStatus,
    output::Output,
    results::Results,
    run::{leak_scan::LeakScan, plan::RunOutcome},
    sanitize::sanitize,
};

/// Most unstable answers that are named; the files mark all of them.
const MOST_NAMED: usize = 20;

/// Arguments of `baseline record`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    target_args: TargetArgs,
    /// Record anew over a baseline that is there already
    #[arg(long)]
    replace: bool,
}

/// Runs the command.
pub(super) async fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    let loaded = args.target_args.load()?;
    let first = args.target_args.plan(loaded.clone())?;
    let baseline = first.baseline.clone();
    if !args.replace {
        baseline.must_be_new()?;
    }
    output.note("first of two runs; facts that differ between them are marked as unstable");
    let first = first.run(output).await?;
    output.note("second run");
    let second = args.target_args.plan(loaded)?.run(output).await?;
    let (snapshot, unstable) =
        Snapshot::stabilize(&Snapshot::from_results(&first.results), &Snapshot::from_results(&second.results));
    if snapshot.is_empty() {
        return Err(ExitStatus::NotJudged.because("nothing was judged in both runs, so nothing is recorded"));
    }
    let files = baseline.write(&Record { snapshot, ..Record::from_results(&second.results) })?;
    let count = files.len();
    let summary = summarize(&unstable, &second.results);
    let leak = |judged: &RunOutcome| LeakScan::of(&judged.seen).find(&[], &files, &summary, output).error();
    if let Some(leak) = [&first, &second].into_iter().find_map(leak) {
        files.iter().try_for_each(fs::remove_file)?;
        return Err(leak);
    }
    output.result(&summary)?;
    output.result(&format!("recorded in {}: {count} snapshots and latency.json\n", baseline.folder().display()))?;
    Ok(ExitStatus::Done)
}

/// The unstable facts and the verdict.
fn summarize(unstable: &[String], results: &Results) -> String {
    let mut text = String::new();
    if !unstable.is_empty() {
        text.push_str("not the same in two runs, so never compared:\n");
    }
    for what in unstable.iter().take(MOST_NAMED) {
        text.push_str(&format!("  {}\n", sanitize(what)));
    }
    if unstable.len() > MOST_NAMED {
        text.push_str(&format!("  and {} more, marked in the snapshots\n", unstable.len() - MOST_NAMED));
    }
    text.push_str(&format!("the server as it is recorded: {}\n", results.verdict));
    text
}
