//! The register of a run: every secret that any of its sites has seen. It outlives the sites.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::{mask::Mask, search::SecretSearch};
use crate::Secret;

/// Every secret of a run, for the search through the files that the run writes.
#[derive(Default)]
pub struct SecretRegister(Mutex<HashMap<Arc<Secret>, Mask>>);

impl SecretRegister {
    /// Adds a secret.
    pub(super) fn add(&self, secret: Arc<Secret>, mask: Mask) {
        let mut secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.entry(secret).or_insert(mask);
    }

    /// Adds a probable secret if it looks like a token. A name alone misleads: a field called `accessLevel` holds an ordinary
    /// word.
    pub(super) fn add_suspected(&self, secret: Arc<Secret>, mask: Mask) {
        if looks_like_a_token(secret.expose()) {
            self.add(secret, mask);
        }
    }

    /// A search for all of them. `ordinary` is text that every run writes.
    #[must_use]
    pub fn search(&self, ordinary: &[&str]) -> SecretSearch {
        let secrets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        SecretSearch::new(secrets.iter().map(|(secret, mask)| (secret.clone(), *mask)), ordinary)
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
