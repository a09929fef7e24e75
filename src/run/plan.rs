//! From a suite and a backend to results: runs what was selected, follows the events, and rolls the records up. The same for a
//! deployment, the stand-in and a seeded fault; prints nothing.

use std::{convert::Infallible, future::pending, path::PathBuf, rc::Rc, sync::Arc, time::Duration};

use cucumber::{Event, Runner as _, cli, event};
use futures::{StreamExt, stream};
use jiff::Timestamp;
use steps::{NotRestored, RunCost, SecretRegister, World};

use crate::{
    backend::Backend,
    config::ExploreExtent,
    results::{self, Results},
    run::checkpoint::{self, Checkpoint},
    run::distrusted_source::distrust_source,
    run::execute::{Closed, Ledger, RunLimits, ScenarioRunner},
    run::pace::RunPace,
    run::signals,
    suite::{self, REVIEWED, Selection, Suite},
    verdict::{VerdictInput, add_shard_notes, roll_up},
};

/// Why a scenario was not judged that a signal kept from ending.
const INTERRUPTED: &str = "the run was interrupted before this was judged; `bo-conformance run --resume` judges it";

/// What ended a run whose results so far are all that there is.
const KILLED: &str = "SIGKILL";

/// What is to be judged, and how strictly.
pub(crate) struct RunPlan {
    pub(crate) suite: Arc<Suite>,
    pub(crate) backend: Rc<Backend>,
    pub(crate) selection: Selection,
    pub(crate) profile: results::Profile,
    pub(crate) waivers: Vec<results::Waiver>,
    pub(crate) target: results::TargetInfo,
    pub(crate) concurrency: usize,
    pub(crate) max_wait: Duration,
    /// How the run is paced; `None` for as fast as it goes.
    pub(crate) pace: Option<RunPace>,
    /// Requests that go into exploring; 0 for none.
    pub(crate) explore: ExploreExtent,
    /// Where results are written while the run goes on, if they are.
    pub(crate) checkpoint: Option<Checkpoint>,
}

/// What came out.
pub(crate) struct RunOutcome {
    pub(crate) results: Results,
    /// The journal of changed settings, if it is still there.
    pub(crate) journal: Option<PathBuf>,
    /// Why the results must not be sealed, if they rest on an earlier file that is not what a run wrote.
    pub(crate) unsealed: Option<String>,
    /// Why the server was given up during the run, if it was.
    pub(crate) lost: Option<String>,
    /// Every secret that the run has seen, for a search through all that is written about it.
    pub(crate) seen: Arc<SecretRegister>,
}

impl RunPlan {
    /// Runs the selected scenarios; every event is shown to `follow` while it happens.
    pub(crate) async fn run(
        self,
        cost: impl Fn() -> RunCost,
        follow: impl FnMut(&event::Cucumber<World>),
    ) -> RunOutcome {
        self.run_until(pending(), cost, follow).await
    }

    /// The same, until `stop` names the signal that ended the run: what was judged until then counts, lifetimes are restored, and
    /// the rest is inconclusive. A second signal ends the restoring, too.
    pub(crate) async fn run_until(
        mut self,
        stop: impl Future<Output = &'static str>,
        cost: impl Fn() -> RunCost,
        mut follow: impl FnMut(&event::Cucumber<World>),
    ) -> RunOutcome {
        let started_at = Timestamp::now();
        let ledger = Rc::new(Ledger::open());
        let (concurrency, max_wait, explore) = (self.concurrency, self.max_wait, self.explore);
        let limits = RunLimits { concurrency, max_wait, pace: self.pace.take(), explore };
        let (suite, selection, backend) = (self.suite.clone(), self.selection.clone(), self.backend.clone());
        let runner = ScenarioRunner::new(suite, selection, backend, ledger.clone(), limits);
        let features: Vec<_> = self.suite.features.iter().map(|feature| feature.source.clone()).collect();
        let mut events = runner.run(stream::iter(features.into_iter().map(Ok)), cli::Empty);
        let finished = async {
            while let Some(emitted) = events.next().await {
                if let Ok(Event { value, .. }) = emitted {
                    follow(&value);
                }
            }
        };
        let interrupted = tokio::select! {
            biased;
            () = finished => None,
            signal = stop => Some(signal),
            never = self.keep_checkpoints(started_at, &ledger, &cost) => match never {},
        };
        drop(events);
        if let Some(checkpoint) = &self.checkpoint {
            checkpoint.end();
        }
        if interrupted.is_some() {
            ledger.left_changed(self.restore().await);
            follow(&event::Cucumber::Finished);
        }
        self.outcome(started_at, ledger.elapsed(), ledger.close(), cost(), interrupted)
    }

