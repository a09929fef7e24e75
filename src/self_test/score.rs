//! How good the suite is, in one sentence.

use crate::results;

/// How many seeded defects the suite catches, and how many conforming variations it blames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Score {
    /// Digest of the suite that it was measured with.
    suite: String,
    faults: usize,
    caught: usize,
    freedoms: usize,
    blamed: usize,
}

impl Score {
    /// Counts rows, given as whether it conforms and whether the suite did what it must.
    pub(super) fn of(suite: &str, rows: impl Iterator<Item = (bool, bool)>) -> Self {
        let mut score = Self { suite: suite.to_owned(), faults: 0, caught: 0, freedoms: 0, blamed: 0 };
        for (conforms, holds) in rows {
            if conforms {
                score.freedoms += 1;
                score.blamed += usize::from(!holds);
            } else {
                score.faults += 1;
                score.caught += usize::from(holds);
            }
        }
        score
    }

    /// As the results tell it.
    pub(crate) fn to_results(&self, suite: &str) -> results::Score {
        results::Score {
            faults: self.faults,
            caught: self.caught,
            freedoms: self.freedoms,
            blamed: self.blamed,
            measured_with: self.suite.clone(),
            current: self.suite == suite,
        }
    }
}
