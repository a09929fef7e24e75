//! Knows every secret of a run and takes them out of whatever is about to be recorded. What counts as a secret is said
//! by those who send or receive one; how a secret looks in a report is decided here.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::Secret;

mod spellings;

pub(crate) use spellings::{of as spellings_of, url_encoded};

/// What kind of secret it is, as its mask says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A password, right or nearly right.
    Password,
    /// An access token.
    AccessToken,
    /// A refresh token.
    RefreshToken,
    /// A one-time token.
    OneTimeToken,
    /// A token that was altered from a good one, or made up.
    MadeUpToken,
    /// Anything else in a place where secrets are.
    Unknown,
}

/// The secrets seen so far, each with the mask that stands for it: `‹access token #3›`, the same number wherever the same
/// token appears, so that a report can still be followed.
#[derive(Default)]
pub struct Vault(Mutex<Known>);

#[derive(Default)]
struct Known {
    masks: HashMap<Secret, String>,
    used: HashMap<Kind, usize>,
    /// Spelling and mask, longest spelling first, so that no part of a longer secret is left standing.
    needles: Vec<(Secret, String)>,
}

/// Secrets below this length would take half the report with them; nothing so short is worth hiding.
const SHORTEST: usize = 4;

impl Vault {
    /// Remembers a secret and returns its mask.
    pub fn keep(&self, secret: &Secret, kind: Kind) -> String {
        let mut known = self.known();
        if let Some(mask) = known.masks.get(secret) {
            return mask.clone();
        }
        let mask = known.next_mask(kind);
        known.masks.insert(secret.clone(), mask.clone());
        if secret.expose().chars().count() >= SHORTEST {
            known.add_needles(secret, &mask);
        }
        mask
    }

    /// The text with a mask in place of every known secret, plain or encoded.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        let known = self.known();
        let mut masked = text.to_owned();
        for (needle, mask) in &known.needles {
            if masked.len() >= needle.expose().len() && masked.contains(needle.expose()) {
                masked = masked.replace(needle.expose(), mask);
            }
        }
        masked
    }

    /// Every spelling of every secret, for a search through what was written.
    #[must_use]
    pub fn spellings(&self) -> Vec<Secret> {
        self.known().needles.iter().map(|(needle, _)| needle.clone()).collect()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn next_mask(&mut self, kind: Kind) -> String {
        let number = self.used.entry(kind).or_insert(0);
        *number += 1;
        format!("‹{kind} #{number}›")
    }

    fn add_needles(&mut self, secret: &Secret, mask: &str) {
        for spelling in spellings::of(secret.expose()) {
            let at = self.needles.partition_point(|(known, _)| known.expose().len() >= spelling.len());
            self.needles.insert(at, (Secret::new(spelling), mask.to_owned()));
        }
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Password => "password",
            Self::AccessToken => "access token",
            Self::RefreshToken => "refresh token",
            Self::OneTimeToken => "one-time token",
            Self::MadeUpToken => "made-up token",
            Self::Unknown => "hidden",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_token_has_the_same_mask_everywhere() {
        let vault = Vault::default();
        let first = vault.keep(&Secret::new("aaaa.bbbb"), Kind::AccessToken);
        vault.keep(&Secret::new("cccc.dddd"), Kind::AccessToken);
        assert_eq!(vault.keep(&Secret::new("aaaa.bbbb"), Kind::RefreshToken), first);
        assert_eq!(vault.mask("x aaaa.bbbb y cccc.dddd"), "x ‹access token #1› y ‹access token #2›");
    }

    #[test]
    fn a_secret_is_found_in_every_spelling() {
        let vault = Vault::default();
        vault.keep(&Secret::new("p\"ss+w/rd"), Kind::Password);
        for spelled in ["p\"ss+w/rd", "p\\\"ss+w/rd", "p%22ss%2Bw%2Frd", "cCJzcyt3L3Jk"] {
            assert_eq!(vault.mask(spelled), "‹password #1›", "{spelled}");
        }
    }

    #[test]
    fn of_two_secrets_the_longer_is_masked_whole() {
        let vault = Vault::default();
        vault.keep(&Secret::new("swordfish"), Kind::Password);
        vault.keep(&Secret::new("swordfish1"), Kind::Password);
        assert_eq!(vault.mask("swordfish1"), "‹password #2›");
    }
}
