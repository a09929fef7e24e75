//! The users that can log in. Inside the server a user is identified by its index in the list.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};

/// A login and its password.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
}

impl User {
    /// A user with a new random password.
    #[must_use]
    pub fn with_new_password(login: &str) -> Self {
        // Both cases, digits and a punctuation mark, so that every near miss of it is another text.
        let password = format!("aB3!{}", URL_SAFE_NO_PAD.encode(random::<15>()));
        Self { login: login.to_owned(), password }
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("login", &self.login).finish_non_exhaustive()
    }
}

/// Random bytes.
///
/// # Panics
/// When the operating system gives no random bytes: tokens without them can be guessed.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_passwords_differ() {
        assert_ne!(User::with_new_password("a").password, User::with_new_password("a").password);
    }

    #[test]
    fn debug_shows_the_login_without_the_password() {
        let user = User { login: "trader".to_owned(), password: "swordfish".to_owned() };
        let shown = format!("{user:?}");
        assert!(shown.contains("trader") && !shown.contains("swordfish"), "{shown}");
    }
}
