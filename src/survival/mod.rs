//! What a restart, a failover or an upgrade leaves of the server's promises: tokens in every state are left behind before and tried
//! after, and a light stream of calls sees what a client sees meanwhile. Judges by the requirements `SURVIVE-…` of
//! `features/survival.toml`; runs no features.

mod begin;
mod check;
mod judge;
mod node_watch;
mod outage;
mod outcome;
mod sealed;
mod state;
mod watch;

pub(crate) use begin::begin;
pub(crate) use judge::judge;
pub(crate) use outcome::{Survived, outcome};
pub(crate) use sealed::StateFolder;
pub(crate) use state::State;
pub(crate) use watch::{Watched, watch};
