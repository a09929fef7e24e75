//! One clock for several runs: it begins with the first of them.

use jiff::Timestamp;

use super::Part;

/// From the beginning of the first run to the end of the last, in milliseconds.
pub(super) fn duration(parts: &[Part]) -> u64 {
    let began = began(parts);
    parts.iter().map(|part| after(began, part) + part.results.duration_ms).max().unwrap_or(0)
}

/// Tells all times from the beginning of the first run.
pub(super) fn align(parts: &mut [Part]) {
    let began = began(parts);
    for part in parts {
        #[expect(clippy::cast_precision_loss, reason = "runs are not apart by three hundred thousand years")]
        let later = after(began, part) as f64;
        for scenario in &mut part.results.scenarios {
            scenario.started_ms = rounded(scenario.started_ms + later);
            for exchange in &mut scenario.exchanges {
                exchange.at_ms = rounded(exchange.at_ms + later);
            }
        }
    }
}

fn began(parts: &[Part]) -> Timestamp {
    parts.iter().map(|part| part.results.started_at).min().unwrap_or_default()
}

/// How many milliseconds after that a run began.
fn after(began: Timestamp, part: &Part) -> u64 {
    part.results.started_at.duration_since(began).as_millis().try_into().unwrap_or(0)
}

/// As fine as a run tells its times.
fn rounded(milliseconds: f64) -> f64 {
    (milliseconds * 100.0).round() / 100.0
}
