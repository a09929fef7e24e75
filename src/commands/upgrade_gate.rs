//! `upgrade-gate`: whether a server may be upgraded. Judges it before, runs the command and calls the server meanwhile, judges it after,
//! and compares: one exit code, one page.

use std::{ffi::OsString, path::PathBuf, sync::Arc, time::Duration};

use anyhow::Result;

use super::survival::Site;
use crate::{
    atomic_write,
    baseline::{Baseline, Record, Snapshot},
    catalogue::Catalogue,
    config::{LoadedConfig, OneTargetArgs},
    exit::ExitStatus,
    output::Output,
    report::{
        self,
        upgrade::{UpgradeFindings, UpgradePage},
    },
    results::{Class, Profile, Results},
    run::context::RunContext,
    run::leak_scan::LeakScan,
    run::plan::RunOutcome,
    run::progress::RunProgress,
    run::target_run::TargetRun,
    suite::{Selection, Suite},
};

/// How long the server may take to answer again after the command.
const COMES_BACK: Duration = Duration::from_secs(60);
/// Scenarios that run at one time.
const CONCURRENCY: usize = 8;
/// The page, in the folder of the reports.
const PAGE: &str = "upgrade.html";

/// Arguments of `upgrade-gate`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    target: OneTargetArgs,
    /// Compare with the baseline in this folder, instead of running the suite twice before the command
    #[arg(long, value_name = "DIR")]
    baseline: Option<PathBuf>,
    /// Only scenarios with these tags, like "@OTT-2 or @should"
    #[arg(long, value_name = "EXPR")]
    tags: Option<String>,
    /// Only scenarios that judge these requirements
    #[arg(long, value_name = "ID", num_args = 1..)]
    requirement: Vec<String>,
    /// How strictly recommendations count
    #[arg(long, value_enum)]
    profile: Option<Profile>,
    /// Lowest class of differences that exits 1
    #[arg(long, value_enum, value_name = "CLASS", default_value = "breaking")]
    fail_on: Class,
    /// Where the reports are written: before/, during/, after/ and upgrade.html
    #[arg(long, value_name = "DIR")]
    reports: Option<PathBuf>,
    /// End with 3 when a requirement had to be skipped
    #[arg(long)]
    require_complete: bool,
    /// The command that upgrades the server, and ends when the server should serve again
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

/// Runs the command.
pub(crate) async fn run(args: Args, output: &Output) -> Result<ExitStatus> {
    let gate = Gate::new(args)?;
    let (before, recorded) = gate.before(output).await?;
    output.note("the command runs, and the server is called meanwhile");
    let site = Site::new(gate.loaded.clone(), Some(gate.profile), Some(gate.reports.clone()))?;
    let around = site.run_around(&gate.args.command, output).await?;
    let mut during = site.judge(&around.state, Some(around.watched)).await?;
    output.note("the suite judges the upgraded server");
    let mut after = gate.run_suite(COMES_BACK, output).await.inspect_err(|error| output.error(error)).ok();
    if let Some(after) = &mut after {
        after.results.drift = Some(recorded.drift("before the upgrade", &Record::from_results(&after.results)));
    }
    gate.write("during", &mut during, output)?;
    if let Some(after) = &mut after {
        gate.write("after", after, output)?;
    }
    let after_results = after.as_ref().map(|after| &after.results);
    let status = gate.status(&during.results, after_results, around.succeeded);
    let findings = UpgradeFindings {
        target: &during.results.target.name,
        before: before.as_ref().map(|before| &before.results),
        during: Some(&during.results),
        after: after_results,
        drift: after_results.and_then(|after| after.drift.as_ref()),
        succeeded: around.succeeded,
    };
    let seen = [Some(&during), after.as_ref(), before.as_ref()];
    gate.publish(&UpgradePage::new(&findings, verdict(status)), status, seen.into_iter().flatten(), output)
}

fn verdict(status: ExitStatus) -> &'static str {
    match status {
        ExitStatus::Done => "accepted",
        ExitStatus::Violated => "rejected",
        ExitStatus::Usage | ExitStatus::NotJudged => "not judged",
    }
}

/// What is run, on which server, and where the reports go.
struct Gate {
    args: Args,
    loaded: LoadedConfig,
    suite: Arc<Suite>,
    profile: Profile,
    reports: PathBuf,
}

