//! The register of a run: every secret that any of its sites has seen, kept when the site is gone.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Mask, Search};
use crate::Secret;

/// Every secret of a run, so that what it writes can be searched for them.
#[derive(Default)]
pub struct SecretRegister(Mutex<HashMap<Arc<Secret>, Mask>>);

impl SecretRegister {
    /// What is known to be a secret.
    pub(super) fn certain(&self, secret: Arc<Secret>, mask: Mask) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.entry(secret).or_insert(mask);
    }

    /// What is probably one. Names mislead: a field called `accessLevel` holds an ordinary word. So only what also looks like
    /// a token counts.
    pub(super) fn suspected(&self, secret: Arc<Secret>, mask: Mask) {
        if looks_like_a_token(secret.expose()) {
            self.certain(secret, mask);
        }
    }

    /// A search for all of them. `ordinary` is text that is written by every run, whatever its secrets.
    #[must_use]
    pub fn search(&self, ordinary: &[&str]) -> Search {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Search::new(seen.iter().map(|(secret, mask)| (secret.clone(), *mask)), ordinary)
    }
}

/// At least 16 characters without a blank, letters and digits among them.
fn looks_like_a_token(text: &str) -> bool {
    text.len() >= 16
        && !text.contains(char::is_whitespace)
        && text.contains(|c: char| c.is_ascii_digit())
        && text.contains(char::is_alphabetic)
}

impl fmt::Debug for SecretRegister {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretRegister")
    }
}
