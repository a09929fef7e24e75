//! Shows on a terminal how far a run is. Follows the runner's events and knows nothing of results.

use std::{convert::Infallible, future::pending, sync::Arc, time::Duration};

use cucumber::event::{Cucumber, Feature, Rule, Scenario};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use steps::World;

use crate::{
    one_time::{ClickNeed, OnNeed},
    output::Output,
};

/// How often a line shows how far a run is, where no terminal does.
const LINE_EVERY: Duration = Duration::from_secs(30);

/// How many scenarios have ended: a bar on a terminal; elsewhere the plan at the start and a line every half minute.
#[derive(Clone)]
pub(crate) struct RunProgress {
    bar: ProgressBar,
    /// Whether lines are printed in place of the bar.
    lines: bool,
}

impl RunProgress {
    /// Shows itself on standard error, if that is a terminal.
    pub(crate) fn on_terminal() -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        let lines = bar.is_hidden();
        Self::of(bar, lines)
    }

    /// Shows nothing.
    pub(crate) fn hidden() -> Self {
        Self::of(ProgressBar::hidden(), false)
    }

    fn of(bar: ProgressBar, lines: bool) -> Self {
        if let Ok(style) =
            ProgressStyle::with_template("{prefix}{bar:30} {pos}/{len} scenarios · {elapsed} · {wide_msg}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, lines }
    }

    /// Prints the plan of a run where no terminal shows it: its scenarios, and how long they take where that is known.
    pub(crate) fn announce(&self, scenarios: usize, duration: Option<Duration>, output: &Output) {
        if self.lines {
            output.note(&plan_line(scenarios, duration));
        }
    }

    /// Prints how far the run is, every half minute, where no terminal shows it. Never ends.
    pub(crate) async fn print_lines(&self, output: &Output) -> Infallible {
        if !self.lines {
            return pending().await;
        }
        loop {
            tokio::time::sleep(LINE_EVERY).await;
            output.note(&self.line());
        }
    }

    fn line(&self) -> String {
        let (ended, all) = (self.bar.position(), self.bar.length().unwrap_or_default());
        format!("{ended} of {all} scenarios have ended after {}", minutes(self.bar.elapsed()))
    }

    /// Takes one event.
    pub(crate) fn follow(&self, event: &Cucumber<World>) {
        match event {
            Cucumber::ParsingFinished { scenarios, .. } => self.bar.set_length(*scenarios as u64),
            Cucumber::Feature(_, Feature::Scenario(scenario, event))
            | Cucumber::Feature(_, Feature::Rule(_, Rule::Scenario(scenario, event))) => match event.event {
                Scenario::Started => {
                    // A second try is one more to wait for.
                    self.bar.inc_length(event.retries.map_or(0, |_| 1));
                    self.bar.set_message(scenario.name.clone());
                }
                Scenario::Finished => self.bar.inc(1),
                _ => {}
            },
            Cucumber::Finished => self.bar.finish_and_clear(),
            _ => {}
        }
    }
}

fn plan_line(scenarios: usize, duration: Option<Duration>) -> String {
    let about = duration.map(|duration| format!(", about {}", minutes(duration))).unwrap_or_default();
    format!("{scenarios} scenarios{about}")
}

/// Minutes and seconds.
fn minutes(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

/// Shows the operator whose external link has to be clicked, and how often.
pub(crate) fn clicks() -> OnNeed {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    Arc::new(move |need: ClickNeed| {
        if need.tokens == 0 {
            bar.finish_and_clear();
        } else {
            bar.println(format!("{} one-time tokens of {} needed: open {}", need.tokens, need.login, need.link));
        }
    })
}

/// A line for each of several runs that go on at once, and one for all; silent without a terminal.
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
    pub(crate) fn of(&self, name: &str) -> RunProgress {
        let bar = self.lines.insert_before(&self.all, ProgressBar::new(0));
        bar.set_prefix(format!("{name} "));
        let lines = self.all.is_hidden();
        RunProgress::of(bar, lines)
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

/// Counts down what is left of many runs; silent without a terminal.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_names_scenarios_and_duration() {
        assert_eq!(plan_line(244, Some(Duration::from_secs(170))), "244 scenarios, about 2 min 50 s");
        assert_eq!(plan_line(3, Some(Duration::from_secs(9))), "3 scenarios, about 9 s");
        assert_eq!(plan_line(244, None), "244 scenarios");
    }

    #[test]
    fn a_line_counts_what_has_ended() {
        let progress = RunProgress::hidden();
        progress.bar.set_length(244);
        progress.bar.inc(40);
        assert_eq!(progress.line(), "40 of 244 scenarios have ended after 0 s");
    }
}