impl Gate {
    /// Checks everything that can be checked before a request is sent.
    fn new(args: Args) -> Result<Self> {
        let loaded = args.target.load(false, &Catalogue::embedded()?)?;
        let suite = Arc::new(Suite::load(Catalogue::embedded()?, None)?);
        Selection::parse(&suite, args.tags.as_deref(), &args.requirement)?;
        let profile = args.profile.or(loaded.profile).unwrap_or(Profile::Documented);
        let reports = args.reports.clone().or(loaded.reports.clone()).unwrap_or_else(|| "reports".into());
        Site::new(loaded.clone(), Some(profile), None)?;
        report::Folder::open(reports.clone())?;
        Ok(Self { args, loaded, suite, profile, reports })
    }

    /// What the server answers before the upgrade: as it is recorded, or what two runs agree on.
    async fn before(&self, output: &Output) -> Result<(Option<RunOutcome>, Record)> {
        if let Some(folder) = &self.args.baseline {
            return Ok((None, Baseline::at(folder).read()?));
        }
        output.note("the suite judges the server before the upgrade, in two runs");
        let first = self.run_suite(Duration::ZERO, output).await?;
        let mut second = self.run_suite(Duration::ZERO, output).await?;
        let (snapshot, _) =
            Snapshot::stabilize(&Snapshot::from_results(&first.results), &Snapshot::from_results(&second.results));
        if snapshot.is_empty() {
            let reason = "nothing was judged before the upgrade, so the command was not run";
            return Err(ExitStatus::NotJudged.because(reason));
        }
        self.write("before", &mut second, output)?;
        let record = Record { snapshot, ..Record::from_results(&second.results) };
        Ok((Some(second), record))
    }

    /// # Errors
    /// When nothing was judged, or the run was interrupted.
    async fn run_suite(&self, wait_for_server: Duration, output: &Output) -> Result<RunOutcome> {
        let run = TargetRun {
            suite: self.suite.clone(),
            selection: Selection::parse(&self.suite, self.args.tags.as_deref(), &self.args.requirement)?,
            profile: self.profile,
            concurrency: CONCURRENCY,
            progress: RunProgress::on_terminal(),
            explores: false,
            wait_for_server,
            checkpoint: None,
        };
        let outcome = run.run(RunContext::of(self.loaded.clone(), &[])?, output).await?;
        outcome.warn(output);
        match &outcome.results.interrupted {
            Some(signal) => Err(ExitStatus::NotJudged.because(format_args!("{signal} interrupted the run"))),
            None => Ok(outcome),
        }
    }

    /// Writes the reports of one part, unless a secret is in them.
    fn write(&self, part: &str, outcome: &mut RunOutcome, output: &Output) -> Result<()> {
        let folder = report::Folder::open(self.reports.join(part))?;
        outcome.report(&folder, &report::Format::ALL, std::iter::empty(), "", output)
    }

    /// The worst of everything: what is broken rejects the upgrade, whatever could not be judged.
    fn status(&self, during: &Results, after: Option<&Results>, succeeded: bool) -> ExitStatus {
        let drift = after.and_then(|after| after.drift.as_ref());
        let changed = match drift {
            Some(drift) if drift.fails(self.args.fail_on) => ExitStatus::Violated,
            Some(drift) if drift.compared > 0 => ExitStatus::Done,
            _ => ExitStatus::NotJudged,
        };
        let judged = |results: &Results| ExitStatus::of(results, self.args.require_complete);
        let after = after.map_or(ExitStatus::NotJudged, judged);
        let command = if succeeded { ExitStatus::Done } else { ExitStatus::NotJudged };
        let all = [judged(during), after, changed, command];
        let worst = [ExitStatus::Violated, ExitStatus::NotJudged].into_iter().find(|status| all.contains(status));
        worst.unwrap_or(ExitStatus::Done)
    }

    /// Writes the page and prints it, unless it holds a secret.
    fn publish<'a>(
        &self,
        page: &UpgradePage,
        status: ExitStatus,
        seen: impl Iterator<Item = &'a RunOutcome>,
        output: &Output,
    ) -> Result<ExitStatus> {
        let (html, text, file) = (page.to_html()?, page.to_text(), self.reports.join(PAGE));
        for outcome in seen {
            let texts = [(file.display().to_string(), html.as_bytes())];
            if let Some(leak) = LeakScan::of(&outcome.seen).find(&texts, &[], &text, output).error() {
                return Err(leak);
            }
        }
        atomic_write::write_text(&file, &html)?;
        output.result(&format!("{text}page       {}\n", file.display()))?;
        Ok(status)
    }
}
