//! Keeps the certifier's accounts from being locked: at most one wrong password for a real login between two right ones.

use std::collections::HashSet;

use tokio::sync::{Mutex, MutexGuard};

/// The logins whose last attempt was a wrong one.
#[derive(Debug, Default)]
pub(crate) struct LockoutGuard(Mutex<HashSet<String>>);

impl LockoutGuard {
    /// Takes the turn of a wrong attempt; while it is held nobody else makes one.
    pub(crate) async fn wrong_attempt(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().await
    }

    /// A right login has been accepted: the account's count of wrong ones begins anew.
    pub(crate) async fn accepted(&self, login: &str) {
        self.0.lock().await.remove(login);
    }
}
