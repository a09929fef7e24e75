//! Searches written files for secrets. What a match means is decided by the program.

use std::{
    collections::BTreeSet,
    fmt,
    io::{self, Read},
    sync::Arc,
    thread,
};

use super::{mask::Mask, matcher::Matcher};
use crate::Secret;

/// A search for many secrets at once, in every encoding.
///
/// Secrets that ordinary text may contain by chance are left out, since a match would prove nothing: those of fewer than 8
/// characters; those of fewer than 16 characters that have only digits or only letters, apart from what joins words; those
/// that are part of the text of every run.
pub struct SecretSearch {
    matcher: Matcher,
    /// The mask of each; `None` for those that are left out after all.
    masks: Vec<Option<Mask>>,
    left_out: BTreeSet<Mask>,
}

/// Characters of the shortest secret that is searched for.
const SHORTEST: usize = 8;
/// Characters from which on even words and numbers are searched for.
const LONG: usize = 16;
/// Bytes read at once.
const CHUNK: usize = 1 << 20;
/// Bytes from which on two threads search faster than one, the start of the second included.
const WORTH_HALVING: usize = 1 << 17;

impl SecretSearch {
    pub(super) fn new(secrets: impl Iterator<Item = (Arc<Secret>, Mask)>, ordinary: &[&str]) -> Self {
        let mut search = Self { matcher: Matcher::default(), masks: Vec::new(), left_out: BTreeSet::new() };
        for (secret, mask) in secrets {
            if is_plain(secret.expose()) {
                search.left_out.insert(mask);
            } else {
                search.matcher.add(secret);
                search.masks.push(Some(mask));
            }
        }
        let everywhere: Vec<_> = ordinary.iter().flat_map(|text| search.matcher.find(text.as_bytes())).collect();
        for found in everywhere {
            if let Some(mask) = search.masks.get_mut(found.secret).and_then(Option::take) {
                search.left_out.insert(mask);
            }
        }
        search
    }

    /// The secrets that are left out.
    #[must_use]
    pub fn left_out(&self) -> &BTreeSet<Mask> {
        &self.left_out
    }

    /// The masks of the secrets in a text.
    #[must_use]
    pub fn in_text(&self, text: &str) -> BTreeSet<Mask> {
        self.in_bytes(text.as_bytes())
    }

    /// The masks of the secrets in what the reader gives, which is read in chunks.
    ///
    /// # Errors
    /// When it cannot be read to its end.
    pub fn in_reader(&self, mut reader: impl Read) -> io::Result<BTreeSet<Mask>> {
        let (mut found, mut text) = (BTreeSet::new(), Vec::with_capacity(CHUNK));
        loop {
            let read = reader.by_ref().take(CHUNK as u64).read_to_end(&mut text)?;
            if read == 0 {
                return Ok(found);
            }
            found.extend(self.in_bytes(&text));
            // The end may be the beginning of a secret: it is searched again together with what follows.
            text.drain(..text.len().saturating_sub(self.matcher.longest()));
        }
    }

    /// The text with every secret that is searched for replaced by its mask.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        let mask = |secret: usize| self.masks.get(secret).copied().flatten();
        self.matcher.replace(text, |secret| mask(secret).map_or_else(|| "‹hidden›".to_owned(), |mask| mask.to_string()))
    }

    fn in_bytes(&self, text: &[u8]) -> BTreeSet<Mask> {
        if text.len() < WORTH_HALVING {
            return self.in_one_go(text);
        }
        let (_, second) = text.split_at(text.len() / 2);
        // A secret across the middle is found in the first half.
        let first = &text[..(text.len() - second.len() + self.matcher.longest()).min(text.len())];
        let (mut found, mut in_second) = (BTreeSet::new(), BTreeSet::new());
        thread::scope(|scope| {
            scope.spawn(|| in_second = self.in_one_go(second));
            found = self.in_one_go(first);
        });
        found.extend(in_second);
        found
    }

    fn in_one_go(&self, text: &[u8]) -> BTreeSet<Mask> {
        self.matcher.find(text).into_iter().filter_map(|found| *self.masks.get(found.secret)?).collect()
    }
}

