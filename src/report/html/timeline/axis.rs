//! The marks of time below the picture.

use serde::Serialize;

/// Most marks.
const MOST: f64 = 8.0;
/// Steps that people count in, in milliseconds; longer ones are whole hours.
const STEPS: [f64; 21] = [
    1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 12e5, 18e5,
    36e5,
];

/// A mark.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Tick {
    x: f64,
    label: String,
}

/// Marks from the beginning to an end given in milliseconds, over so much width.
pub(super) fn ticks(end: f64, width: f64) -> Vec<Tick> {
    let hours = (end / MOST / 36e5).ceil() * 36e5;
    let step = STEPS.into_iter().find(|step| end / step <= MOST).unwrap_or(hours);
    let mut ticks = Vec::new();
    let mut at = 0.0;
    // A mark too near to the end would have no room for its label.
    while at <= end * 0.97 {
        ticks.push(Tick { x: super::tenth(at / end * width), label: label(at) });
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
    fn marks_stand_where_their_time_is() {
        assert_eq!(ticks(200.0, 1_000.0)[1], Tick { x: 250.0, label: "50 ms".to_owned() });
    }
}
