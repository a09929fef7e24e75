//! Where visitors leave one-time tokens and scenarios fetch them. Counts who waits; serves no page itself.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use steps::{Minted, Secret, target::OneTimeUsers};
use tokio::sync::Notify;

use super::{page::Welcome, visit::Visit};

/// Several times what a whole run uses.
const MOST_TOKENS: usize = 512;

/// Called whenever the number of clicks needed changes. Must not block.
pub(crate) type OnNeed = Arc<dyn Fn(ClickNeed) + Send + Sync>;

/// How many clicks are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClickNeed {
    /// The user who has to click.
    pub(crate) login: String,
    /// How many tokens scenarios wait for; 0 when no scenario waits.
    pub(crate) tokens: usize,
    /// The address that the external link must point at; the token follows it.
    pub(crate) link: String,
}

/// Where tokens are left and fetched.
pub(super) struct TokenInbox {
    pub(super) users: OneTimeUsers,
    pub(super) address: SocketAddr,
    on_need: OnNeed,
    state: Mutex<InboxState>,
    delivered: Notify,
}

#[derive(Default)]
struct InboxState {
    ready: HashMap<String, VecDeque<(Secret, Instant)>>,
    /// Browsers fetch a page twice; a token is taken once.
    seen: HashSet<Secret>,
    waiting: HashMap<String, usize>,
}

impl TokenInbox {
    /// A inbox with nothing on it, for a page at this address.
    pub(super) fn new(users: OneTimeUsers, address: SocketAddr, on_need: OnNeed) -> Self {
        Self { users, address, on_need, state: Mutex::default(), delivered: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, InboxState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The oldest token of this user that is still alive, as far as is known.
    pub(super) fn fetch(&self, login: &str) -> Option<Minted> {
        let mut state = self.state();
        let ready = state.ready.get_mut(login)?;
        while let Some((token, brought)) = ready.pop_front() {
            let age = brought.elapsed();
            if self.users.lifetime.is_none_or(|lifetime| age < lifetime) {
                return Some(Minted { token, age });
            }
        }
        None
    }

    /// The same, as soon as somebody brings one.
    pub(super) async fn fetch_when_there(&self, login: &str) -> Minted {
        loop {
            // Listens before it looks, so that a delivery in between is not missed.
            let mut delivered = Box::pin(self.delivered.notified());
            delivered.as_mut().enable();
            if let Some(minted) = self.fetch(login) {
                return minted;
            }
            delivered.await;
        }
    }

    /// Takes what a visitor brings.
    pub(super) fn deliver(&self, visit: Visit) -> Welcome {
        let login = visit.login.unwrap_or_else(|| self.users.login.clone());
        if login != self.users.login && self.users.second_login.as_ref() != Some(&login) {
            return Welcome::Stranger;
        }
        let mut state = self.state();
        if state.seen.contains(&visit.token) {
            return Welcome::Again;
        }
        if state.seen.len() >= MOST_TOKENS {
            return Welcome::Full;
        }
        state.seen.insert(visit.token.clone());
        let ready = state.ready.entry(login.clone()).or_default();
        ready.push_back((visit.token, Instant::now()));
        let ready = ready.len();
        let still = state.waiting.get(&login).copied().unwrap_or_default().saturating_sub(ready);
        self.delivered.notify_waiters();
        Welcome::Thanks { still }
    }

    /// Changes how many wait for tokens of this user, and says so.
    fn count(&self, login: &str, change: impl FnOnce(usize) -> usize) {
        let tokens = {
            let mut state = self.state();
            let waiting = state.waiting.entry(login.to_owned()).or_default();
            *waiting = change(*waiting);
            *waiting
        };
        (self.on_need)(ClickNeed { login: login.to_owned(), tokens, link: self.link(login) });
    }

    /// What the external link of this user must begin with.
    pub(super) fn link(&self, login: &str) -> String {
        let user = if login == self.users.login { String::new() } else { login.to_owned() };
        format!("http://{}/{user}?token=", self.address)
    }
}

/// Counts as somebody who waits, also when the waiting is given up.
pub(super) struct Waiting<'a> {
    inbox: &'a TokenInbox,
    login: &'a str,
}

impl<'a> Waiting<'a> {
    /// Begins to wait.
    pub(super) fn begin(inbox: &'a TokenInbox, login: &'a str) -> Self {
        inbox.count(login, |waiting| waiting + 1);
        Self { inbox, login }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.inbox.count(self.login, |waiting| waiting.saturating_sub(1));
    }
}
