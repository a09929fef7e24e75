//! A run that somebody waits for: the look ahead, what an earlier run has left to put back, progress, signals, and a server
//! that falls silent. What becomes of results and errors is up to the caller.

use std::{
    cell::OnceCell,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use steps::inspect::Findings;

use crate::{
    backend::Backend,
    config::ExploreExtent,
    exit::ExitStatus,
    inspect::{self, Obstacle},
    one_time::OneTimeSource,
    output::Output,
    results::Profile,
    run::checkpoint::Checkpoint,
    run::context::RunContext,
    run::forecast::Forecast,
    run::plan::{RunOutcome, RunPlan},
    run::preflight,
    run::progress::RunProgress,
    run::signals,
    run::{pace::RunPace, rehearsal::Rehearsal},
    suite::{Selection, Suite},
};

/// How often it is looked whether a server is up.
const BETWEEN_LOOKS: Duration = Duration::from_millis(500);

/// What is to be run, and how.
pub(crate) struct TargetRun {
    pub(crate) suite: Arc<Suite>,
    pub(crate) selection: Selection,
    pub(crate) profile: Profile,
    /// How many scenarios run at one time.
    pub(crate) concurrency: usize,
    /// Shows how far it is.
    pub(crate) progress: RunProgress,
    /// Whether it explores, too.
    pub(crate) explores: bool,
    /// How long to wait for a server that is not up yet.
    pub(crate) wait_for_server: Duration,
    /// Where results are written while the run goes on, if they are.
    pub(crate) checkpoint: Option<Checkpoint>,
}

impl TargetRun {
    /// Runs it on a target.
    ///
    /// # Errors
    /// When nothing could be judged. The target is as it was before.
    pub(crate) async fn run(self, prepared: RunContext, output: &Output) -> Result<RunOutcome> {
        let RunContext { backend, name, waivers, source, counters, explore } = prepared;
        let explore = if self.explores { explore } else { ExploreExtent::default() };
        let backend = Rc::new(backend);
        let stop = interruption(output);
        futures::pin_mut!(stop);
        let found = tokio::select! {
            found = self.ahead(&backend, &name, source.as_ref(), output) => found?,
            signal = &mut stop => {
                return Ok(self.judgement(&backend, &name, waivers, None).interrupted(signal, counters.cost()).await);
            }
        };
        let progress = self.progress.clone();
        let pace = self
            .pace(&backend, found.as_ref(), output)
            .await
            .map_err(|error| ExitStatus::NotJudged.because(format_args!("the run cannot be rehearsed: {error:#}")))?;
        refuse_left_short(&backend).await.map_err(|advice| ExitStatus::NotJudged.because(advice))?;
        let judgement = RunPlan { pace, explore, ..self.judgement(&backend, &name, waivers, found.as_ref()) };
        let run = judgement.run_until(stop, || counters.cost(), |event| progress.follow(event));
        let lost = OnceCell::new();
        let give_up = |obstacle: &Obstacle| {
            output.error(obstacle);
            // Watching ends with the first.
            let _ = lost.set(obstacle.to_string());
        };
        let lines = progress.print_lines(output);
        let watch = preflight::watch(&backend, &name, &counters, give_up);
        let outcome = tokio::select! {
            outcome = run => outcome,
            never = watch => match never {},
            never = lines => match never {},
        };
        Ok(RunOutcome { lost: lost.into_inner(), ..outcome })
    }

    /// The look ahead, and what an earlier run has left to put back.
    async fn ahead(
        &self,
        backend: &Backend,
        name: &str,
        source: Option<&OneTimeSource>,
        output: &Output,
    ) -> Result<Option<Findings>> {
        let begun = Instant::now();
        let ahead = loop {
            match preflight::check(backend, name, source, &self.suite, &self.selection).await {
                Err(obstacle) if obstacle.may_pass() && begun.elapsed() < self.wait_for_server => {
                    tokio::time::sleep(BETWEEN_LOOKS).await;
                }
                ahead => break ahead,
            }
        };
        let found = ahead.map_err(|obstacle| ExitStatus::NotJudged.because(obstacle))?;
        make_good(backend, output).await.map_err(|reason| ExitStatus::NotJudged.because(reason))?;
        Ok(found)
    }

    /// How the run is paced, where the target asks for a pace. Chooses the lifetimes that the run sets, where it may.
    async fn pace(&self, backend: &Backend, found: Option<&Findings>, output: &Output) -> Result<Option<RunPace>> {
        let target = backend.target();
        let scenarios = self.suite.scenarios().filter(|scenario| self.selection.takes(scenario)).count();
        if !backend.is_shared() {
            return Ok(None);
        }
        if target.pace.per_second.is_none() {
            self.progress.announce(scenarios, None, output);
            return Ok(None);
        }
        let rehearsal = Rehearsal::of(&self.suite, &self.selection, target).await?;
        let forecast = Forecast::new(&rehearsal, target, found, self.concurrency);
        if let Some(chosen) = forecast.lifetimes_to_set {
            backend.choose_lifetimes(chosen);
        }
        self.progress.announce(scenarios, Some(forecast.cost(target).duration), output);
        forecast.warnings(target).iter().for_each(|warning| output.note(warning));
        Ok(Some(rehearsal.into_pace(forecast.conditions)))
    }

    fn judgement(
        self,
        backend: &Rc<Backend>,
        name: &str,
        waivers: Vec<crate::results::Waiver>,
        found: Option<&Findings>,
    ) -> RunPlan {
        let mut target = backend.judged(name);
        target.server = found.map(inspect::server_facts);
        RunPlan {
            suite: self.suite,
            selection: self.selection,
            profile: self.profile,
            waivers,
            target,
            max_wait: backend.target().max_wait,
            pace: None,
            backend: backend.clone(),
            concurrency: self.concurrency,
            explore: ExploreExtent::default(),
            checkpoint: self.checkpoint,
        }
    }
}

/// Restores what an earlier run of this target has left changed.
///
/// # Errors
/// When that does not work.
async fn make_good(backend: &Backend, output: &Output) -> Result<(), String> {
    if let Backend::Deployment(deployment) = backend
        && let Some(done) = deployment.make_good().await?
    {
        output.note(&done);
    }
    Ok(())
}

/// # Errors
/// When the lifetimes look like those that this run would set: another run may be going on, or was killed.
async fn refuse_left_short(backend: &Backend) -> Result<(), String> {
    let Backend::Deployment(deployment) = backend else { return Ok(()) };
    deployment.left_short().await.map_or(Ok(()), Err)
}

/// Waits for a signal, prints what it ends, and returns its name.
async fn interruption(output: &Output) -> &'static str {
    let signal = signals::signal().await;
    output.note(&format!("interrupted by {signal}: lifetimes are restored, and what was judged is reported …"));
    signal
}
