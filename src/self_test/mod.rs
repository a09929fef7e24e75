//! The suite proves itself: it is run against every seeded defect and every conforming variation of the stand-in, and what it
//! catches and blames is held against the reviewed matrix. Uses the same judgement as any other run.

mod bench;
pub(crate) mod lints;
mod matrix;
mod score;

pub(crate) use bench::{Bench, Subject};
pub(crate) use matrix::{Matrix, Row};
pub(crate) use score::Score;

/// The matrix as it was reviewed, with the digest of the suite that it was measured with.
pub(crate) const REVIEWED: &str = include_str!("../../features/self-test.matrix");
