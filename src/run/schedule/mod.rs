//! When each scenario of a run on a paced server begins, how long the run takes, and what cannot be judged at that pace. Pure: the
//! traces of the scenarios and the conditions go in, a timetable comes out. Simulates a run with the queue that real requests
//! wait in, so that a prediction and the run go by the same rules.

mod admission;
mod lifetimes;
mod simulation;
#[cfg(test)]
mod tests;
mod timetable;

use std::time::Duration;

use steps::{LifetimeKind, Lifetimes, TraceEvent};

pub(crate) use admission::{ActiveScenario, admits};
pub(crate) use lifetimes::{LifetimeChoice, choose};
pub(crate) use timetable::{Timetable, plan};

/// Servers may count in whole seconds: a token is only surely good until one second before its end.
const WHOLE_SECOND: Duration = Duration::from_secs(1);

/// How the server is asked, and how long its tokens live.
#[derive(Clone, Debug)]
pub(crate) struct Conditions {
    /// Requests in a second; `None` for no limit.
    pub(crate) rate: Option<f64>,
    /// Most requests at one moment.
    pub(crate) burst: u32,
    /// From sending a request to the end of its answer.
    pub(crate) round_trip: Duration,
    /// From asking the source of one-time tokens to having one.
    pub(crate) minting: Duration,
    pub(crate) lifetimes: ExpectedLifetimes,
    /// How far from the end of a lifetime both of its sides are tried.
    pub(crate) margin: Duration,
    /// Longest wait for the end of a lifetime.
    pub(crate) max_wait: Duration,
    /// Most scenarios at one time that do not wait for a lifetime.
    pub(crate) concurrency: usize,
}

/// How long tokens live; `None` where that is not known.
pub(crate) type ExpectedLifetimes = Lifetimes<Option<Duration>>;

impl Conditions {
    /// How many scenarios keep the server as busy as it allows: a request that is on its way holds no other back.
    pub(crate) fn depth(&self) -> usize {
        let busy = self.rate.map_or(usize::MAX, |rate| (rate * self.round_trip.as_secs_f64()).ceil() as usize + 1);
        busy.min(self.concurrency).max(1)
    }

    /// How long before its end a token is surely good when a request with it is sent.
    fn safety(&self) -> Duration {
        (WHOLE_SECOND + self.round_trip).min(self.margin)
    }

    /// How long the bucket takes to fill.
    pub(crate) fn filling(&self) -> Duration {
        self.rate.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(f64::from(self.burst) * 1.1 / rate))
    }
}

/// A scenario to be put into a timetable.
#[derive(Clone, Debug)]
pub(crate) struct ScenarioTrace {
    /// What it does.
    pub(crate) trace: Vec<TraceEvent>,
    /// Whether nothing may run beside it.
    pub(crate) runs_alone: bool,
}

/// What a scenario that could disturb others does to the settings.
#[derive(PartialEq, Eq)]
enum SettingsUse {
    /// Nothing.
    Untouched,
    /// It changes these lifetimes, and waits while the change is in force.
    Kept(Vec<LifetimeKind>),
    /// It changes them, or tries to, and does not wait.
    Changing,
}

impl ScenarioTrace {
    /// Whether two scenarios that could disturb others may run side by side: one waits under settings that it has changed, and the
    /// other leaves those as they are.
    pub(crate) fn may_meet(&self, other: &Self) -> bool {
        match (self.settings_use(), other.settings_use()) {
            (SettingsUse::Kept(one), SettingsUse::Kept(other)) => one.iter().all(|kind| !other.contains(kind)),
            (SettingsUse::Kept(_), SettingsUse::Untouched) | (SettingsUse::Untouched, SettingsUse::Kept(_)) => true,
            _ => false,
        }
    }

    fn settings_use(&self) -> SettingsUse {
        let changes = || {
            self.trace.iter().filter_map(|event| if let TraceEvent::Changed(kind) = event { Some(*kind) } else { None })
        };
        if changes().next().is_none() {
            return SettingsUse::Untouched;
        }
        let waits = self.trace.iter().any(|event| matches!(event, TraceEvent::Waited { .. }));
        let kinds: Option<Vec<LifetimeKind>> = changes().collect();
        kinds.filter(|_| waits).map_or(SettingsUse::Changing, SettingsUse::Kept)
    }

    /// The longest time that it waits for the end of lifetimes.
    pub(crate) fn wait(&self, conditions: &Conditions) -> Duration {
        let mut births = Vec::new();
        let mut waits = Duration::ZERO;
        for event in &self.trace {
            match event {
                TraceEvent::Born { kind, .. } => births.push((*kind, waits)),
                TraceEvent::Waited { token, until, .. } => {
                    let Some((kind, born)) = births.get(*token) else { continue };
                    let Some(lifetime) = *conditions.lifetimes.get(*kind) else { continue };
                    if lifetime > conditions.max_wait {
                        // The scenario ends here.
                        return waits;
                    }
                    waits = waits.max(*born + simulation::moment(*until, lifetime, conditions.margin));
                }
                _ => {}
            }
        }
        waits
    }
}
