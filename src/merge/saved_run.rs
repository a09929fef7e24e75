//! Saved runs, and how their times and masks become comparable.

use std::{collections::HashMap, path::PathBuf, sync::LazyLock};

use jiff::Timestamp;
use regex::{Captures, Regex};

use super::error::MergeError;
use crate::results::Results;

static MASK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("‹([a-z][a-z -]*) #([0-9]{1,9})›").expect("the pattern is right"));

/// The results of one run, and their file.
#[derive(Clone, Debug)]
pub(crate) struct SavedRun {
    /// The file.
    pub(crate) file: PathBuf,
    /// Its content.
    pub(crate) results: Results,
}

impl SavedRun {
    /// The number of a shard; 0 for a whole run.
    pub(super) fn shard_number(&self) -> usize {
        self.results.selection.shard.map_or(0, |shard| shard.number)
    }

    /// Milliseconds from a moment to the start of the run.
    fn starts_after(&self, moment: Timestamp) -> u64 {
        self.results.started_at.duration_since(moment).as_millis().try_into().unwrap_or(0)
    }
}

fn first_start(runs: &[SavedRun]) -> Timestamp {
    runs.iter().map(|run| run.results.started_at).min().unwrap_or_default()
}

/// From the start of the first run to the end of the last, in milliseconds.
pub(super) fn joint_duration(runs: &[SavedRun]) -> u64 {
    let start = first_start(runs);
    runs.iter().map(|run| run.starts_after(start) + run.results.duration_ms).max().unwrap_or(0)
}

/// Counts all times from the start of the first run.
pub(super) fn align_times(runs: &mut [SavedRun]) {
    let start = first_start(runs);
    for run in runs {
        #[expect(clippy::cast_precision_loss, reason = "runs are not apart by three hundred thousand years")]
        let later = run.starts_after(start) as f64;
        for scenario in &mut run.results.scenarios {
            scenario.started_ms = round_to_hundredths(scenario.started_ms + later);
            for exchange in &mut scenario.exchanges {
                exchange.at_ms = round_to_hundredths(exchange.at_ms + later);
            }
        }
    }
}

/// The precision of times in results.
fn round_to_hundredths(milliseconds: f64) -> f64 {
    (milliseconds * 100.0).round() / 100.0
}

/// Continues the numbers of masks from run to run. Every run numbers them from 1, so that token #3 of one run and token #3 of
/// another would look like the same token.
pub(super) fn renumber_masks(runs: &mut [SavedRun]) -> Result<(), MergeError> {
    let mut used: HashMap<String, u64> = HashMap::new();
    for run in runs {
        let broken = |error: serde_json::Error| MergeError::broken(&run.file, error);
        let text = serde_json::to_string(&run.results).map_err(broken)?;
        let before = used.clone();
        let renumbered = MASK.replace_all(&text, |mask: &Captures<'_>| {
            let kind = &mask[1];
            let number = mask[2].parse().unwrap_or(0) + before.get(kind).copied().unwrap_or(0);
            let most = used.entry(kind.to_owned()).or_insert(0);
            *most = (*most).max(number);
            format!("‹{kind} #{number}›")
        });
        if !before.is_empty() {
            run.results = serde_json::from_str(&renumbered).map_err(broken)?;
        }
    }
    Ok(())
}
