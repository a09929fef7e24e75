//! Shows on a terminal how far a run is. Follows the runner's events and knows nothing of results.

use std::{sync::Arc, time::Duration};

use cucumber::event::{Cucumber, Feature, Rule, Scenario};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use steps::World;

use crate::one_time::{Need, OnNeed};

/// A line that tells how many scenarios have ended; silent where nobody watches.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Shows itself on standard error, if that is a terminal.
    pub(crate) fn on_terminal() -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} scenarios · {elapsed} · {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// Takes one event.
    pub(crate) fn follow(&self, event: &Cucumber<World>) {
        match event {
            Cucumber::ParsingFinished { scenarios, .. } => self.0.set_length(*scenarios as u64),
            Cucumber::Feature(_, Feature::Scenario(scenario, event))
            | Cucumber::Feature(_, Feature::Rule(_, Rule::Scenario(scenario, event))) => match event.event {
                Scenario::Started => self.0.set_message(scenario.name.clone()),
                Scenario::Finished => self.0.inc(1),
                _ => {}
            },
            Cucumber::Finished => self.0.finish_and_clear(),
            _ => {}
        }
    }
}

/// Tells the operator whose external link has to be clicked, and how often.
pub(crate) fn clicks() -> OnNeed {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    Arc::new(move |need: Need| {
        if need.tokens == 0 {
            bar.finish_and_clear();
        } else {
            bar.println(format!("{} one-time tokens of {} needed: open {}", need.tokens, need.login, need.link));
        }
    })
}

/// Counts down what is left of many runs; silent where nobody watches.
pub(crate) struct Countdown(ProgressBar);

impl Countdown {
    /// Shows itself on standard error, if that is a terminal.
    pub(crate) fn on_terminal(runs: usize) -> Self {
        Self(ProgressBar::with_draw_target(Some(runs as u64), ProgressDrawTarget::stderr()))
    }

    /// One more is done.
    pub(crate) fn done(&self) {
        self.0.inc(1);
    }
}

impl Drop for Countdown {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
