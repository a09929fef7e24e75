//! Whether a scenario may begin: only when everything that is on its way, and the scenario itself, can still be kept.

use std::time::Duration;

use steps::{LifetimeKind, PaceQueue, Pause, TraceEvent};

use super::{
    Conditions,
    simulation::{Actor, Birth, Simulation},
};

/// A scenario that is on its way, as far as it has come.
pub(crate) struct ActiveScenario<'a> {
    /// What is still to come.
    pub(crate) rest: &'a [TraceEvent],
    /// Its tokens in the order in which they began to live, with the earliest moment at which that may have been.
    pub(crate) births: Vec<(LifetimeKind, Duration)>,
    /// Tokens that ended before this moment were meant to.
    pub(crate) passed: Duration,
    /// Permits that are kept for it.
    pub(crate) held: u32,
    /// What it waits for instead of sending, if it does.
    pub(crate) pause: Option<Pause>,
}

/// Whether this trace may begin now beside what is on its way. The queue has nothing waiting; all times are on its clock. The shared
/// session began at `session`, if there is one.
pub(crate) fn admits(
    conditions: &Conditions,
    queue: &PaceQueue,
    now: Duration,
    session: Option<Duration>,
    active: &[ActiveScenario<'_>],
    trace: &[TraceEvent],
) -> bool {
    let mut queue = queue.clone();
    active.iter().for_each(|active| queue.keep(active.held));
    let mut simulation = Simulation::from(conditions, queue, now, session);
    for (position, active) in active.iter().enumerate() {
        let births = active.births.iter().map(|(kind, at)| Birth { kind: *kind, at: *at }).collect();
        simulation.begin(Actor::new(position, active.rest, births, active.passed, active.held));
    }
    // What is late already is late with and without the new one.
    let mut without = simulation.clone();
    without.finish();
    simulation.begin(Actor::new(active.len(), trace, Vec::new(), Duration::ZERO, 0));
    simulation.finish();
    // What is left over waits for permits that are kept for each other.
    simulation.is_idle() && simulation.tally.late.iter().all(|late| without.tally.late.contains(late))
}
