//! Parts of the picture: the marks of time below it, and many short spans as one path. An element for each span would make
//! thousands of them.

use std::fmt::Write;

use serde::Serialize;

/// Most marks.
const MOST_TICKS: f64 = 8.0;
/// Round steps between marks, in milliseconds; longer steps are whole hours.
const STEPS: [f64; 21] = [
    1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 12e5, 18e5,
    36e5,
];
/// Narrowest bar that can be seen.
pub(super) const NARROWEST: f64 = 0.6;

/// A mark of time.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Tick {
    x: f64,
    label: String,
}

/// Marks from zero to an end in milliseconds, over so much width.
pub(super) fn ticks(end: f64, width: f64) -> Vec<Tick> {
    let hours = (end / MOST_TICKS / 36e5).ceil() * 36e5;
    let step = STEPS.into_iter().find(|step| end / step <= MOST_TICKS).unwrap_or(hours);
    let mut ticks = Vec::new();
    let mut at = 0.0;
    // A mark too near to the end has no room for its label.
    while at <= end * 0.97 {
        ticks.push(Tick { x: round_to_tenth(at / end * width), label: label(at) });
        at += step;
    }
    ticks
}

fn label(ms: f64) -> String {
    match ms {
        ms if ms < 1e3 => format!("{ms} ms"),
        ms if ms < 12e4 => format!("{} s", ms / 1e3),
        ms if ms < 72e5 => format!("{:.0} min", ms / 6e4),
        ms => format!("{:.0} h", ms / 36e5),
    }
}

/// To a tenth of a unit; finer differences are invisible.
pub(super) fn round_to_tenth(length: f64) -> f64 {
    (length * 10.0).round() / 10.0
}

/// The data of an SVG path made of horizontal strokes.
#[derive(Default)]
pub(super) struct StrokePath(String);

impl StrokePath {
    /// Adds strokes at a height, in the order in which they begin. Strokes that touch are joined; invisible ones are widened.
    pub(super) fn add_row(&mut self, y: f64, spans: impl Iterator<Item = (f64, f64)>) {
        let mut open: Option<(f64, f64)> = None;
        for (at, length) in spans {
            let end = at + length.max(NARROWEST);
            match &mut open {
                Some((_, until)) if at <= *until => *until = until.max(end),
                _ => {
                    self.add_stroke(y, open);
                    open = Some((at, end));
                }
            }
        }
        self.add_stroke(y, open);
    }

    fn add_stroke(&mut self, y: f64, span: Option<(f64, f64)>) {
        if let Some((from, to)) = span {
            // Writing into a String cannot fail.
            let _ = write!(self.0, "M{from:.1} {y:.1}H{to:.1}");
        }
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(end: f64) -> Vec<String> {
        ticks(end, 1_000.0).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn marks_are_few_and_round() {
        assert_eq!(labels(1.0), ["0 ms"]);
        assert_eq!(labels(230.0), ["0 ms", "50 ms", "100 ms", "150 ms", "200 ms"]);
        assert_eq!(labels(3_900.0), ["0 ms", "500 ms", "1 s", "1.5 s", "2 s", "2.5 s", "3 s", "3.5 s"]);
        assert_eq!(labels(305_000.0), ["0 ms", "60 s", "2 min", "3 min", "4 min"]);
        for end in [1.0, 9.9, 1e4, 36e5, 9e8] {
            assert!((1..=9).contains(&labels(end).len()), "{end}");
        }
    }

    #[test]
    fn marks_are_at_their_time() {
        assert_eq!(ticks(200.0, 1_000.0)[1], Tick { x: 250.0, label: "50 ms".to_owned() });
    }

    #[test]
    fn strokes_that_touch_are_joined() {
        let mut path = StrokePath::default();
        path.add_row(5.0, [(0.0, 2.0), (1.0, 3.0), (6.0, 0.1)].into_iter());
        path.add_row(9.0, std::iter::empty());
        assert_eq!(path.into_text(), "M0.0 5.0H4.0M6.0 5.0H6.6");
    }
}
