//! The suite proves itself: it is run against every seeded defect and every conforming variation of the stand-in, and what it
//! catches and blames is held against the reviewed matrix. Uses the same judgement as any other run.

mod bench;
pub(crate) mod lints;
mod matrix;
mod subject;
mod upgrade;

pub(crate) use bench::Bench;
pub(crate) use matrix::{Matrix, VariationRow, differences};
pub(crate) use subject::TestSubject;
pub(crate) use upgrade::UpgradeRow;

/// What every variation would change as an upgrade, as it was reviewed.
pub(crate) const REVIEWED_UPGRADES: &str = include_str!("../../features/upgrade.matrix");
