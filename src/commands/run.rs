//! `run`: the features on a target or on the embedded stand-in, the reports, and the verdict on the terminal.

use std::{num::NonZeroUsize, path::PathBuf, sync::Arc};

use anyhow::Result;

use crate::{
    attended::Attended,
    catalogue::Catalogue,
    config::{self, Choices, Chosen, Loaded},
    exit::{self, ExitStatus},
    fleet::Fleet,
    judge::Judged,
    output::Output,
    prepared::Prepared,
    progress::Progress,
    report,
    results::{Profile, Results},
    suite::{Selection, Shard, Suite},
};

/// Arguments of `run`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    choices: Choices,
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
    /// Seed a defect or a variation into the embedded stand-in, to see what the suite makes of it
    #[arg(long, value_name = "NAME", conflicts_with_all = ["target", "all_targets", "target_index"])]
    fault: Vec<String>,
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    let catalogue = Catalogue::embedded()?;
    let chosen = args.choices.load(&catalogue)?;
    let suite = Arc::new(Suite::load(catalogue, args.features.as_deref())?);
    let selection = Selection::parse(&suite, args.tags.as_deref(), &args.requirement)?.only(args.shard);
    match chosen {
        Chosen::One(loaded) => one(args, *loaded, suite, selection, output).await,
        Chosen::Fleet(fleet) => several(args, fleet, suite, selection, output).await,
    }
}

async fn one(
    args: Args,
    loaded: Loaded,
    suite: Arc<Suite>,
    selection: Selection,
    output: &Output,
) -> Result<ExitStatus> {
    let folder = report::Folder::open(args.reports.or(loaded.reports.clone()).unwrap_or_else(|| "reports".into()))?;
    let attended = Attended {
        selection,
        profile: args.profile.or(loaded.profile).unwrap_or(Profile::Documented),
        concurrency: args.concurrency.get(),
        suite: suite.clone(),
        progress: Progress::on_terminal(),
    };
    let prepared = Prepared::of(loaded, &args.fault, &suite.catalogue)?;
    match attended.run(prepared, output).await {
        Ok(judged) => {
            write(&judged.results, &folder, &args.format)?;
            finish(&judged, args.require_complete, output)
        }
        Err(status) => Ok(status),
    }
}

async fn several(
    args: Args,
    chosen: config::Fleet,
    suite: Arc<Suite>,
    selection: Selection,
    output: &Output,
) -> Result<ExitStatus> {
    let config::Fleet { targets, profile, reports, journal } = chosen;
    let fleet = Fleet {
        suite,
        selection,
        profile: args.profile.or(profile).unwrap_or(Profile::Documented),
        concurrency: args.concurrency.get(),
        at_once: args.at_once,
        require_complete: args.require_complete,
        reports: args.reports.or(reports).unwrap_or_else(|| "reports".into()),
        formats: if args.format.is_empty() { report::Format::ALL.to_vec() } else { args.format },
        journal,
    };
    fleet.run(targets, output).await
}

/// The reports, and the summary where a CI service wants it.
fn write(results: &Results, folder: &report::Folder, formats: &[report::Format]) -> Result<()> {
    folder.write(results, if formats.is_empty() { &report::Format::ALL } else { formats })?;
    report::step_summary(results)?;
    Ok(())
}

fn finish(judged: &Judged, require_complete: bool, output: &Output) -> Result<ExitStatus> {
    output.result(&report::terminal(&judged.results, output.paint(), output.width()))?;
    for reason in &judged.left_changed {
        output.note(&format!("warning: {reason}"));
    }
    if exit::is_empty_shard(&judged.results) {
        output.note("nothing in this shard could be judged; `report merge` wants its results all the same");
    }
    Ok(ExitStatus::of(&judged.results, require_complete))
}
