//! What each scenario of a run does to a server, found out on the embedded stand-in in the shape of the target: the same users, source
//! and settings, the same burst. Takes a moment, for the stand-in's clock is turned; so nothing has to be counted by hand.

use std::{rc::Rc, sync::Arc, time::Duration};

use anyhow::Result;
use cucumber::{Runner as _, cli};
use futures::{StreamExt, stream};
use steps::Target;

use super::{
    pace::RunPace,
    schedule::{Conditions, ScenarioTrace},
};
use crate::{
    backend::Backend,
    config::ExploreExtent,
    run::{
        context,
        execute::{Ledger, RunLimits, ScenarioRunner, shared_requests},
    },
    suite::{Scenario, Selection, Suite},
};

/// Longer than any wait on the stand-in.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// What the scenarios of a run do.
pub(crate) struct Rehearsal {
    /// In the order of the features.
    pub(crate) scenarios: Vec<(Scenario, ScenarioTrace)>,
}

impl Rehearsal {
    /// Carries the selected scenarios out, one after the other.
    ///
    /// # Errors
    /// When the stand-in cannot be set up.
    pub(crate) async fn of(suite: &Arc<Suite>, selection: &Selection, target: &Target) -> Result<Self> {
        let backend = Rc::new(Backend::Embedded(Box::new(context::rehearsal(target)?)));
        let shared = shared_requests(suite, selection, |need| backend.offers(need));
        let ledger = Rc::new(Ledger::open_with_traces());
        let limits = RunLimits { concurrency: 1, max_wait: FOR_EVER, pace: None, explore: ExploreExtent::default() };
        let runner = ScenarioRunner::new(suite.clone(), selection.clone(), backend, ledger.clone(), limits);
        let features: Vec<_> = suite.features.iter().map(|feature| feature.source.clone()).collect();
        let mut events = runner.run(stream::iter(features.into_iter().map(Ok)), cli::Empty);
        while events.next().await.is_some() {}
        let mut traces = ledger.close().traces;
        let selected = suite.scenarios().filter(|scenario| selection.takes(scenario));
        let traced = |scenario: &Scenario| {
            let trace = traces.remove(&scenario.id).filter(|_| !shared.contains(&scenario.id)).unwrap_or_default();
            (scenario.clone(), ScenarioTrace { trace, runs_alone: scenario.runs_alone() })
        };
        Ok(Self { scenarios: selected.map(traced).collect() })
    }

    /// The traces alone, in the same order.
    pub(crate) fn traces(&self) -> Vec<ScenarioTrace> {
        self.scenarios.iter().map(|(_, trace)| trace.clone()).collect()
    }

    /// The pace of a run under these conditions.
    pub(crate) fn into_pace(self, conditions: Conditions) -> RunPace {
        let traces = self.scenarios.into_iter().map(|(scenario, trace)| (scenario.id, trace)).collect();
        RunPace { conditions, traces }
    }
}
