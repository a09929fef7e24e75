//! Redaction: knows every secret of a site and replaces each by its mask before anything is recorded. Whoever sends or receives a
//! secret registers it here; this module decides how it looks in a report.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use crate::Secret;

mod concealed;
mod credential_form;
mod decode;
mod dense;
mod dump;
mod encoding;
mod index;
mod letters;
mod mask;
mod masked;
mod matcher;
mod pieces;
#[cfg(test)]
mod readability;
mod received;
mod register;
mod search;
mod turned;
mod uuencode;
mod window;

pub(crate) use credential_form::is_ordinary;
pub(crate) use decode::decoded_forms;
pub(crate) use encoding::encodings;
pub use encoding::percent_encode;
pub use mask::{Mask, SecretKind};
pub use masked::{Masked, Sensitive};
use matcher::Matcher;
use pieces::PieceIndex;
pub use register::SecretRegister;
pub use search::SecretSearch;

/// The secrets seen so far, each with its mask. A secret has the same mask wherever it appears, so that a reader can follow it
/// through a report.
#[derive(Default)]
pub struct Redactor {
    known: RwLock<Known>,
    register: Arc<SecretRegister>,
}

#[derive(Default)]
struct Known {
    masks: HashMap<Arc<Secret>, Mask>,
    used: HashMap<SecretKind, usize>,
    matcher: Matcher,
    /// The mask of each secret of the matcher.
    matched: Vec<Mask>,
    /// Secrets that do not have the form of a credential, such as passwords, in lower case: also their beginnings and ends, and turned
    /// round.
    folded: Matcher,
    /// The mask of each text of that matcher.
    folded_masks: Vec<Mask>,
    /// How many secrets these are.
    folded_secrets: usize,
    /// What gives away a secret that is taken apart.
    pieces: PieceIndex,
    suspected: usize,
}

/// Characters of the shortest secret that is masked: masking shorter ones would garble ordinary text.
const SHORTEST: usize = 4;
/// Characters of the shortest password that is masked in any case, and of a piece of one.
const SHORTEST_FOLDED: usize = 8;
const PIECE: usize = 12;
/// Most secrets without the form of a credential that are masked in any case: those of the configured users come first.
const MOST_FOLDED: usize = 64;
/// Most probable secrets of a site that are remembered. A server that sends more shows fewer of its texts.
const MOST_SUSPECTED: usize = 20_000;

impl Redactor {
    /// An empty redactor that reports to the register of a run.
    #[must_use]
    pub fn new(register: Arc<SecretRegister>) -> Self {
        Self { known: RwLock::default(), register }
    }

    /// Remembers a secret and returns its mask.
    pub fn keep(&self, secret: &Secret, kind: SecretKind) -> Mask {
        let (secret, mask) = {
            let mut known = self.known_mut();
            let is_new = !known.masks.contains_key(secret);
            let (secret, mask) = known.keep(secret, kind);
            if is_new && kind != SecretKind::MadeUpToken {
                known.fold(secret.expose(), mask);
                known.pieces.add(secret.expose());
            }
            (secret, mask)
        };
        self.register.add(secret, mask);
        mask
    }

    /// Remembers a probable secret, recognised by its name or its form, and masks it like a certain one. Returns `None` when the
    /// budget for such secrets is spent.
    pub(crate) fn suspect(&self, secret: &Secret, kind: SecretKind) -> Option<Mask> {
        let mut known = self.known_mut();
        if let Some(mask) = known.masks.get(secret) {
            return Some(*mask);
        }
        if known.suspected >= MOST_SUSPECTED {
            return None;
        }
        known.suspected += 1;
        let (secret, mask) = known.keep(secret, kind);
        drop(known);
        self.register.add_suspected(secret, mask);
        Some(mask)
    }

