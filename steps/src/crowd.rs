//! Who was given a session or a one-time token, and when. A server may end a user's sessions when others begin, or let only the
//! newest one-time token live; a token that was refused after others came may have been ended by them, and the scenario that
//! holds it must be tried again alone before anybody is blamed.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// What a user was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gift {
    /// A pair of tokens, for a login.
    Session,
    /// A one-time token.
    OneTime,
}

/// The comings at one site.
#[derive(Debug, Default)]
pub(crate) struct Crowd(Mutex<Vec<Coming>>);

#[derive(Debug)]
struct Coming {
    gift: Gift,
    login: String,
    /// The journal of the scenario it was for.
    journal: u64,
    /// On the target's clock.
    at: Duration,
}

impl Crowd {
    /// Remembers what a user was given, and for which scenario's journal.
    pub(crate) fn came(&self, gift: Gift, login: &str, journal: u64, at: Duration) {
        let coming = Coming { gift, login: login.to_owned(), journal, at };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(coming);
    }

    /// Whether the same user was given the same for other scenarios since this moment.
    pub(crate) fn others_since(&self, gift: Gift, login: &str, journal: u64, since: Duration) -> bool {
        let comings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_other = |it: &Coming| it.gift == gift && it.login == login && it.journal != journal && it.at >= since;
        comings.iter().rev().any(is_other)
    }

    /// Whether the same user was given the same for other scenarios after it was given it for the scenario of this journal.
    pub(crate) fn others_after(&self, journal: u64) -> bool {
        let comings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut later: Vec<(Gift, &str)> = Vec::new();
        for coming in comings.iter().rev() {
            let given = (coming.gift, coming.login.as_str());
            match (coming.journal == journal, later.contains(&given)) {
                (true, true) => return true,
                (false, false) => later.push(given),
                _ => {}
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_others_got_of_the_same_kind_since_then_counts() {
        let crowd = Crowd::default();
        let second = Duration::from_secs;
        crowd.came(Gift::Session, "alice", 1, second(5));
        assert!(crowd.others_since(Gift::Session, "alice", 2, second(5)));
        assert!(!crowd.others_since(Gift::Session, "alice", 1, second(5)), "it was its own login");
        assert!(!crowd.others_since(Gift::Session, "alice", 2, second(6)), "it was before");
        assert!(!crowd.others_since(Gift::Session, "bob", 2, second(5)), "it was another user's");
        assert!(!crowd.others_since(Gift::OneTime, "alice", 2, second(5)), "it was a session");
    }

    #[test]
    fn only_those_have_company_after_whom_others_got_the_same() {
        let crowd = Crowd::default();
        for (journal, gift, login) in [
            (1, Gift::Session, "alice"),
            (2, Gift::OneTime, "alice"),
            (3, Gift::Session, "bob"),
            (3, Gift::Session, "bob"),
            (4, Gift::Session, "alice"),
        ] {
            crowd.came(gift, login, journal, Duration::ZERO);
        }
        assert_eq!([1, 2, 3, 4, 5].map(|journal| crowd.others_after(journal)), [true, false, false, false, false]);
    }
}
