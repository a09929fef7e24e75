//! A canary for every day: a dozen requests a round to one target, what is wrong reported once, and metrics. It changes no settings and
//! waits for no expiry; the tokens of one round are tried again in the next. What a run of the suite judges is not judged here.

mod checks;
mod facts;
mod incidents;
mod login_budget;
mod metrics;
mod metrics_port;
mod remote;
mod round;
mod server;
mod state_file;
#[cfg(test)]
mod tests;
mod watcher;

pub(crate) use incidents::{Event, TargetHealth};
pub(crate) use metrics_port::MetricsPort;
pub(crate) use remote::WatchedTarget;
#[cfg(test)]
pub(crate) use server::Server;
pub(crate) use state_file::SavedState;
pub(crate) use watcher::{Watcher, WatcherOptions};
