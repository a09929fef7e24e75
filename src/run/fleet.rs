//! Several targets judged at once by one process, each on its own: paced for itself, put back for itself, with a folder of
//! its own among the reports. Trouble with one of them leaves the others alone.

use std::{cell::Cell, num::NonZeroUsize, path::PathBuf, sync::Arc, time::Duration};

use anyhow::{Result, bail};
use futures::{StreamExt, stream};

use crate::{
    backend::file_name,
    config::{ConfigError, FleetTarget, ResolvedTarget},
    exit::ExitStatus,
    output::Output,
    report::{self, Folder, Format},
    results::{ATTEMPT_FILE, Attempt, Profile},
    run::context::RunContext,
    run::plan::RunOutcome,
    run::progress::ManyProgress,
    run::signals,
    run::target_run::TargetRun,
    suite::{Selection, Suite},
};

/// How every target of a fleet is judged.
pub(crate) struct Fleet {
    pub(crate) suite: Arc<Suite>,
    pub(crate) selection: Selection,
    pub(crate) profile: Profile,
    /// How many scenarios run at one time on one target.
    pub(crate) concurrency: usize,
    /// How many targets are judged at one time.
    pub(crate) at_once: NonZeroUsize,
    pub(crate) require_complete: bool,
    /// How long to wait for a server that is not up yet.
    pub(crate) wait_for_server: Duration,
    /// Where each target gets its folder.
    pub(crate) reports: PathBuf,
    pub(crate) formats: Vec<Format>,
    /// Where the journals of changed settings are kept.
    pub(crate) journal: PathBuf,
}

impl Fleet {
    /// Judges all targets and prints a line for each as it ends, and one for all. Ends as the worst of them: with 1 if one is
    /// not conformant, for that is a finding about a server that no trouble elsewhere may hide; else with 2 if one is
    /// configured wrongly, else with 3 if one could not be judged.
    ///
    /// # Errors
    /// When reports cannot be written at all, or two targets would share a folder.
    pub(crate) async fn run(&self, targets: Vec<FleetTarget>, output: &Output) -> Result<ExitStatus> {
        apart(targets.iter().map(|(name, _)| name.as_str()))?;
        for (name, _) in &targets {
            Folder::open(self.reports.join(file_name(name)))?;
        }
        let (progress, stopped, count) = (ManyProgress::on_terminal(targets.len()), Cell::new(false), targets.len());
        let one = |given: FleetTarget| self.one(given, &progress, &stopped, output);
        let all = stream::iter(targets).map(one).buffer_unordered(self.at_once.get()).collect::<Vec<_>>();
        futures::pin_mut!(all);
        // Every run hears of a signal by itself and puts right what it has changed; here it keeps others from beginning.
        let statuses = tokio::select! {
            biased;
            _ = signals::signal() => { stopped.set(true); all.await }
            statuses = &mut all => statuses,
        };
        let statuses = statuses.into_iter().collect::<Result<Vec<_>>>()?;
        if count > 1 {
            output.result(&format!("{}\n", summary(&statuses)))?;
        }
        Ok(worst(&statuses))
    }

    async fn one(
        &self,
        (name, resolved): FleetTarget,
        progress: &ManyProgress,
        stopped: &Cell<bool>,
        output: &Output,
    ) -> Result<ExitStatus> {
        let output = output.about(&name);
        let folder = Folder::open(self.reports.join(file_name(&name)))?;
        if stopped.get() {
            progress.aside(|| output.result(&format!("{name}: not begun\n")))?;
            return Ok(ExitStatus::NotJudged);
        }
        let attempt = Attempt::begin(&name);
        folder.write_text(ATTEMPT_FILE, &attempt.to_string())?;
        let TargetEnd { status, line, reason } = match self.judge(&name, resolved, progress, &output).await {
            Ok(judged) => self.report(judged, &folder, &output)?,
            Err(error) => {
                output.error(&format_args!("{error:#}"));
                TargetEnd::not_judged(ExitStatus::from_error(&error), format!("{error:#}"))
            }
        };
        folder.write_text(ATTEMPT_FILE, &attempt.end(status.code(), reason).to_string())?;
        progress.ended();
        progress.aside(|| output.result(&format!("{name}: {line} · {}\n", folder.path().display())))?;
        Ok(status)
    }

