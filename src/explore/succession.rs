//! Which kind of request has followed which, so that a walk meets every succession before any of them again.

use std::{
    collections::{HashSet, VecDeque},
    iter::repeat_n,
};

use super::{operation::Call, random::Random};

/// What a succession is made of: a request of this call that is granted or refused.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) call: Call,
    pub(super) is_granted: bool,
    /// Whether it needs tokens whose life is over.
    pub(super) is_late: bool,
}

/// The next request: its place among the kinds and its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) kind: usize,
    pub(super) user: usize,
}

/// The successions that have been met.
#[derive(Default)]
pub(super) struct Successions {
    last: Option<Turn>,
    /// From which kind to which, and whether of the same user.
    met: HashSet<(usize, usize, bool)>,
    /// What comes before another one is chosen.
    ahead: VecDeque<Turn>,
    /// How many walks there were, and whether this one has tokens whose life is over.
    walks: usize,
    has_late: bool,
    is_again: bool,
}

/// How often more a request comes where it follows itself.
const REPEATED: usize = 4;
/// How often more one is granted before one of the same call is refused, which it may have made trusted.
const GRANTED_BEFORE: usize = 2;

impl Successions {
    /// A new walk begins, whose first request follows nothing.
    pub(super) fn begin(&mut self, has_late: bool) {
        self.last = None;
        self.ahead.clear();
        self.walks += 1;
        self.has_late = has_late;
    }

    /// How many walks have begun.
    pub(super) fn walks(&self) -> usize {
        self.walks
    }

    /// Whether there is a succession left.
    pub(super) fn is_complete(&self, kinds: &[Kind], users: usize) -> bool {
        let turns = turns(kinds.len(), users);
        !turns.iter().any(|from| turns.iter().any(|to| self.is_open(kinds, *from, *to)))
    }

    /// The next request; `None` when all successions have been met.
    pub(super) fn next(&mut self, kinds: &[Kind], users: usize, random: &mut Random) -> Option<Turn> {
        if self.ahead.is_empty() {
            self.choose(kinds, users, random)?;
        }
        let before = self.last;
        self.last = self.ahead.pop_front();
        self.is_again = self.last == before;
        self.last
    }

    /// Whether the request is of the same kind and user as the one before it.
    pub(super) fn is_again(&self) -> bool {
        self.is_again
    }

    /// Chooses a succession that has not been met, and what it takes.
    fn choose(&mut self, kinds: &[Kind], users: usize, random: &mut Random) -> Option<()> {
        let all = turns(kinds.len(), users);
        let followers =
            |from: Turn| -> Vec<Turn> { all.iter().copied().filter(|to| self.is_open(kinds, from, *to)).collect() };
        let open = self.last.map(followers).unwrap_or_default();
        // Only this walk may have what these need.
        let late: Vec<Turn> = open.iter().copied().filter(|to| kinds[to.kind].is_late).collect();
        let turn = random.pick(&late).or_else(|| random.pick(&open)).or_else(|| {
            let starts: Vec<Turn> = all.iter().copied().filter(|from| !followers(*from).is_empty()).collect();
            random.pick(&starts)
        })?;
        if let Some(from) = self.last {
            self.met.insert(succession(kinds, from, turn));
            let (before, after) = (kinds[from.kind], kinds[turn.kind]);
            if before.is_granted && !after.is_granted && before.call == after.call {
                self.ahead.extend(repeat_n(from, GRANTED_BEFORE));
            }
        }
        let more = if self.last == Some(turn) { REPEATED } else { 0 };
        self.ahead.extend(repeat_n(turn, 1 + more));
        Some(())
    }

    fn is_open(&self, kinds: &[Kind], from: Turn, to: Turn) -> bool {
        // A refusal leaves its traces on what is granted next, and on its own repetition.
        let matters = kinds[from.kind].is_granted || kinds[to.kind].is_granted || from == to;
        let is_there = self.has_late || !(kinds[from.kind].is_late || kinds[to.kind].is_late);
        matters && is_there && !self.met.contains(&succession(kinds, from, to))
    }
}

/// What is refused is refused whoever was served before.
fn succession(kinds: &[Kind], from: Turn, to: Turn) -> (usize, usize, bool) {
    (from.kind, to.kind, from.user == to.user || !kinds[to.kind].is_granted)
}

fn turns(kinds: usize, users: usize) -> Vec<Turn> {
    (0..kinds).flat_map(|kind| (0..users).map(move |user| Turn { kind, user })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Kind; 4] = [
        Kind { call: Call::Login, is_granted: true, is_late: false },
        Kind { call: Call::Use, is_granted: true, is_late: false },
        Kind { call: Call::Login, is_granted: false, is_late: false },
        Kind { call: Call::Use, is_granted: false, is_late: false },
    ];

    #[test]
    fn every_succession_is_met_and_few_requests_are_needed() {
        let (mut successions, mut random) = (Successions::default(), Random::new(7));
        let mut met = HashSet::new();
        let mut turns: Vec<Turn> = Vec::new();
        while let Some(turn) = successions.next(&KINDS, 2, &mut random) {
            if let Some(last) = turns.last() {
                let matters = KINDS[last.kind].is_granted || KINDS[turn.kind].is_granted || *last == turn;
                matters.then(|| met.insert(succession(&KINDS, *last, turn)));
            }
            turns.push(turn);
        }
        // From granted to granted of both users, from granted to refused, from refused to granted of both users, and repeated refusals.
        assert_eq!(met.len(), 2 * 2 * 2 + 2 * 2 + 2 * 2 * 2 + 2);
        assert!(turns.len() < 80, "{}", turns.len());
        assert!(successions.is_complete(&KINDS, 2));
    }
}
