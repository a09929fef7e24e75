//! `fleet.html`: all targets on one page: what fails where, what changed since the last run, what is about to expire. Made
//! from the results below a folder; judges nothing again.

mod changes;
mod found;
mod matrix;
mod page;
mod row;

pub(crate) use found::{FleetEntry, find};
pub(crate) use page::{FleetSources, render, summary};
