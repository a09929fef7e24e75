//! Knows every secret of a site and takes them out of whatever is about to be recorded. What counts as a secret is said
//! by those who send or receive one; how a secret looks in a report is decided here.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use crate::Secret;

mod finder;
mod masked;
mod search;
mod seen;
mod spellings;
mod table;
mod window;

use finder::Finder;
pub use masked::{Masked, Sensitive};
pub use search::Search;
pub use seen::SecretRegister;
pub(crate) use spellings::{of as spellings_of, url_encoded};

/// What kind of secret it is, as its mask says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// What stands for a secret: `‹access token #3›`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mask {
    /// What kind of secret it is.
    pub kind: Kind,
    /// Which of this kind, counted from 1 at each site.
    pub number: usize,
}

/// The secrets seen so far, each with the mask that stands for it, the same wherever it appears, so that a report can still
/// be followed.
#[derive(Default)]
pub struct Redactor {
    known: RwLock<Known>,
    seen: Arc<SecretRegister>,
}

#[derive(Default)]
struct Known {
    masks: HashMap<Arc<Secret>, Mask>,
    used: HashMap<Kind, usize>,
    finder: Finder,
    /// The mask of each secret of the finder.
    in_finder: Vec<Mask>,
}

/// Secrets below this length would take half the report with them; nothing so short is worth hiding.
const SHORTEST: usize = 4;

impl Redactor {
    /// An empty redactor that reports to the register of a run.
    pub(crate) fn new(seen: Arc<SecretRegister>) -> Self {
        Self { known: RwLock::default(), seen }
    }

    /// Remembers a secret and returns its mask.
    pub fn keep(&self, secret: &Secret, kind: Kind) -> Mask {
        let (secret, mask) = self.learning().keep(secret, kind);
        self.seen.certain(secret, mask);
        mask
    }

    /// Remembers what is probably a secret, by its name or its looks. It is masked like one.
    pub(crate) fn suspect(&self, secret: &Secret, kind: Kind) {
        if self.known().masks.contains_key(secret) {
            return;
        }
        let (secret, mask) = self.learning().keep(secret, kind);
        self.seen.suspected(secret, mask);
    }

    /// The text with a mask in place of every known secret, plain or encoded.
    #[must_use]
    pub fn mask(&self, text: &str) -> Masked {
        let known = self.known();
        let mask = |secret: usize| known.in_finder.get(secret).map(Mask::to_string).unwrap_or_default();
        Masked::new(known.finder.replace(text, mask))
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn learning(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn keep(&mut self, secret: &Secret, kind: Kind) -> (Arc<Secret>, Mask) {
        if let Some((secret, mask)) = self.masks.get_key_value(secret) {
            return (secret.clone(), *mask);
        }
        let number = self.used.entry(kind).or_insert(0);
        *number += 1;
        let (secret, mask) = (Arc::new(secret.clone()), Mask { kind, number: *number });
        self.masks.insert(secret.clone(), mask);
        if secret.expose().chars().count() >= SHORTEST {
            self.finder.add(secret.clone());
            self.in_finder.push(mask);
        }
        (secret, mask)
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

impl fmt::Display for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‹{} #{}›", self.kind, self.number)
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
        let redactor = Redactor::default();
        let first = redactor.keep(&Secret::new("aaaa.bbbb"), Kind::AccessToken);
        redactor.keep(&Secret::new("cccc.dddd"), Kind::AccessToken);
        assert_eq!(redactor.keep(&Secret::new("aaaa.bbbb"), Kind::RefreshToken), first);
        assert_eq!(redactor.mask("x aaaa.bbbb y cccc.dddd"), "x ‹access token #1› y ‹access token #2›");
    }

    #[test]
    fn a_secret_is_found_in_every_spelling() {
        let redactor = Redactor::default();
        redactor.keep(&Secret::new("p\"ss+w/rd"), Kind::Password);
        for spelled in ["p\"ss+w/rd", "p\\\"ss+w/rd", "p%22ss%2Bw%2Frd", "cCJzcyt3L3Jk"] {
            assert_eq!(redactor.mask(spelled), "‹password #1›", "{spelled}");
        }
    }

    #[test]
    fn of_two_secrets_the_longer_is_masked_whole() {
        let redactor = Redactor::default();
        redactor.keep(&Secret::new("swordfish"), Kind::Password);
        redactor.keep(&Secret::new("swordfish1"), Kind::Password);
        assert_eq!(redactor.mask("swordfish1"), "‹password #2›");
    }
}
