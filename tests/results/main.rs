//! What a run leaves behind, and what the other commands make of it: reports, baselines, merged runs, fleets, certificates, and
//! that none of it holds a secret. Tests of `report.html` use a browser, and are skipped with a message where there is none.

mod baseline;
mod certificate;
#[cfg(unix)]
mod fleet;
mod hostile;
mod large;
mod merge;
mod page;
mod rendering;
mod secrets;
#[path = "../support/mod.rs"]
mod support;
mod terminal;
