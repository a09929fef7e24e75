//! Who was given a session or a one-time token, and when. A server may end a user's sessions when others begin, or let only the
//! newest one-time token live; a token that was refused after others came may have been ended by them, and the scenario that
//! holds it must be tried again alone before anybody is blamed.

use std::{
    mem,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// What a user was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GrantKind {
    /// A pair of tokens, for a login.
    Session,
    /// A one-time token.
    OneTime,
}

/// The comings at one site: of each user and gift the newest of two scenarios, for of any scenario one of these was another's.
#[derive(Debug, Default)]
pub(crate) struct GrantLog(Mutex<Vec<UserGrants>>);

#[derive(Debug)]
struct UserGrants {
    gift: GrantKind,
    login: String,
    newest: Grant,
    /// The newest of any other scenario.
    before: Option<Grant>,
}

#[derive(Clone, Copy, Debug)]
struct Grant {
    /// The journal of the scenario it was for.
    journal: u64,
    /// On the target's clock.
    at: Duration,
}

impl GrantLog {
    /// Remembers what a user was given, and for which scenario's journal.
    pub(crate) fn record(&self, gift: GrantKind, login: &str, journal: u64, at: Duration) {
        let newest = Grant { journal, at };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match all.iter_mut().find(|it| it.gift == gift && it.login == login) {
            Some(comings) => {
                let last = mem::replace(&mut comings.newest, newest);
                if last.journal != journal {
                    comings.before = Some(last);
                }
            }
            None => all.push(UserGrants { gift, login: login.to_owned(), newest, before: None }),
        }
    }

    /// Whether the same user was given the same for other scenarios since this moment.
    pub(crate) fn others_since(&self, gift: GrantKind, login: &str, journal: u64, since: Duration) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut of_user = all.iter().filter(|it| it.gift == gift && it.login == login);
        let is_other = |coming: Grant| coming.journal != journal && coming.at >= since;
        of_user.any(|it| is_other(it.newest) || it.before.is_some_and(is_other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_others_got_of_the_same_kind_since_then_counts() {
        let grants = GrantLog::default();
        let second = Duration::from_secs;
        grants.record(GrantKind::Session, "alice", 1, second(5));
        assert!(grants.others_since(GrantKind::Session, "alice", 2, second(5)));
        assert!(!grants.others_since(GrantKind::Session, "alice", 1, second(5)), "it was its own login");
        assert!(!grants.others_since(GrantKind::Session, "alice", 2, second(6)), "it was before");
        assert!(!grants.others_since(GrantKind::Session, "bob", 2, second(5)), "it was another user's");
        assert!(!grants.others_since(GrantKind::OneTime, "alice", 2, second(5)), "it was a session");
    }

    #[test]
    fn one_s_own_comings_hide_no_other_s() {
        let grants = GrantLog::default();
        for (journal, at) in [(1, 1), (2, 2), (1, 3), (1, 4)] {
            grants.record(GrantKind::Session, "alice", journal, Duration::from_secs(at));
        }
        let others =
            |journal, since| grants.others_since(GrantKind::Session, "alice", journal, Duration::from_secs(since));
        assert!(others(1, 2) && !others(1, 3), "the only other came at 2");
        assert!(others(2, 4) && !others(2, 5), "the last other came at 4");
        assert!(others(3, 4));
    }
}
