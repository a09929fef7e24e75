//! The arguments of recording and comparing: the target, the part of the suite and the baseline.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
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
    run::progress::RunProgress,
    run::target_run::TargetRun,
    suite::{Selection, Suite},
};

/// What to run where. Flatten it into the command's arguments.
#[derive(clap::Args)]
pub(super) struct TargetArgs {
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

/// A run whose configuration and suite have been checked.
pub(super) struct PlannedRun {
    target_run: TargetRun,
    context: RunContext,
    /// The folder of the reports, if the configuration sets it.
    pub(super) reports: Option<PathBuf>,
    pub(super) baseline: Baseline,
}

impl TargetArgs {
    /// Reads the configuration: once, as it may come from a pipe.
    ///
    /// # Errors
    /// When it is wrong.
    pub(super) fn load(&self) -> Result<LoadedConfig> {
        Ok(self.target.load(!self.fault.is_empty(), &Catalogue::load(self.features.as_deref())?)?)
    }

    /// Reads the suite and plans a run. Sends nothing.
    ///
    /// # Errors
    /// When the features or the selection are wrong, or the source of one-time tokens cannot be used.
    pub(super) fn plan(&self, loaded: LoadedConfig) -> Result<PlannedRun> {
        let suite = Arc::new(Suite::load(Catalogue::load(self.features.as_deref())?, self.features.as_deref())?);
        let target_run = TargetRun {
            checkpoint: None,
            selection: Selection::parse(&suite, self.tags.as_deref(), &self.requirement)?,
            profile: loaded.profile.unwrap_or(Profile::Documented),
            concurrency: self.concurrency.get(),
            suite: suite.clone(),
            progress: RunProgress::on_terminal(),
            explores: false,
            wait_for_server: Duration::ZERO,
        };
        let reports = loaded.reports.clone();
        let context = RunContext::of(loaded, &self.fault)?;
        let baseline =
            Baseline::at(self.baseline.clone().unwrap_or_else(|| Path::new(BASELINES).join(file_name(&context.name))));
        Ok(PlannedRun { target_run, context, reports, baseline })
    }
}

impl PlannedRun {
    /// Runs the suite.
    ///
    /// # Errors
    /// When nothing was judged, or the run was interrupted.
    pub(super) async fn run(self, output: &Output) -> Result<RunOutcome> {
        let judged = self.target_run.run(self.context, output).await?;
        judged.warn(output);
        match &judged.results.interrupted {
            Some(signal) => Err(ExitStatus::NotJudged
                .because(format_args!("{signal} interrupted the run, and half a run is not compared; begin again"))),
            None => Ok(judged),
        }
    }
}
