//! Merges several runs of one suite on one target: shards, profiles, selections, repetitions. Verdicts are rolled up again
//! from the scenarios, those in the files are ignored. Reads no files and sends no requests.

mod compatibility;
mod error;
mod merged_run;
mod resumed_run;
mod saved_run;
mod scenarios;
mod terms;

pub(crate) use error::MergeError;
pub(crate) use merged_run::merge;
pub(crate) use resumed_run::{resume, unjudged_scenarios};
pub(crate) use saved_run::SavedRun;

#[cfg(test)]
mod tests;
