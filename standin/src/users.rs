//! Who may log in. A user is a login and a password; inside the server it goes by its place in the list.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};

/// Somebody who may log in.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The name to log in with.
    pub login: String,
    /// The password that belongs to it.
    pub password: String,
}

impl User {
    /// A user with a strong password made up on the spot.
    #[must_use]
    pub fn with_new_password(login: &str) -> Self {
        // Both cases, digits and a mark: whatever a near miss changes, it changes the password.
        let password = format!("aB3!{}", URL_SAFE_NO_PAD.encode(random::<15>()));
        Self { login: login.to_owned(), password }
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("login", &self.login).finish_non_exhaustive()
    }
}

/// So many bytes that nobody can guess.
///
/// # Panics
/// When the operating system has no random bytes to give; no token of this server could be trusted then.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_new_password_is_another() {
        assert_ne!(User::with_new_password("a").password, User::with_new_password("a").password);
    }

    #[test]
    fn debug_names_the_user_and_hides_the_password() {
        let user = User { login: "trader".to_owned(), password: "swordfish".to_owned() };
        let shown = format!("{user:?}");
        assert!(shown.contains("trader") && !shown.contains("swordfish"), "{shown}");
    }
}
