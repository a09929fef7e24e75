//! The scenarios of a paced run: each begins when everything that is on its way, and the scenario itself, can be kept. The longest
//! waits begin first, and the others fill them.

use std::{rc::Rc, time::Duration};

use futures::{StreamExt, stream::FuturesUnordered};
use steps::{Journal, LifetimeKind, PaceView, TraceEvent};
use tokio::time::Instant;

use super::{Emitter, ScenarioRunner, execution::Execution, held::Held, order::PlannedScenario};
use crate::run::{
    pace::RunPace,
    schedule::{ActiveScenario, admits},
};

/// How often it is looked whether another scenario may begin, beside whenever one has ended.
const TICK: Duration = Duration::from_millis(60);
/// Scenarios that are tried for admission before time passes.
const LOOK_AHEAD: usize = 6;

/// A scenario that is on its way.
pub(super) struct Active {
    pub(super) position: usize,
    pub(super) id: String,
    pub(super) journal: Journal,
}

impl ScenarioRunner {
    /// Runs the scenarios of a phase. Gives back what may not count.
    pub(super) async fn go_through_paced(
        self: &Rc<Self>,
        pace: &RunPace,
        phase: Vec<PlannedScenario>,
        emit: &Emitter,
    ) -> Vec<Held> {
        let (mut pending, mut running, mut held) = (phase, FuturesUnordered::new(), Vec::new());
        pending.sort_by_cached_key(|planned| std::cmp::Reverse(pace.wait(&planned.scenario.id)));
        let mut idle = Instant::now();
        while !(pending.is_empty() && running.is_empty()) {
            let is_full = running.is_empty() && idle.elapsed() >= pace.conditions.filling();
            let next = self.admissible(pace, &pending).or((is_full && !pending.is_empty()).then_some(0));
            if let Some(at) = next {
                let execution = self.execution(pending.remove(at), emit, None);
                self.active.borrow_mut().push(Active::new(&execution));
                running.push(execution.start());
                continue;
            }
            tokio::select! {
                Some(ended) = running.next(), if !running.is_empty() => {
                    held.extend(ended);
                    idle = Instant::now();
                }
                () = tokio::time::sleep(TICK), if !pending.is_empty() => {}
            }
        }
        held
    }

    /// The first of the scenarios that may begin now.
    fn admissible(&self, pace: &RunPace, pending: &[PlannedScenario]) -> Option<usize> {
        let view = self.backend.pace_view()?;
        let active = self.active.borrow();
        let active: Vec<_> = active.iter().map(|active| active.in_view(pace, &view)).collect();
        let busy = active.iter().filter(|active| !is_waiting(active.rest)).count();
        let minting = active.iter().filter(|active| is_minting(active.rest)).count();
        if busy >= pace.conditions.depth() || minting >= pace.conditions.concurrency {
            return None;
        }
        let all = || pending.iter().enumerate();
        let short = all().filter(|(_, planned)| pace.wait(&planned.scenario.id).is_zero());
        let admits = |planned: &PlannedScenario| {
            let trace = pace.trace(&planned.scenario.id);
            admits(&pace.conditions, &view.queue, view.now, view.session, &active, trace)
        };
        let mut candidates = all().take(LOOK_AHEAD).chain(short.take(LOOK_AHEAD));
        candidates.find(|(_, planned)| admits(planned)).map(|(at, _)| at)
    }
}

/// Whether a scenario sends nothing at the moment: it waits for a lifetime, or for a one-time token.
fn is_waiting(rest: &[TraceEvent]) -> bool {
    matches!(rest.first(), Some(TraceEvent::Waited { .. })) || is_minting(rest)
}

fn is_minting(rest: &[TraceEvent]) -> bool {
    matches!(rest.first(), Some(TraceEvent::Born { kind: LifetimeKind::OneTime, .. }))
}

impl Active {
    fn new(execution: &Execution) -> Self {
        let planned = &execution.planned;
        Self { position: planned.position, id: planned.scenario.id.clone(), journal: execution.journal.clone() }
    }

    fn in_view<'a>(&self, pace: &'a RunPace, view: &PaceView) -> ActiveScenario<'a> {
        let mark = self.journal.progress().mark();
        let births = mark.births.into_iter().map(|(kind, at)| (kind, view.moment(at))).collect();
        let rest = pace.trace(&self.id).get(mark.events..).unwrap_or_default();
        let held = view.held(&self.journal);
        ActiveScenario { rest, births, passed: view.moment(mark.passed), held }
    }
}
