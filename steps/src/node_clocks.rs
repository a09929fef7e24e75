//! The clocks behind one base URL, told apart by the header `Date`. A clock that is set once looks like another node until the first
//! one is seen again, so only what comes back counts.

use std::time::{Duration, SystemTime};

/// How much further apart than whole seconds two readings are for two clocks.
const APART_MILLIS: i64 = 1_500;
/// Most clocks that are kept; more are no clocks of nodes.
const MOST_CLOCKS: usize = 32;

/// Differences from the own clock.
#[derive(Debug, Default)]
pub(crate) struct NodeClocks {
    clocks: Vec<NodeClock>,
    last: usize,
    has_returned: bool,
}

/// The bounds of a difference in milliseconds.
#[derive(Debug)]
struct NodeClock {
    least: i64,
    most: i64,
    readings: u32,
}

impl NodeClocks {
    /// Records a date that was written between two moments of the own clock.
    pub(crate) fn see(&mut self, date: SystemTime, sent: SystemTime, received: SystemTime) {
        // The header leaves out parts of a second.
        let (least, most) = (difference(date, received), difference(date, sent) + 1_000);
        let overlaps = |clock: &NodeClock| least <= clock.most + APART_MILLIS && most + APART_MILLIS >= clock.least;
        if let Some(at) = self.clocks.iter().position(overlaps) {
            let clock = &mut self.clocks[at];
            clock.readings += 1;
            let (low, high) = (clock.least.max(least), clock.most.min(most));
            if low <= high {
                (clock.least, clock.most) = (low, high);
            }
            self.has_returned |= at < self.last;
            self.last = at;
        } else if self.clocks.len() < MOST_CLOCKS {
            self.last = self.clocks.len();
            self.clocks.push(NodeClock { least, most, readings: 1 });
        }
    }

    /// How many clocks were read more than once, where one of them came back.
    pub(crate) fn count(&self) -> usize {
        let read_again = self.clocks.iter().filter(|clock| clock.readings > 1).count();
        if self.has_returned && self.clocks.len() < MOST_CLOCKS { read_again } else { read_again.min(1) }
    }
}

fn difference(one: SystemTime, other: SystemTime) -> i64 {
    let millis = |time: Duration| i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
    one.duration_since(other).map_or_else(|behind| -millis(behind.duration()), millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many clocks are seen in answers that come every 300 ms, from clocks so many seconds ahead, each after so many milliseconds.
    fn count(answers: &[(i64, u64)]) -> usize {
        let mut clocks = NodeClocks::default();
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        for (turn, (ahead, took)) in (0_u32..).zip(answers) {
            let sent = start + Duration::from_millis(300) * turn;
            let received = sent + Duration::from_millis(*took);
            let written = received.duration_since(SystemTime::UNIX_EPOCH).expect("it is later").as_secs();
            let date = Duration::from_secs(written.saturating_add_signed(*ahead));
            clocks.see(SystemTime::UNIX_EPOCH + date, sent, received);
        }
        clocks.count()
    }

    #[test]
    fn clocks_that_answer_in_turn_are_nodes() {
        assert_eq!(count(&[(0, 5); 20]), 1);
        assert_eq!(count(&[(0, 5), (30, 5), (0, 5), (30, 5)]), 2);
        assert_eq!(count(&[(0, 5), (-7, 5), (30, 5), (-7, 5), (0, 5), (30, 5)]), 3);
    }

    #[test]
    fn a_clock_that_is_set_and_slow_answers_are_no_nodes() {
        assert_eq!(count(&[(0, 5), (0, 5), (30, 5), (30, 5)]), 1, "set once");
        assert_eq!(count(&[(0, 5), (0, 9_000), (0, 5), (0, 9_000)]), 1, "slow");
        assert_eq!(count(&[(0, 5), (1, 5), (0, 5), (1, 5)]), 1, "rounding");
    }
}