/// Whether ordinary text may contain it by chance.
fn is_plain(secret: &str) -> bool {
    let length = secret.chars().count();
    let joins = |c: char| " -_./:,'".contains(c);
    let only = |kind: fn(char) -> bool| secret.chars().all(|c| kind(c) || joins(c));
    length < SHORTEST || length < LONG && (only(char::is_alphabetic) || only(|c| c.is_ascii_digit()))
}

impl fmt::Debug for SecretSearch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretSearch").field("secrets", &self.masks.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redactor::{SecretKind, SecretRegister};

    const PASSWORD: &str = "Canary+one/7Qw";

    fn search(secrets: &[(&str, SecretKind)], ordinary: &[&str]) -> SecretSearch {
        let register = SecretRegister::default();
        for (number, (secret, kind)) in secrets.iter().enumerate() {
            register.add(Arc::new(Secret::new(*secret)), Mask { kind: *kind, number });
        }
        register.search(ordinary)
    }

    #[test]
    fn a_secret_is_found_across_the_ends_of_chunks_and_halves() {
        let search = search(&[(PASSWORD, SecretKind::Password)], &[]);
        let half = CHUNK / 2;
        for end in [0, half, CHUNK, CHUNK + half, 3 * CHUNK] {
            for before in end.saturating_sub(PASSWORD.len() + 1)..=end + 1 {
                let text =
                    format!("{}{PASSWORD}{}", "-".repeat(before), "-".repeat(4 * CHUNK - before - PASSWORD.len()));
                let found = search.in_reader(text.as_bytes()).expect("memory can be read");
                assert_eq!(found.len(), 1, "after {before} bytes");
            }
        }
        assert!(search.in_reader("-".repeat(2 * CHUNK).as_bytes()).expect("memory can be read").is_empty());
    }

    #[test]
    fn secrets_like_ordinary_text_are_left_out_and_listed() {
        for plain in ["login", "1234", "pass", "swordfish", "read-only", "2026-11-24", "1795000000", "it's a word"] {
            let search = search(&[(plain, SecretKind::Password)], &[]);
            assert!(search.in_text(plain).is_empty(), "{plain}");
            assert!(search.left_out().iter().any(|mask| mask.kind == SecretKind::Password), "{plain}");
        }
        for distinctive in ["Swordf1sh", "sword+fish", "correct horse battery", "1795000000179500", "a1b2c3d4"] {
            let search = search(&[(distinctive, SecretKind::Password)], &[]);
            assert_eq!(search.in_text(&format!("x{distinctive}x")).len(), 1, "{distinctive}");
            assert!(search.left_out().is_empty(), "{distinctive}");
        }
    }

    #[test]
    fn secrets_in_the_text_of_every_run_are_left_out() {
        let secrets = [
            ("Passw0rd!", SecretKind::Password),
            (PASSWORD, SecretKind::Password),
            ("a1b2c3d4e5", SecretKind::AccessToken),
        ];
        let search = search(&secrets, &["a scenario with Passw0rd! in it"]);
        assert!(search.in_text("Passw0rd!").is_empty());
        assert!(search.left_out().iter().any(|mask| mask.kind == SecretKind::Password));
        assert_eq!(search.in_text(&format!("{PASSWORD} a1b2c3d4e5")).len(), 2);
    }

    #[test]
    fn probable_secrets_that_are_words_are_not_searched_for() {
        let register = SecretRegister::default();
        let mask = Mask { kind: SecretKind::AccessToken, number: 1 };
        register.add_suspected(Arc::new(Secret::new("FullTradingAdministrator")), mask);
        register.add_suspected(Arc::new(Secret::new("f2f8c6c0b7d94bb1")), mask);
        let search = register.search(&[]);
        assert!(search.in_text("FullTradingAdministrator").is_empty());
        assert_eq!(search.in_text("f2f8c6c0b7d94bb1").len(), 1);
    }
}