    /// Writes the reports of a target. After a leak, nothing of the run may be printed.
    fn report(&self, mut judged: RunOutcome, folder: &Folder, output: &Output) -> Result<TargetEnd> {
        let line = format!("{} · {}", judged.results.verdict, report::because_in_part(&judged.results));
        match judged.report(folder, &self.formats, [], &line, output) {
            Ok(()) => {}
            Err(error) if judged.results.leaks.is_empty() => return Err(error),
            Err(leak) => {
                output.error(&leak);
                let reason = "a secret of its run is in what was written".to_owned();
                return Ok(TargetEnd::not_judged(ExitStatus::NotJudged, reason));
            }
        }
        judged.warn(output);
        let status = ExitStatus::of(&judged.results, self.require_complete);
        Ok(TargetEnd { status, line, reason: judged.lost })
    }

    /// Judges one target.
    async fn judge(
        &self,
        name: &str,
        resolved: Result<ResolvedTarget, ConfigError>,
        progress: &ManyProgress,
        output: &Output,
    ) -> Result<RunOutcome> {
        let prepared = RunContext::deployment(resolved?, &self.journal)?;
        let attended = TargetRun {
            checkpoint: None,
            suite: self.suite.clone(),
            selection: self.selection.clone(),
            profile: self.profile,
            concurrency: self.concurrency,
            progress: progress.of(name),
            explores: true,
            wait_for_server: self.wait_for_server,
        };
        attended.run(prepared, output).await
    }
}

/// How the run of one target ended.
struct TargetEnd {
    status: ExitStatus,
    /// What is printed of it.
    line: String,
    /// Why it was not judged, or only in part.
    reason: Option<String>,
}

impl TargetEnd {
    fn not_judged(status: ExitStatus, reason: String) -> Self {
        Self { status, line: format!("not judged · {reason}"), reason: Some(reason) }
    }
}

/// No two targets may share a folder, nor a journal of changed settings.
fn apart<'a>(names: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut seen: Vec<(String, &str)> = Vec::new();
    for name in names {
        let folder = file_name(name);
        if let Some((_, other)) = seen.iter().find(|(known, _)| *known == folder) {
            bail!("the targets `{other}` and `{name}` would share the folder {folder}; rename one of them");
        }
        seen.push((folder, name));
    }
    Ok(())
}

/// The worst, as [`Fleet::run`] explains it.
fn worst(statuses: &[ExitStatus]) -> ExitStatus {
    let order = [ExitStatus::Violated, ExitStatus::Usage, ExitStatus::NotJudged];
    order.into_iter().find(|status| statuses.contains(status)).unwrap_or(ExitStatus::Done)
}

fn summary(statuses: &[ExitStatus]) -> String {
    let count = |status| statuses.iter().filter(|it| **it == status).count();
    let kinds = [
        (count(ExitStatus::Done), "conformant"),
        (count(ExitStatus::Violated), "not conformant"),
        (count(ExitStatus::NotJudged), "not judged"),
        (count(ExitStatus::Usage), "configured wrongly"),
    ];
    let kinds: Vec<String> =
        kinds.iter().filter(|(count, _)| *count > 0).map(|(count, kind)| format!("{count} {kind}")).collect();
    format!("{} targets: {}", statuses.len(), kinds.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_is_never_hidden_by_trouble_elsewhere() {
        use ExitStatus::{Done, NotJudged, Usage, Violated};
        assert_eq!(worst(&[Done, NotJudged, Violated, Usage]), Violated);
        assert_eq!(worst(&[Done, NotJudged, Usage]), Usage);
        assert_eq!(worst(&[Done, NotJudged]), NotJudged);
        assert_eq!(worst(&[Done, Done]), Done);
        assert_eq!(
            summary(&[Done, Violated, Done, NotJudged]),
            "4 targets: 2 conformant, 1 not conformant, 1 not judged"
        );
    }

    #[test]
    fn targets_never_share_a_folder() {
        assert!(apart(["a/b", "a-b"].into_iter()).is_ok());
        let error = apart(["a/b", "c", "a b"].into_iter()).expect_err("they would").to_string();
        assert_eq!(error, "the targets `a/b` and `a b` would share the folder a_b; rename one of them");
    }
}
