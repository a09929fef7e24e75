//! Chooses the lane of a bar: the lowest that is free when the bar begins.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap},
};

/// Lanes, taken and free.
#[derive(Default)]
pub(super) struct Lanes {
    taken: BinaryHeap<Reverse<(Milliseconds, usize)>>,
    free: BTreeSet<usize>,
    count: usize,
}

/// Milliseconds with a total order.
#[derive(Clone, Copy, PartialEq)]
struct Milliseconds(f64);

impl Eq for Milliseconds {}

impl PartialOrd for Milliseconds {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Milliseconds {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Lanes {
    /// The lane of a bar. Bars must come in the order in which they begin.
    pub(super) fn place(&mut self, began: f64, took: f64) -> usize {
        while let Some(Reverse((until, lane))) = self.taken.peek().copied()
            && until.0 <= began
        {
            self.taken.pop();
            self.free.insert(lane);
        }
        let lane = self.free.pop_first().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        });
        self.taken.push(Reverse((Milliseconds(began + took), lane)));
        lane
    }

    /// The number of lanes.
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_never_overlap_and_lanes_are_reused() {
        let mut lanes = Lanes::default();
        let bars = [(0.0, 10.0), (0.0, 3.0), (2.0, 2.0), (3.0, 1.0), (4.0, 9.0), (10.0, 1.0)];
        let placed: Vec<usize> = bars.iter().map(|(began, took)| lanes.place(*began, *took)).collect();
        assert_eq!(placed, [0, 1, 2, 1, 1, 0]);
        assert_eq!(lanes.count(), 3);
    }
}
