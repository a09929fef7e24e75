//! What a server is judged by: the catalogue, the features, the schemas and the reviewed snapshots, embedded in the program
//! and joined by the user's own features. Reads, checks and selects; runs nothing.

mod contents;
pub(crate) mod embedded;
mod feature;
mod features;
mod lint;
mod own_schemas;
mod problem;
pub(crate) mod scenario;
mod score;
mod selection;
mod shard;
pub(crate) mod step_lookup;

pub(crate) use contents::Suite;
pub(crate) use feature::Feature;
pub(crate) use scenario::{Scenario, scenarios};
pub(crate) use score::{REVIEWED, count_score, read_score};
pub(crate) use selection::{Selection, SelectionError};
pub(crate) use shard::Shard;
pub(crate) use step_lookup::StepLookup;
