//! Shows on a terminal how far a run is. Follows the runner's events and knows nothing of results.

use std::{sync::Arc, time::Duration};

use cucumber::event::{Cucumber, Feature, Rule, Scenario};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use steps::World;

use crate::one_time::{Need, OnNeed};

/// A line that tells how many scenarios have ended; silent where nobody watches.
#[derive(Clone)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Shows itself on standard error, if that is a terminal.
    pub(crate) fn on_terminal() -> Self {
        Self::of(ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr()))
    }

    fn of(bar: ProgressBar) -> Self {
        if let Ok(style) =
            ProgressStyle::with_template("{prefix}{bar:30} {pos}/{len} scenarios · {elapsed} · {wide_msg}")
        {
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
                Scenario::Started => {
                    // A second try is one more to wait for.
                    self.0.inc_length(event.retries.map_or(0, |_| 1));
                    self.0.set_message(scenario.name.clone());
                }
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

/// A line for each of several runs that go on at once, and one for all; silent where nobody watches.
pub(crate) struct ManyProgress {
    lines: MultiProgress,
    all: ProgressBar,
}

impl ManyProgress {
    /// Shows itself on standard error, if that is a terminal.
    pub(crate) fn on_terminal(runs: usize) -> Self {
        let lines = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let all = lines.add(ProgressBar::new(runs as u64));
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} targets · {elapsed}") {
            all.set_style(style);
        }
        Self { lines, all }
    }

    /// The line of one run.
    pub(crate) fn of(&self, name: &str) -> Progress {
        let bar = self.lines.insert_before(&self.all, ProgressBar::new(0));
        bar.set_prefix(format!("{name} "));
        Progress::of(bar)
    }

    /// One more has ended.
    pub(crate) fn ended(&self) {
        self.all.inc(1);
    }

    /// Prints something without being in its way.
    pub(crate) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.lines.suspend(print)
    }
}

impl Drop for ManyProgress {
    fn drop(&mut self) {
        self.all.finish_and_clear();
    }
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
