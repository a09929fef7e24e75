//! One run from the command line to its reports: context, preflight, plan, execution, publication, and the search for leaks.

pub(crate) mod checkpoint;
pub(crate) mod context;
pub(crate) mod distrusted_source;
pub(crate) mod execute;
pub(crate) mod exploring;
pub(crate) mod fleet;
pub(crate) mod forecast;
pub(crate) mod leak_scan;
pub(crate) mod pace;
pub(crate) mod plan;
pub(crate) mod preflight;
pub(crate) mod progress;
pub(crate) mod publish;
pub(crate) mod rehearsal;
pub(crate) mod schedule;
pub(crate) mod signals;
pub(crate) mod target_run;