    /// Writes what is judged until then now and then, where scenarios take their time.
    async fn keep_checkpoints(
        &self,
        started_at: Timestamp,
        ledger: &Ledger,
        cost: &impl Fn() -> RunCost,
    ) -> Infallible {
        let Some(checkpoint) = self.checkpoint.as_ref().filter(|_| self.backend.is_shared()) else {
            return pending().await;
        };
        loop {
            tokio::time::sleep(checkpoint::INTERVAL).await;
            let judged = ledger.copy();
            let RunOutcome { results, seen, .. } =
                self.outcome(started_at, ledger.elapsed(), judged, cost(), Some(KILLED));
            checkpoint.write(results, seen);
        }
    }

    /// The outcome of a run that a signal ended before its first scenario began.
    pub(crate) async fn interrupted(self, signal: &'static str, cost: RunCost) -> RunOutcome {
        let ledger = Ledger::open();
        ledger.left_changed(self.restore().await);
        self.outcome(Timestamp::now(), ledger.elapsed(), ledger.close(), cost, Some(signal))
    }

    /// Restores the lifetimes of an interrupted run. That may take minutes where the server hinders it; another signal ends it.
    async fn restore(&self) -> Vec<NotRestored> {
        tokio::select! {
            left = self.backend.end() => left,
            _ = signals::signal() => self.backend.unrestored("a second signal ended the restoring"),
        }
    }

    fn outcome(
        &self,
        started_at: Timestamp,
        duration: Duration,
        mut closed: Closed,
        cost: RunCost,
        interrupted: Option<&'static str>,
    ) -> RunOutcome {
        if interrupted.is_some() {
            let selected = self.suite.scenarios().filter(|scenario| self.selection.takes(scenario));
            closed.add_unjudged(selected, &INTERRUPTED.into());
        }
        if self.backend.is_shared() && !cost.one_time_accepted {
            distrust_source(&mut closed.scenarios);
        }
        if let Some(redactor) = self.backend.shared_redactor() {
            closed.mask(redactor);
        }
        let settings_not_restored = self.backend.not_restored(&self.target.name, closed.left_changed);
        let today = results::day(started_at);
        let mut rolled = roll_up(&VerdictInput {
            catalogue: &self.suite.catalogue,
            scenarios: &closed.scenarios,
            profile: self.profile,
            waivers: &self.waivers,
            today,
        });
        add_shard_notes(&mut rolled.requirements, |id| self.selection.judging(&self.suite, id));
        let results = Results {
            format: results::FORMAT.to_owned(),
            tool: results::Tool::this(),
            suite: results::SuiteInfo {
                digest: self.suite.digest.clone(),
                requirements: self.suite.catalogue.iter().count(),
                scenarios: self.suite.scenarios().count(),
                // An unreadable matrix gives no score; a test keeps that from being built.
                score: suite::read_score(REVIEWED, &self.suite.digest).ok(),
            },
            target: self.target.clone(),
            profile: self.profile,
            selection: self.selection.to_results(),
            started_at,
            duration_ms: duration.as_millis().try_into().unwrap_or(u64::MAX),
            // Half a run proves nothing.
            verdict: if interrupted.is_some() { results::Verdict::Inconclusive } else { rolled.verdict },
            counts: rolled.counts,
            requirements: rolled.requirements,
            scenarios: closed.scenarios,
            observations: closed.observations,
            traffic: results::Traffic {
                requests: cost.requests,
                failed_logins: cost.failed_logins,
                peak_per_second: cost.peak_per_second,
                waited_ms: cost.waited.as_millis().try_into().unwrap_or(u64::MAX),
            },
            seed: Some(steps::run_seed()),
            concurrency: Some(self.concurrency),
            exploration: closed.exploration,
            cluster: self.backend.cluster(),
            drift: None,
            waivers: self.waivers.clone(),
            client: None,
            leaks: Vec::new(),
            interrupted: interrupted.map(str::to_owned),
            settings_not_restored,
        };
        RunOutcome { results, unsealed: None, lost: None, journal: self.backend.journal(), seen: self.backend.seen() }
    }
}
