//! The pace of a run: its conditions, and what its scenarios are known to do.

use std::{collections::HashMap, time::Duration};

use steps::{Lifetimes, TraceEvent};

use super::schedule::{Conditions, ScenarioTrace};

/// How a run is paced: under which conditions, and what its scenarios do.
pub(crate) struct RunPace {
    pub(crate) conditions: Conditions,
    pub(super) traces: HashMap<String, ScenarioTrace>,
}

impl RunPace {
    /// The same with the lifetimes that the server has taken, where it has taken any.
    pub(crate) fn with_lifetimes(mut self, set: Lifetimes<Option<Duration>>) -> Self {
        let known = self.conditions.lifetimes;
        self.conditions.lifetimes = Lifetimes::from_fn(|kind| set.get(kind).or(*known.get(kind)));
        self
    }

    /// What a scenario does; nothing where that is not known.
    pub(crate) fn trace(&self, id: &str) -> &[TraceEvent] {
        self.traces.get(id).map_or(&[], |scenario| scenario.trace.as_slice())
    }

    /// Whether two scenarios that could disturb others may run side by side.
    pub(crate) fn may_meet(&self, one: &str, other: &str) -> bool {
        let (one, other) = (self.traces.get(one), self.traces.get(other));
        one.zip(other).is_some_and(|(one, other)| one.may_meet(other))
    }

    /// The longest time that a scenario waits for the end of lifetimes.
    pub(crate) fn wait(&self, id: &str) -> Duration {
        self.traces.get(id).map_or(Duration::ZERO, |scenario| scenario.wait(&self.conditions))
    }
}
