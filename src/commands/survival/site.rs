//! A server that is restarted, as `survival` and `upgrade-gate` reach it: tokens left behind, the command around which it is called,
//! and the judgement after it.

use std::{ffi::OsString, fmt::Display, path::PathBuf, time::Instant};

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use steps::{Operator, TokenPair};
use tokio::process::Command;

use super::report_args::ReportArgs;
use crate::{
    backend::Backend,
    catalogue::{Catalogue, Need},
    config::{LoadedConfig, OneTargetArgs},
    exit::ExitStatus,
    inspect,
    output::Output,
    report,
    results::{Profile, TargetInfo},
    run::context::RunContext,
    run::plan::RunOutcome,
    survival::{State, Survived, Watched, begin, judge, outcome, watch},
};

/// The server, as all three steps reach it.
pub(in crate::commands) struct Site {
    pub(super) context: RunContext,
    operator: Operator,
    sessions_end: bool,
    profile: Profile,
    pub(super) reports: PathBuf,
    began: Instant,
    started_at: Timestamp,
}

impl Site {
    /// The target of the command line.
    ///
    /// # Errors
    /// When the configuration is wrong, or there is no deployment in it.
    pub(super) fn load(args: &OneTargetArgs, profile: Option<Profile>, reports: Option<PathBuf>) -> Result<Self> {
        Self::new(args.load(false, &Catalogue::embedded()?)?, profile, reports)
    }

    /// The target of a configuration.
    ///
    /// # Errors
    /// When there is no deployment in it.
    pub(in crate::commands) fn new(
        loaded: LoadedConfig,
        profile: Option<Profile>,
        reports: Option<PathBuf>,
    ) -> Result<Self> {
        let Some(target) = &loaded.target else {
            bail!("`survival` needs a server that can be restarted: give --target, or --base-url with a login");
        };
        let sessions_end = target.sessions_end_at_restart;
        let profile = profile.or(loaded.profile).unwrap_or(Profile::Documented);
        let reports = reports.or(loaded.reports.clone()).unwrap_or_else(|| "reports".into());
        let context = RunContext::of(loaded, &[])?;
        let Backend::Deployment(deployment) = &context.backend else {
            bail!("`survival` needs a server that can be restarted: give --target");
        };
        let operator = Operator::new(deployment.site());
        let (began, started_at) = (Instant::now(), Timestamp::now());
        Ok(Self { context, operator, sessions_end, profile, reports, began, started_at })
    }

    pub(super) fn base_url(&self) -> &str {
        self.operator.target().base_url.as_str()
    }

    pub(super) async fn examine(&self) -> Result<TargetInfo> {
        let backend = &self.context.backend;
        let needs = [Need::Probe].into_iter().filter(|need| backend.offers(*need)).collect();
        let examined = inspect::examine(backend, None, &needs, false).await.map_err(not_judged)?;
        inspect::first_obstacle(examined, &self.context.name, backend.target(), &needs).map_err(not_judged)?;
        Ok(backend.judged(&self.context.name))
    }

    pub(super) async fn begin(&self, output: &Output) -> Result<State> {
        self.examine().await?;
        let state = begin(&self.operator).await.map_err(not_judged)?;
        state.missing().for_each(|reason| output.note(&format!("note: {reason}")));
        Ok(state)
    }

    /// Leaves tokens behind, runs the command and calls the server meanwhile.
    ///
    /// # Errors
    /// When nothing can be judged, or the command cannot be started.
    pub(in crate::commands) async fn run_around(&self, command: &[OsString], output: &Output) -> Result<Around> {
        let state = self.begin(output).await?;
        let (program, arguments) = command.split_first().context("give a command after `--`")?;
        let shown = program.to_string_lossy().into_owned();
        let mut command = Command::new(program);
        command.args(arguments).kill_on_drop(true);
        let (watched, ended) = watch(&self.operator, &state, self.sessions_end, async { command.status().await }).await;
        let ended = ended
            .with_context(|| format!("`{shown}` cannot be started; check the path and that it may be executed"))?;
        if !ended.success() {
            output.error(&format_args!("`{shown}` failed ({ended}); look at its own output"));
        }
        Ok(Around { state, watched, succeeded: ended.success() })
    }

    /// Judges what became of the tokens, and of the service where it was watched.
    ///
    /// # Errors
    /// When the suite that is built in cannot be read.
    pub(in crate::commands) async fn judge(&self, state: &State, watched: Option<Watched>) -> Result<RunOutcome> {
        state.tokens().for_each(|token| self.operator.keep_token(&token));
        let issued: &[TokenPair] = watched.as_ref().map_or(&[], |watched| &watched.issued);
        let checks = judge(&self.operator, state, self.sessions_end, issued).await;
        let backend = &self.context.backend;
        let redactor = backend.shared_redactor().context("a deployment has a redactor")?;
        let survived = Survived {
            checks,
            watched,
            target: backend.judged(&self.context.name),
            nodes: self.operator.target().nodes.iter().map(ToString::to_string).collect(),
            profile: self.profile,
            waivers: self.context.waivers.clone(),
            started_at: self.started_at,
            began: self.began,
            cost: self.context.counters.cost(),
        };
        let results = outcome(survived, redactor)?;
        Ok(RunOutcome { results, lost: None, journal: None, seen: backend.seen(), unsealed: None })
    }

    /// Judges, writes the reports and prints the verdict.
    pub(super) async fn finish(
        &self,
        state: &State,
        watched: Option<Watched>,
        args: &ReportArgs,
        folder: &report::Folder,
        output: &Output,
    ) -> Result<ExitStatus> {
        let mut judged = self.judge(state, watched).await?;
        let plain = report::terminal(&judged.results, &output.view().to_plain());
        let formats = if args.format.is_empty() { &report::Format::ALL } else { args.format.as_slice() };
        judged.report(folder, formats, std::iter::empty(), &plain, output)?;
        output.result(&report::terminal(&judged.results, &output.view()))?;
        Ok(ExitStatus::of(&judged.results, args.require_complete))
    }
}

/// A command that was run while the server was called.
pub(in crate::commands) struct Around {
    pub(in crate::commands) state: State,
    pub(in crate::commands) watched: Watched,
    /// Whether the command ended with 0.
    pub(in crate::commands) succeeded: bool,
}

fn not_judged(reason: impl Display) -> anyhow::Error {
    ExitStatus::NotJudged.because(reason)
}