    /// The text with a mask in place of every known secret, plain or encoded.
    #[must_use]
    pub fn mask(&self, text: &str) -> Masked {
        let known = self.known();
        let mask = |secret: usize| known.matched.get(secret).map(Mask::to_string).unwrap_or_default();
        Masked::new(known.matcher.replace(text, mask))
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn known_mut(&self) -> RwLockWriteGuard<'_, Known> {
        self.known.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn keep(&mut self, secret: &Secret, kind: SecretKind) -> (Arc<Secret>, Mask) {
        if let Some((secret, mask)) = self.masks.get_key_value(secret) {
            return (secret.clone(), *mask);
        }
        let number = self.used.entry(kind).or_insert(0);
        *number += 1;
        let (secret, mask) = (Arc::new(secret.clone()), Mask { kind, number: *number });
        self.masks.insert(secret.clone(), mask);
        if secret.expose().chars().count() >= SHORTEST {
            self.matcher.add(secret.clone());
            self.matched.push(mask);
        }
        (secret, mask)
    }

    /// Masks a secret also in other cases, in pieces and turned round, unless its form gives it away in any case.
    fn fold(&mut self, secret: &str, mask: Mask) {
        let is_ordinary = matches!(mask.kind, SecretKind::Password) || is_ordinary(secret);
        let folded = secret.to_ascii_lowercase();
        // A word in another case is an ordinary word.
        let is_word = folded.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !is_ordinary || is_word || folded.len() < SHORTEST_FOLDED || self.folded_secrets == MOST_FOLDED {
            return;
        }
        self.folded_secrets += 1;
        let piece = |text: Option<&str>| text.filter(|_| folded.len() > PIECE).map(str::to_owned);
        let turned = turned::reversed(&folded);
        let mut forms = vec![folded.clone(), turned::rot13(&folded), turned::rot13(&turned), turned];
        forms.extend(piece(folded.get(..PIECE)));
        forms.extend(piece(folded.len().checked_sub(PIECE).and_then(|from| folded.get(from..))));
        forms.extend(
            uuencode::encode(secret)
                .into_iter()
                .filter(|line| line.len() > PIECE)
                .map(|line| line.to_ascii_lowercase()),
        );
        for form in forms {
            self.folded.add(Arc::new(Secret::new(form)));
            self.folded_masks.push(mask);
        }
    }

    /// Whether a known secret, or a piece of one, is in the text.
    fn finds(&self, text: &str) -> bool {
        self.matcher.has_match(text) || self.folded.has_match(&text.to_ascii_lowercase()) || self.pieces.has_piece(text)
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_token_has_the_same_mask_everywhere() {
        let redactor = Redactor::default();
        let first = redactor.keep(&Secret::new("aaaa.bbbb"), SecretKind::AccessToken);
        redactor.keep(&Secret::new("cccc.dddd"), SecretKind::AccessToken);
        assert_eq!(redactor.keep(&Secret::new("aaaa.bbbb"), SecretKind::RefreshToken), first);
        assert_eq!(redactor.mask("x aaaa.bbbb y cccc.dddd"), "x ‹access token #1› y ‹access token #2›");
    }

    #[test]
    fn a_secret_is_masked_in_every_encoding() {
        let redactor = Redactor::default();
        redactor.keep(&Secret::new("p\"ss+w/rd"), SecretKind::Password);
        for encoded in ["p\"ss+w/rd", "p\\\"ss+w/rd", "p%22ss%2Bw%2Frd", "cCJzcyt3L3Jk"] {
            assert_eq!(redactor.mask(encoded), "‹password #1›", "{encoded}");
        }
    }

    #[test]
    fn the_longer_of_two_overlapping_secrets_is_masked_whole() {
        let redactor = Redactor::default();
        redactor.keep(&Secret::new("swordfish"), SecretKind::Password);
        redactor.keep(&Secret::new("swordfish1"), SecretKind::Password);
        assert_eq!(redactor.mask("swordfish1"), "‹password #2›");
    }
}
