//! The scenarios of a paced run: each begins when everything that is on its way, and the scenario itself, can be kept. The longest
//! waits begin first, and the others fill them.

use std::{rc::Rc, time::Duration};

use futures::{StreamExt, stream::FuturesUnordered};
use steps::{Journal, LifetimeKind, PaceView, Pause, ProgressMark, TraceEvent};
use tokio::time::Instant;

use super::{
    Emitter, ScenarioRunner,
    execution::Execution,
    held::Held,
    order::{Company, Phase, PlannedScenario},
};
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
    pub(super) async fn go_through_paced(self: &Rc<Self>, pace: &RunPace, phase: Phase, emit: &Emitter) -> Vec<Held> {
        let Phase { scenarios: mut pending, company } = phase;
        let (mut running, mut held) = (FuturesUnordered::new(), Vec::new());
        pending.sort_by_cached_key(|planned| std::cmp::Reverse(pace.wait(&planned.scenario.id)));
        let mut idle = Instant::now();
        self.backend.expect_logins(company == Company::All);
        while !(pending.is_empty() && running.is_empty()) {
            let is_full = running.is_empty() && idle.elapsed() >= pace.conditions.filling();
            let next = self.admissible(pace, &pending, company).or((is_full && !pending.is_empty()).then_some(0));
            if let Some(at) = next {
                let execution = self.execution(pending.remove(at), emit, None);
                self.active.borrow_mut().push(Active::new(&execution));
                running.push(execution.start());
                continue;
            }
            if pending.is_empty() {
                self.backend.expect_logins(false);
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
    fn admissible(&self, pace: &RunPace, pending: &[PlannedScenario], company: Company) -> Option<usize> {
        let view = self.backend.pace_view()?;
        let running = self.active.borrow();
        let active: Vec<_> = running.iter().map(|active| active.in_view(pace, &view)).collect();
        let busy = active.iter().filter(|active| active.pause.is_none()).count();
        let minting = active.iter().filter(|active| active.pause == Some(Pause::Source)).count();
        if busy >= pace.conditions.depth() || minting >= pace.conditions.concurrency {
            return None;
        }
        let may_meet = |planned: &PlannedScenario| match company {
            Company::All => true,
            Company::Harmless => running.iter().all(|active| pace.may_meet(&planned.scenario.id, &active.id)),
            Company::None => running.is_empty(),
        };
        let all = || pending.iter().enumerate().filter(|(_, planned)| may_meet(planned));
        let short = all().filter(|(_, planned)| pace.wait(&planned.scenario.id).is_zero());
        let admits = |planned: &PlannedScenario| {
            let trace = pace.trace(&planned.scenario.id);
            admits(&pace.conditions, &view.queue, view.now, view.session, &active, trace)
        };
        let mut candidates = all().take(LOOK_AHEAD).chain(short.take(LOOK_AHEAD));
        candidates.find(|(_, planned)| admits(planned)).map(|(at, _)| at)
    }
}

impl Active {
    fn new(execution: &Execution) -> Self {
        let planned = &execution.planned;
        Self { position: planned.position, id: planned.scenario.id.clone(), journal: execution.journal.clone() }
    }

    fn in_view<'a>(&self, pace: &'a RunPace, view: &PaceView) -> ActiveScenario<'a> {
        let mark = self.journal.progress().mark();
        let trace = pace.trace(&self.id);
        let start = position(trace, &mark);
        let born = trace[..start].iter().filter(|event| matches!(event, TraceEvent::Born { .. })).count();
        let mut births: Vec<_> = mark.births.into_iter().map(|(kind, at)| (kind, view.moment(at))).collect();
        // Tokens are numbered as in the trace: without those that only one of the two took to find behaviour out.
        births.drain(..births.len().saturating_sub(born));
        while births.len() < born {
            births.insert(0, (LifetimeKind::Access, view.now));
        }
        let held = view.held(&self.journal);
        ActiveScenario { rest: &trace[start..], births, passed: view.moment(mark.passed), held, pause: mark.pause }
    }
}

/// Where in its trace a scenario is. It may have sent more or less than when it was rehearsed, for what a run finds out about a server is
/// found out once; waits are the same.
fn position(trace: &[TraceEvent], mark: &ProgressMark) -> usize {
    let is_wait = |event: &TraceEvent| matches!(event, TraceEvent::Waited { .. });
    let waits: Vec<usize> = trace.iter().enumerate().filter(|(_, event)| is_wait(event)).map(|(at, _)| at).collect();
    let first = mark.waits.checked_sub(1).map_or(0, |last| waits.get(last).map_or(trace.len(), |at| at + 1));
    let next = waits.get(mark.waits).copied().unwrap_or(trace.len());
    let is_birth = |event: &TraceEvent| matches!(event, TraceEvent::Born { kind: LifetimeKind::OneTime, .. });
    let likely = mark.events.clamp(first, next);
    match mark.pause {
        Some(Pause::Lifetime) => next,
        Some(Pause::Source) => trace[likely..].iter().position(is_birth).map_or(likely, |after| likely + after),
        Some(Pause::Login) | None => likely,
    }
}

#[cfg(test)]
mod tests {
    use steps::Until;

    use super::*;

    #[test]
    fn a_scenario_that_waits_is_where_its_trace_waits() {
        let sent = TraceEvent::Sent { requests: 1, carries: Vec::new(), is_failed_login: false };
        let waited = TraceEvent::Waited { token: 0, until: Until::Passed, lifetime: Duration::ZERO };
        let minted = TraceEvent::Born { kind: LifetimeKind::OneTime, is_second_user: false };
        let trace = [sent.clone(), sent.clone(), minted, waited.clone(), sent.clone(), waited, sent];
        let at = |events, waits, pause| {
            let (births, passed) = (Vec::new(), Duration::ZERO);
            position(&trace, &ProgressMark { events, waits, pause, births, passed })
        };
        assert_eq!(at(1, 0, None), 1);
        assert_eq!(at(1, 0, Some(Pause::Source)), 2, "it has sent one request less than when it was rehearsed");
        assert_eq!(at(9, 0, Some(Pause::Lifetime)), 3, "it has sent more");
        assert_eq!(at(9, 0, None), 3);
        assert_eq!(at(2, 1, None), 4);
        assert_eq!(at(2, 1, Some(Pause::Lifetime)), 5);
        assert_eq!(at(9, 2, None), 7);
    }
}
