//! Baselines: what a server answers, recorded before an upgrade and compared after it. Made from the results of runs, so that two
//! of them can be compared without a server; calls none, prints nothing.
//!
//! Results are reduced to facts that stay the same from run to run ([`Snapshot::from_results`]). Facts that differ between two
//! runs of an unchanged server are marked as unstable and never compared ([`Snapshot::stabilize`]). `rules` alone decides
//! which difference matters.

mod answer;
mod body;
mod compare;
mod facts;
mod folder;
mod latency;
mod record;
mod redaction;
mod rules;
mod snapshot;
mod snapshot_files;
mod stabilize;

pub(crate) use folder::{Baseline, read_record};
pub(crate) use record::Record;
pub(crate) use snapshot::Snapshot;
