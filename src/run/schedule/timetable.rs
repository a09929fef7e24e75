//! The simulated run: which scenario begins when, and what that comes to.

use std::{cmp::Reverse, time::Duration};

use steps::LifetimeKind;

use super::{
    Conditions, ScenarioTrace,
    simulation::{Actor, Simulation, Tally},
};

/// Scenarios that are tried for admission before time passes.
const LOOK_AHEAD: usize = 8;
/// The same of those that run alone.
const LOOK_AHEAD_APART: usize = 2;

/// How a run goes by the reckoning.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timetable {
    #[cfg_attr(not(test), allow(dead_code, reason = "tests hold the order against it"))]
    /// When each scenario begins, in the order in which they begin.
    pub(crate) begins: Vec<(usize, Duration)>,
    /// The longest time from the beginning of a scenario to the last lifetime that it waits for.
    pub(crate) longest_wait: Duration,
    /// From the first request to the last answer.
    pub(crate) length: Duration,
    pub(crate) requests: u64,
    pub(crate) failed_logins: u64,
    /// One-time tokens of the first and of the second user.
    pub(crate) one_time: [u64; 2],
    /// Scenarios that use a token too late in every order.
    pub(crate) late: Vec<usize>,
    /// Scenarios that wait for longer than is allowed, each with what they wait for.
    pub(crate) unwaitable: Vec<(usize, LifetimeKind)>,
}

/// Makes the timetable of these scenarios, which run in phases: those that may meet, then the others, of which only those meet that
/// are known not to disturb each other.
pub(crate) fn plan(conditions: &Conditions, scenarios: &[ScenarioTrace]) -> Timetable {
    let mut planner = Planner { conditions, scenarios, simulation: Simulation::new(conditions), begins: Vec::new() };
    let mut all: Vec<usize> = (0..scenarios.len()).collect();
    // The longest waits begin first, so that the rest fills them.
    all.sort_by_cached_key(|position| Reverse(scenarios[*position].wait(conditions)));
    let (apart, together): (Vec<usize>, Vec<usize>) =
        all.into_iter().partition(|position| scenarios[*position].runs_alone);
    planner.go_through(together);
    planner.go_through(apart);
    planner.timetable()
}

struct Planner<'a> {
    conditions: &'a Conditions,
    scenarios: &'a [ScenarioTrace],
    simulation: Simulation<'a>,
    begins: Vec<(usize, Duration)>,
}

impl<'a> Planner<'a> {
    fn go_through(&mut self, mut pending: Vec<usize>) {
        let mut idle_since = None;
        while !pending.is_empty() {
            if let Some(at) = self.admissible(&pending) {
                let position = pending.remove(at);
                self.begin(position);
                idle_since = None;
            } else if self.simulation.is_idle() {
                // With everything for itself and a full bucket a scenario has all the room that there is.
                let since = *idle_since.get_or_insert(self.simulation.now);
                if self.simulation.now >= since + self.conditions.filling() {
                    let position = pending.remove(0);
                    self.begin(position);
                    idle_since = None;
                } else {
                    let step = self.conditions.filling() / 8 + Duration::from_millis(1);
                    self.simulation.advance(Some(self.simulation.now + step));
                }
            } else if !self.simulation.advance(None) {
                break;
            }
        }
        self.simulation.finish();
    }

    fn admissible(&self, pending: &[usize]) -> Option<usize> {
        if self.simulation.busy() >= self.conditions.depth() {
            return None;
        }
        let waits = |position: usize| !self.scenarios[position].wait(self.conditions).is_zero();
        let may_meet = |position: usize| {
            let scenario = &self.scenarios[position];
            !scenario.runs_alone || self.simulation.running().all(|other| scenario.may_meet(&self.scenarios[other]))
        };
        let all = || pending.iter().copied().enumerate().filter(|(_, position)| may_meet(*position));
        // Of those that run alone mostly the first may begin.
        let is_apart = pending.first().is_some_and(|position| self.scenarios[*position].runs_alone);
        let ahead = if is_apart { LOOK_AHEAD_APART } else { LOOK_AHEAD };
        let mut candidates = all().take(ahead).chain(all().filter(|(_, it)| !waits(*it)).take(ahead));
        candidates.find(|(_, position)| self.admits(*position)).map(|(at, _)| at)
    }

    fn admits(&self, position: usize) -> bool {
        let mut ahead = self.simulation.clone();
        let late = ahead.tally.late.len();
        ahead.begin(self.actor(position));
        ahead.finish();
        ahead.is_idle() && ahead.tally.late.len() == late
    }

    fn begin(&mut self, position: usize) {
        self.begins.push((position, self.simulation.now));
        let actor = self.actor(position);
        self.simulation.begin(actor);
    }

    fn actor(&self, position: usize) -> Actor<'a> {
        Actor::new(position, &self.scenarios[position].trace, Vec::new(), Duration::ZERO, 0)
    }

    fn timetable(self) -> Timetable {
        let Tally { requests, failed_logins, one_time, late, unwaitable } = self.simulation.tally;
        let (begins, length) = (self.begins, self.simulation.now);
        let waits = self.scenarios.iter().map(|scenario| scenario.wait(self.conditions));
        let longest_wait = waits.max().unwrap_or_default();
        Timetable { begins, longest_wait, length, requests, failed_logins, one_time, late, unwaitable }
    }
}
