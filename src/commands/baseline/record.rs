//! `baseline record`: two whole runs, and what they agree on as files.

use anyhow::Result;

use super::visit::Visit;
use crate::{
    baseline::{Picture, Record},
    exit::ExitStatus,
    output::Output,
    report::Written,
    results::Results,
    run::leak_scan::LeakScan,
    sanitize::sanitize,
};

/// Most unstable answers that are named; the files mark all of them.
const MOST_NAMED: usize = 20;

/// Arguments of `baseline record`.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    visit: Visit,
    /// Record anew over a baseline that is there already
    #[arg(long)]
    replace: bool,
}

/// Runs the command.
pub(super) async fn run(args: &Args, output: &Output) -> Result<ExitStatus> {
    let first = args.visit.arrange()?;
    let baseline = first.baseline.clone();
    if !args.replace {
        baseline.must_be_new()?;
    }
    output.note("first of two runs; what they do not agree on is not recorded as true");
    let first = match first.run(output).await {
        Ok(judged) => judged,
        Err(status) => return Ok(status),
    };
    output.note("second run");
    let second = match args.visit.arrange()?.run(output).await {
        Ok(judged) => judged,
        Err(status) => return Ok(status),
    };
    let (picture, unstable) = Picture::confirmed(&Picture::of(&first.results), &Picture::of(&second.results));
    if picture.is_empty() {
        output.note("error: nothing was judged in both runs, so nothing is recorded");
        return Ok(ExitStatus::NotJudged);
    }
    let files = baseline.write(&Record { picture, ..Record::of(&second.results) })?;
    let (count, files) = (files.len(), files.into_iter().map(Written::from).collect::<Vec<_>>());
    let said = told(&unstable, &second.results);
    if [&first, &second].iter().any(|judged| !LeakScan::of(&judged.seen).finds(&files, &said, output).is_empty()) {
        return Ok(ExitStatus::NotJudged);
    }
    output.result(&said)?;
    output.result(&format!("recorded in {}: {count} snapshots and latency.json\n", baseline.folder().display()))?;
    Ok(ExitStatus::Done)
}

/// What is not in the baseline as a fact.
fn told(unstable: &[String], results: &Results) -> String {
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
