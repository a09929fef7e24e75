//! A visit to a server: which one, which part of the suite, and which baseline belongs to it. The same for recording and
//! comparing.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Result;

use super::BASELINES;
use crate::{
    backend::file_name,
    baseline::Baseline,
    catalogue::Catalogue,
    config::{LoadedConfig, OneTargetArgs},
    exit::ExitStatus,
    output::Output,
    results::Profile,
    run::context::RunContext,
    run::plan::RunOutcome,
    run::progress::Progress,
    run::target_run::TargetRun,
    suite::{Selection, Suite},
};

/// What to run where. Flatten it into the command's arguments.
#[derive(clap::Args)]
pub(super) struct Visit {
    #[command(flatten)]
    target: OneTargetArgs,
    /// The folder of the baseline [default: baselines/TARGET]
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
    /// Only scenarios with these tags, like "@OTT-2 or @should"
    #[arg(long, value_name = "EXPR")]
    tags: Option<String>,
    /// Only scenarios that judge these requirements
    #[arg(long, value_name = "ID", num_args = 1..)]
    requirement: Vec<String>,
    /// A folder with features of your own, beside the embedded ones
    #[arg(long, value_name = "DIR")]
    features: Option<PathBuf>,
    /// How many scenarios run at one time
    #[arg(long, value_name = "N", default_value = "8")]
    concurrency: NonZeroUsize,
    /// Seed a defect or a variation into the embedded stand-in, as if it had come with an upgrade
    #[arg(long, value_name = "NAME", conflicts_with = "target")]
    fault: Vec<String>,
}

/// Everything about a visit that can be wrong has been found out.
pub(super) struct Arranged {
    attended: TargetRun,
    prepared: RunContext,
    /// Where reports go by the configuration.
    pub(super) reports: Option<PathBuf>,
    pub(super) baseline: Baseline,
}

impl Visit {
    /// Reads configuration and suite. Nothing is sent yet.
    ///
    /// # Errors
    /// When the configuration, the features or the selection are wrong.
    pub(super) fn arrange(&self) -> Result<Arranged> {
        let catalogue = Catalogue::embedded()?;
        let loaded: LoadedConfig = self.target.load(&catalogue)?;
        let suite = Arc::new(Suite::load(catalogue, self.features.as_deref())?);
        let attended = TargetRun {
            selection: Selection::parse(&suite, self.tags.as_deref(), &self.requirement)?,
            profile: loaded.profile.unwrap_or(Profile::Documented),
            concurrency: self.concurrency.get(),
            suite: suite.clone(),
            progress: Progress::on_terminal(),
        };
        let reports = loaded.reports.clone();
        let prepared = RunContext::of(loaded, &self.fault)?;
        let baseline =
            Baseline::at(self.baseline.clone().unwrap_or_else(|| Path::new(BASELINES).join(file_name(&prepared.name))));
        Ok(Arranged { attended, prepared, reports, baseline })
    }
}

impl Arranged {
    /// Runs the suite.
    ///
    /// # Errors
    /// How the program ends when nothing was judged; why has been said then.
    pub(super) async fn run(self, output: &Output) -> Result<RunOutcome, ExitStatus> {
        let judged = self.attended.run(self.prepared, output).await?;
        judged.warn(output);
        Ok(judged)
    }
}
