//! `run`: the features on a target or on the embedded stand-in, the reports, and the verdict on the terminal.

use std::{num::NonZeroUsize, path::PathBuf, rc::Rc, sync::Arc};

use anyhow::Result;
use standin::Variations;
use steps::{Meter, Schemas, Shared, Snapshots};

use crate::{
    catalogue::Catalogue,
    config::{self, Overrides, Resolved},
    exit::ExitStatus,
    judge::{Judged, Judgement},
    one_time,
    output::Output,
    progress::{self, Progress},
    report,
    results::{Profile, RequirementVerdict, Results, Verdict},
    runner::quiet,
    suite::{Selection, Suite, embedded},
    venue::{Deployment, Embedded, Venue},
    verdict::Waiver,
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
    let prepared = Prepared::new(settings.target, &args.fault, meter.clone(), &suite.catalogue)?;
    let judgement = Judgement {
        suite,
        selection,
        profile,
        waivers: prepared.waivers,
        target: prepared.venue.judged(&prepared.name),
        max_wait: prepared.venue.target().max_wait,
        venue: Rc::new(prepared.venue),
        concurrency: args.concurrency.get(),
    };
    quiet::install();
    let progress = Progress::on_terminal();
    let judged = judgement.run(|| meter.cost(), |event| progress.follow(event)).await;
    finish(&judged, &folder, args.require_complete, output)
}

fn finish(judged: &Judged, folder: &report::Folder, require_complete: bool, output: &Output) -> Result<ExitStatus> {
    folder.write(&judged.results)?;
    output.result(&report::terminal(&judged.results, output.paint(), output.width()))?;
    for reason in &judged.left_changed {
        output.note(&format!("warning: {reason}"));
    }
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

/// Everything about the target that a run needs.
struct Prepared {
    venue: Venue,
    name: String,
    waivers: Vec<Waiver>,
}

impl Prepared {
    fn new(target: Option<Resolved>, faults: &[String], meter: Arc<Meter>, catalogue: &Catalogue) -> Result<Self> {
        match target {
            Some(resolved) => Self::deployment(resolved, meter, catalogue),
            None => Self::stand_in(faults, meter),
        }
    }

    fn stand_in(faults: &[String], meter: Arc<Meter>) -> Result<Self> {
        let names: Vec<&str> = faults.iter().map(String::as_str).collect();
        let variations = Variations::named(&names)?;
        // The reviewed snapshots are those of the correct stand-in; a variation has none.
        let snapshots = if faults.is_empty() { Snapshots::new(embedded::snapshots()) } else { Snapshots::default() };
        let venue = Embedded::new(shared(snapshots, meter)?, variations)?;
        Ok(Self { venue: Venue::Embedded(venue), name: "stand-in".to_owned(), waivers: Vec::new() })
    }

    fn deployment(resolved: Resolved, meter: Arc<Meter>, catalogue: &Catalogue) -> Result<Self> {
        let Resolved { name, target, one_time, waivers } = resolved;
        let source = one_time.map(|source| one_time::open(source, progress::clicks())).transpose()?;
        let venue = Deployment::new(target, source, shared(Snapshots::default(), meter)?)?;
        let waivers = waivers.into_iter().filter_map(|waiver| known(waiver, catalogue)).collect();
        Ok(Self { venue: Venue::Deployment(venue), name, waivers })
    }
}

/// The configuration has refused unknown ids already.
fn known(waiver: config::Waiver, catalogue: &Catalogue) -> Option<Waiver> {
    let config::Waiver { requirement, reason, owner, expires } = waiver;
    Some(Waiver { requirement: catalogue.find(&requirement)?, reason, owner, expires })
}

fn shared(snapshots: Snapshots, meter: Arc<Meter>) -> Result<Shared> {
    let schemas = Schemas::new(embedded::schemas())?;
    Ok(Shared { schemas: Arc::new(schemas), snapshots: Arc::new(snapshots), meter })
}
