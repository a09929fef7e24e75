//! Protects the certifier's accounts from a lock-out: between two right passwords a real login gets at most one wrong one.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The logins whose last attempt may have had a wrong password, and whose turn the next wrong one is.
#[derive(Debug, Default)]
pub(crate) struct LockoutGuard {
    turn: tokio::sync::Mutex<()>,
    wrong: Mutex<HashSet<String>>,
}

impl LockoutGuard {
    /// Waits for the turn of a wrong attempt. No other wrong attempt starts while the turn is held.
    pub(crate) async fn wrong_attempt(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Whether the last attempt of a login may have had a wrong password.
    pub(crate) fn is_wrong(&self, login: &str) -> bool {
        self.wrong().contains(login)
    }

    /// Records a wrong attempt: before it is sent, and again when it was answered, as a right one may have been faster.
    pub(crate) fn refused(&self, login: &str) {
        self.wrong().insert(login.to_owned());
    }

    /// Records a successful login, which resets the server's count of wrong passwords. Waits for no wrong attempt: on a slow server
    /// many of them queue.
    pub(crate) fn accepted(&self, login: &str) {
        self.wrong().remove(login);
    }

    fn wrong(&self) -> MutexGuard<'_, HashSet<String>> {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
