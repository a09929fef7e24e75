//! Protects the certifier's accounts from a lock-out: between two right passwords a real login gets at most one wrong one.

use std::{
    collections::HashSet,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::Notify;

/// No attempt waits longer than this for a login of another scenario.
const PATIENCE: Duration = Duration::from_secs(30);

/// The logins whose last attempt may have had a wrong password, and whose turn the next wrong one is.
#[derive(Debug, Default)]
pub(crate) struct LockoutGuard {
    turn: tokio::sync::Mutex<()>,
    wrong: Mutex<HashSet<String>>,
    /// Whether other scenarios are going to log in.
    expects_logins: AtomicBool,
    changed: Notify,
}

impl LockoutGuard {
    /// Waits for the turn of a wrong attempt. No other wrong attempt starts while the turn is held.
    pub(crate) async fn wrong_attempt(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Waits until another scenario has logged in rightly, as long as one is going to: that login is needed in any case. Returns whether
    /// it came before patience ended.
    pub(crate) async fn wait_for_login(&self, login: &str) -> bool {
        let logged_in = async {
            loop {
                let changed = self.changed.notified();
                if !self.expects_logins() || !self.is_wrong(login) {
                    return;
                }
                changed.await;
            }
        };
        tokio::time::timeout(PATIENCE, logged_in).await.is_ok()
    }

    /// Whether other scenarios are going to log in.
    pub(crate) fn expects_logins(&self) -> bool {
        self.expects_logins.load(Ordering::Relaxed)
    }

    /// Sets whether other scenarios are going to log in.
    pub(crate) fn expect_logins(&self, are_expected: bool) {
        self.expects_logins.store(are_expected, Ordering::Relaxed);
        self.changed.notify_waiters();
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
        self.changed.notify_waiters();
    }

    fn wrong(&self) -> MutexGuard<'_, HashSet<String>> {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wrong_attempt_waits_for_a_login_only_while_one_is_expected() {
        let guard = LockoutGuard::default();
        guard.refused("trader1");
        assert!(guard.wait_for_login("trader1").await);
        guard.expect_logins(true);
        assert!(tokio::join!(guard.wait_for_login("trader1"), async { guard.accepted("trader1") }).0);
        guard.refused("trader1");
        assert!(tokio::join!(guard.wait_for_login("trader1"), async { guard.expect_logins(false) }).0);
        assert!(guard.is_wrong("trader1"));
    }
}
