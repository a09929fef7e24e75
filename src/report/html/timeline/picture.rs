//! Draws the picture.

use serde::Serialize;

use super::{
    lanes::Lanes,
    svg::{NARROWEST, StrokePath, Tick, round_to_tenth, ticks},
};
use crate::{
    report::{
        class::outcome_class,
        format::{duration, short_duration},
        html::scenario::ScenarioAnchors,
    },
    results::{Outcome, RecordedExchange, Results, ScenarioResult},
};

/// Width of the picture in its own units.
const WIDTH: f64 = 1_000.0;
/// Approximate height of all lanes together.
const HEIGHT: f64 = 260.0;
/// Least and greatest height of a lane.
const LANE: (f64, f64) = (1.5, 18.0);
/// How many of the longest scenarios are listed.
const LONGEST: usize = 8;

/// The picture and its summary.
#[derive(Serialize)]
pub(in crate::report::html) struct Timeline<'a> {
    width: f64,
    height: f64,
    bottom: f64,
    summary: String,
    ticks: Vec<Tick>,
    bars: Vec<TimelineBar<'a>>,
    wire: String,
    paced: String,
    longest: Vec<LongScenario<'a>>,
}

#[derive(Serialize)]
struct TimelineBar<'a> {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    verdict: &'static str,
    name: &'a str,
    when: String,
}

#[derive(Serialize)]
struct LongScenario<'a> {
    anchor: String,
    name: &'a str,
    began: String,
    took: String,
    wire: String,
    paced: String,
}

impl<'a> Timeline<'a> {
    pub(in crate::report::html) fn new(results: &'a Results, anchors: &ScenarioAnchors<'a>) -> Self {
        let mut ran: Vec<&ScenarioResult> =
            results.scenarios.iter().filter(|it| it.verdict != Outcome::Skipped).collect();
        ran.sort_by(|one, other| one.started_ms.total_cmp(&other.started_ms));
        let mut lanes = Lanes::default();
        let placed: Vec<(usize, &ScenarioResult)> =
            ran.iter().map(|it| (lanes.place(it.started_ms, it.duration_ms), *it)).collect();
        let end = ran.iter().map(|it| it.started_ms + it.duration_ms).fold(1.0, f64::max);
        let scale = Scale::new(end, lanes.count());
        let bottom = scale.lane * to_f64(lanes.count());
        Self {
            width: WIDTH,
            height: bottom + 24.0,
            bottom,
            summary: summary(results, lanes.count()),
            ticks: ticks(end, WIDTH),
            bars: placed.iter().map(|(lane, scenario)| scale.bar(*lane, scenario)).collect(),
            wire: scale.path(&placed, |it| (it.at_ms, it.duration_ms)),
            paced: scale.path(&placed, |it| (it.at_ms - it.paced_ms, it.paced_ms)),
            longest: longest(&ran, anchors),
        }
    }
}

/// Converts milliseconds and lanes to units of the picture.
struct Scale {
    per_ms: f64,
    lane: f64,
}

impl Scale {
    fn new(end: f64, lanes: usize) -> Self {
        let lane = (HEIGHT / to_f64(lanes.max(1))).clamp(LANE.0, LANE.1);
        Self { per_ms: WIDTH / end, lane }
    }

    fn bar<'a>(&self, lane: usize, scenario: &'a ScenarioResult) -> TimelineBar<'a> {
        TimelineBar {
            x: round_to_tenth(scenario.started_ms * self.per_ms),
            y: round_to_tenth(to_f64(lane) * self.lane),
            width: round_to_tenth((scenario.duration_ms * self.per_ms).max(NARROWEST)),
            height: round_to_tenth(self.lane * 0.8),
            verdict: outcome_class(scenario.verdict),
            name: &scenario.name,
            when: format!("from {}, {}", short_duration(scenario.started_ms), short_duration(scenario.duration_ms)),
        }
    }

    /// One path for all spans of one kind.
    fn path(&self, placed: &[(usize, &ScenarioResult)], span: impl Fn(&RecordedExchange) -> (f64, f64)) -> String {
        let mut path = StrokePath::default();
        for (lane, scenario) in placed {
            let mut spans: Vec<(f64, f64)> =
                scenario.exchanges.iter().map(&span).filter(|(_, took)| *took > 0.0).collect();
            spans.sort_by(|one, other| one.0.total_cmp(&other.0));
            let spans = spans.into_iter().map(|(at, took)| (at * self.per_ms, took * self.per_ms));
            path.add_row(to_f64(*lane) * self.lane + self.lane * 0.4, spans);
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
        short_duration(paced)
    )
}

fn longest<'a>(ran: &[&'a ScenarioResult], anchors: &ScenarioAnchors<'a>) -> Vec<LongScenario<'a>> {
    let mut longest = ran.to_vec();
    longest.sort_by(|one, other| other.duration_ms.total_cmp(&one.duration_ms));
    let sum = |scenario: &ScenarioResult, part: fn(&RecordedExchange) -> f64| {
        short_duration(scenario.exchanges.iter().map(part).sum())
    };
    let long = |scenario: &'a ScenarioResult| LongScenario {
        anchor: anchors.anchor(&scenario.id),
        name: &scenario.name,
        began: short_duration(scenario.started_ms),
        took: short_duration(scenario.duration_ms),
        wire: sum(scenario, |exchange| exchange.duration_ms),
        paced: sum(scenario, |exchange| exchange.paced_ms),
    };
    longest.into_iter().take(LONGEST).map(long).collect()
}

#[expect(clippy::cast_precision_loss, reason = "no run has so many scenarios at one time")]
fn to_f64(number: usize) -> f64 {
    number as f64
}
