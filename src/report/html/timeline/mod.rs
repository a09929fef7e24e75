//! The run as a picture: scenarios as bars in as many lanes as ran at one time, with what was on the wire and what waited for
//! its turn. What is left of a bar is waiting for lifetimes and the harness's own time.

mod axis;
mod lanes;
mod path;

use serde::Serialize;

use super::{scenario::Numbers, words};
use crate::{
    report::figures::{duration, short},
    results::{Exchange, Outcome, Results, Scenario},
};
use lanes::Lanes;
use path::Path;

/// Width of the picture in its own units.
const WIDTH: f64 = 1_000.0;
/// Height of all lanes together, about.
const HEIGHT: f64 = 260.0;
/// Height of a lane, at least and at most.
const LANE: (f64, f64) = (1.5, 18.0);
/// Narrowest bar that can be seen.
const NARROWEST: f64 = 0.6;
/// How many of the longest scenarios are listed.
const LONGEST: usize = 8;

/// The picture, and in words what it shows.
#[derive(Serialize)]
pub(super) struct Timeline<'a> {
    width: f64,
    height: f64,
    bottom: f64,
    summary: String,
    ticks: Vec<axis::Tick>,
    bars: Vec<Bar<'a>>,
    wire: String,
    paced: String,
    longest: Vec<Long<'a>>,
}

#[derive(Serialize)]
struct Bar<'a> {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    verdict: &'static str,
    name: &'a str,
    when: String,
}

#[derive(Serialize)]
struct Long<'a> {
    number: usize,
    name: &'a str,
    began: String,
    took: String,
    wire: String,
    paced: String,
}

impl<'a> Timeline<'a> {
    pub(super) fn of(results: &'a Results, numbers: &Numbers<'a>) -> Self {
        let mut ran: Vec<&Scenario> = results.scenarios.iter().filter(|it| it.verdict != Outcome::Skipped).collect();
        ran.sort_by(|one, other| one.started_ms.total_cmp(&other.started_ms));
        let mut lanes = Lanes::default();
        let placed: Vec<(usize, &Scenario)> =
            ran.iter().map(|it| (lanes.place(it.started_ms, it.duration_ms), *it)).collect();
        let end = ran.iter().map(|it| it.started_ms + it.duration_ms).fold(1.0, f64::max);
        let scale = Scale::new(end, lanes.count());
        let bottom = scale.lane * count(lanes.count());
        Self {
            width: WIDTH,
            height: bottom + 24.0,
            bottom,
            summary: summary(results, lanes.count()),
            ticks: axis::ticks(end, WIDTH),
            bars: placed.iter().map(|(lane, scenario)| scale.bar(*lane, scenario)).collect(),
            wire: scale.path(&placed, |it| (it.at_ms, it.duration_ms)),
            paced: scale.path(&placed, |it| (it.at_ms - it.paced_ms, it.paced_ms)),
            longest: longest(&ran, numbers),
        }
    }
}

/// From milliseconds and lanes to the picture.
struct Scale {
    per_ms: f64,
    lane: f64,
}

impl Scale {
    fn new(end: f64, lanes: usize) -> Self {
        let lane = (HEIGHT / count(lanes.max(1))).clamp(LANE.0, LANE.1);
        Self { per_ms: WIDTH / end, lane }
    }

    fn bar<'a>(&self, lane: usize, scenario: &'a Scenario) -> Bar<'a> {
        Bar {
            x: tenth(scenario.started_ms * self.per_ms),
            y: tenth(count(lane) * self.lane),
            width: tenth((scenario.duration_ms * self.per_ms).max(NARROWEST)),
            height: tenth(self.lane * 0.8),
            verdict: words::outcome(scenario.verdict),
            name: &scenario.name,
            when: format!("from {}, {}", short(scenario.started_ms), short(scenario.duration_ms)),
        }
    }

    /// One path for all spans of one kind.
    fn path(&self, placed: &[(usize, &Scenario)], span: impl Fn(&Exchange) -> (f64, f64)) -> String {
        let mut path = Path::default();
        for (lane, scenario) in placed {
            let mut spans: Vec<(f64, f64)> =
                scenario.exchanges.iter().map(&span).filter(|(_, took)| *took > 0.0).collect();
            spans.sort_by(|one, other| one.0.total_cmp(&other.0));
            let spans = spans.into_iter().map(|(at, took)| (at * self.per_ms, took * self.per_ms));
            path.row(count(*lane) * self.lane + self.lane * 0.4, spans);
        }
        path.into_text()
    }
}

fn summary(results: &Results, lanes: usize) -> String {
    let paced: f64 = results.scenarios.iter().flat_map(|it| &it.exchanges).map(|it| it.paced_ms).sum();
    format!(
        "{} from the first scenario to the last, up to {lanes} at one time. {} went by waiting for lifetimes, overlaps counted \
         once; requests waited {} for their turn, each counted.",
        duration(results.duration_ms),
        duration(results.traffic.waited_ms),
        short(paced)
    )
}

fn longest<'a>(ran: &[&'a Scenario], numbers: &Numbers<'a>) -> Vec<Long<'a>> {
    let mut longest = ran.to_vec();
    longest.sort_by(|one, other| other.duration_ms.total_cmp(&one.duration_ms));
    let sum = |scenario: &Scenario, of: fn(&Exchange) -> f64| short(scenario.exchanges.iter().map(of).sum());
    let long = |scenario: &'a Scenario| Long {
        number: numbers.number(&scenario.id),
        name: &scenario.name,
        began: short(scenario.started_ms),
        took: short(scenario.duration_ms),
        wire: sum(scenario, |exchange| exchange.duration_ms),
        paced: sum(scenario, |exchange| exchange.paced_ms),
    };
    longest.into_iter().take(LONGEST).map(long).collect()
}

/// To a tenth of a unit; finer cannot be seen.
fn tenth(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

#[expect(clippy::cast_precision_loss, reason = "nobody runs so many scenarios at one time")]
fn count(number: usize) -> f64 {
    number as f64
}
