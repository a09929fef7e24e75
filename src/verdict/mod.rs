//! Rolls scenarios up into the verdicts of requirements and of the run. Pure: the same input, which includes the day, gives
//! the same verdict, so that a saved run can be judged again.

mod requirement;
mod roll_up;

pub(crate) use roll_up::{VerdictInput, add_shard_notes, roll_up};

#[cfg(test)]
mod tests;
