//! The log of grants: which user got a session or a one-time token, when, and for which scenario. A server may end a user's
//! sessions when others begin, or accept only the newest one-time token. So a token that is refused after a grant to another
//! scenario may have been ended by that grant, and its scenario runs again alone before it counts as failed.

use std::{
    mem,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// The kind of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GrantKind {
    /// A pair of tokens, for a login.
    Session,
    /// A one-time token.
    OneTime,
}

/// The grants at one site. For each user and kind it keeps the newest grant and the newest one of any other scenario: whichever
/// scenario asks, one of the two belongs to another.
#[derive(Debug, Default)]
pub(crate) struct GrantLog(Mutex<Vec<UserGrants>>);

#[derive(Debug)]
struct UserGrants {
    kind: GrantKind,
    login: String,
    newest: Grant,
    /// The newest of any other scenario.
    of_other: Option<Grant>,
}

#[derive(Clone, Copy, Debug)]
struct Grant {
    /// The journal of the scenario it was for.
    journal: u64,
    /// On the target's clock.
    at: Duration,
}

impl GrantLog {
    /// Records a grant to a user, and the journal of the scenario that it is for.
    pub(crate) fn record(&self, kind: GrantKind, login: &str, journal: u64, at: Duration) {
        let newest = Grant { journal, at };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match all.iter_mut().find(|it| it.kind == kind && it.login == login) {
            Some(grants) => {
                let last = mem::replace(&mut grants.newest, newest);
                if last.journal != journal {
                    grants.of_other = Some(last);
                }
            }
            None => all.push(UserGrants { kind, login: login.to_owned(), newest, of_other: None }),
        }
    }

    /// Whether the user got a grant of this kind for another scenario since this time.
    pub(crate) fn others_since(&self, kind: GrantKind, login: &str, journal: u64, since: Duration) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut of_user = all.iter().filter(|it| it.kind == kind && it.login == login);
        let is_other = |grant: Grant| grant.journal != journal && grant.at >= since;
        of_user.any(|it| is_other(it.newest) || it.of_other.is_some_and(is_other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_grants_of_the_same_kind_to_other_scenarios_count() {
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
    fn own_grants_hide_no_grant_to_another_scenario() {
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
