//! Protects the certifier's accounts from a lock-out: between two right passwords a real login gets at most one wrong one.

use std::collections::HashSet;

use tokio::sync::{Mutex, MutexGuard};

/// The logins whose last attempt had a wrong password.
#[derive(Debug, Default)]
pub(crate) struct LockoutGuard(Mutex<HashSet<String>>);

impl LockoutGuard {
    /// Waits for the turn of a wrong attempt. No other wrong attempt starts while the guard is held.
    pub(crate) async fn wrong_attempt(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().await
    }

    /// Records a successful login, which resets the server's count of wrong passwords.
    pub(crate) async fn accepted(&self, login: &str) {
        self.0.lock().await.remove(login);
    }
}
