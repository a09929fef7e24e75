//! Matches many secrets in a text at once, in every encoding. The cost of a text does not grow with the number of secrets: the
//! matcher keeps one window of eight bytes of each encoded secret and looks up every position of the text once.

use std::{ops::Range, sync::Arc};

use super::{
    encoding::{self, Encoding, SearchKey},
    index::WindowIndex,
    window::{WIDEST, Window},
};
use crate::Secret;

/// The secrets to match. It keeps only a window of each encoded secret and encodes the secret again where that window matches.
#[derive(Default)]
pub(super) struct Matcher {
    secrets: Vec<Arc<Secret>>,
    entries: Vec<Entry>,
    /// The last entry of each window, by the width of the window less one.
    windows: [WindowIndex; WIDEST],
    longest: usize,
    shortest: usize,
}

/// One encoding of a secret, indexed by a window of the encoded text.
struct Entry {
    secret: u32,
    /// Where the window begins in the encoded text.
    offset: u32,
    /// The entry that had this window before.
    next: u32,
    encoding: Encoding,
}

/// The window of a new entry.
struct Rarest {
    window: Window,
    width: usize,
    offset: usize,
    /// Entries with the same window.
    users: usize,
}

/// A window with fewer users than this is as good as a unique one.
const FEW: usize = 2;
/// With more users than this, it is cheaper to encode the whole of a long text and to look for another window.
const CROWDED: usize = 4;
/// The end of a chain of entries.
const NONE: u32 = u32::MAX;

/// Most bytes of a secret that are compared: comparing more of one that repeats itself takes quadratic time. A multiple of three, so that
/// base64 of the beginning is the beginning of base64.
const LONGEST: usize = 4095;

/// The secret, or the beginning of a very long one.
fn bounded(secret: Arc<Secret>) -> Arc<Secret> {
    let text = secret.expose();
    if text.len() <= LONGEST { secret } else { Arc::new(Secret::new(&text[..text.floor_char_boundary(LONGEST)])) }
}

/// Whether it may be the beginning of a longer secret.
fn is_beginning(secret: &Secret) -> bool {
    secret.expose().len() + 4 > LONGEST
}

/// Bytes until something that no token has: what follows the beginning of a long secret belongs to it.
fn end_of_word(text: &str) -> usize {
    let ends = |c: char| c.is_whitespace() || "\"'<>(){}[]‹›,;".contains(c);
    text.find(ends).unwrap_or(text.len())
}

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SecretMatch {
    /// Bytes of the text.
    pub(super) range: Range<usize>,
    /// Number of the secret, in the order of adding.
    pub(super) secret: usize,
}

impl Matcher {
    /// Adds a secret; the first has the number 0. The numbers fit 32 bits: memory ends before they do not.
    pub(super) fn add(&mut self, secret: Arc<Secret>) {
        let secret = bounded(secret);
        let number = self.secrets.len() as u32;
        for key in encoding::search_keys(secret.expose()) {
            let length = key.before + key.end.len();
            self.longest = self.longest.max(length);
            self.shortest = if self.entries.is_empty() { length } else { self.shortest.min(length) };
            self.add_key(number, secret.expose(), &key);
        }
        self.secrets.push(secret);
    }

    /// Length in bytes of the longest search key.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    fn add_key(&mut self, number: u32, secret: &str, key: &SearchKey) {
        let SearchKey { encoding, end, before } = key;
        let Some(mut rarest) = self.rarest_window(end.as_bytes()) else { return };
        rarest.offset += before;
        if rarest.users > CROWDED && *before > 0 {
            rarest = self.rarest_window(encoding.write(secret).as_bytes()).unwrap_or(rarest);
        }
        let Rarest { window, width, offset, .. } = rarest;
        let entry = self.entries.len() as u32;
        let next = self.windows[width - 1].insert(window, entry).unwrap_or(NONE);
        self.entries.push(Entry { secret: number, offset: offset as u32, next, encoding: *encoding });
    }

    /// The window with the fewest users, searched from the end because tokens of one server begin alike.
    fn rarest_window(&self, text: &[u8]) -> Option<Rarest> {
        let width = text.len().min(WIDEST);
        let last = text.len().checked_sub(width).filter(|_| width > 0)?;
        let mut rarest: Option<Rarest> = None;
        for offset in (0..=last).rev().step_by(width).chain([0]) {
            let window = Window::at(text, offset, width);
            let fewest = rarest.as_ref().map_or(usize::MAX, |rarest| rarest.users);
            let users = self.chain(width, window).take(fewest).count();
            if users < fewest {
                rarest = Some(Rarest { window, width, offset, users });
            }
            if users < FEW {
                break;
            }
        }
        rarest
    }

    fn chain(&self, width: usize, window: Window) -> impl Iterator<Item = &Entry> {
        self.entries_from(self.windows[width - 1].get(window).unwrap_or(NONE))
    }

    fn entries_from(&self, first: u32) -> impl Iterator<Item = &Entry> {
        let entry = |at: u32| self.entries.get(at as usize);
        std::iter::successors(entry(first), move |found| entry(found.next))
    }

    /// Every match, overlapping ones included: ordered by start, the longest first.
    pub(super) fn find(&self, text: &[u8]) -> Vec<SecretMatch> {
        let mut found = Vec::new();
        if text.len() < self.shortest {
            return found;
        }
        for (width, index) in (1..).zip(&self.windows).filter(|(_, index)| !index.is_empty()) {
            if width == WIDEST {
                self.look_up(index, Window::all_widest(text), text, &mut found);
            } else {
                self.look_up(index, Window::all(text, width), text, &mut found);
            }
        }
        found.sort_unstable_by_key(|found| (found.range.start, usize::MAX - found.range.end, found.secret));
        found.dedup();
        found
    }

    /// Whether any secret is in the text.
    pub(super) fn has_match(&self, text: &str) -> bool {
        !self.find(text.as_bytes()).is_empty()
    }

    /// Adds the matches around the windows of a text.
    #[inline]
    fn look_up(
        &self,
        index: &WindowIndex,
        windows: impl Iterator<Item = Window>,
        text: &[u8],
        found: &mut Vec<SecretMatch>,
    ) {
        for (begin, window) in windows.enumerate() {
            if let Some(first) = index.get(window) {
                self.entries_from(first).for_each(|entry| self.verify(entry, begin, text, found));
            }
        }
    }

    /// Adds the encoded secret if all of it matches around its window, and the longer encodings that match there too.
    fn verify(&self, entry: &Entry, window_at: usize, text: &[u8], found: &mut Vec<SecretMatch>) {
        let Some(begin) = window_at.checked_sub(entry.offset as usize) else { return };
        let (Some(secret), Some(text)) = (self.secrets.get(entry.secret as usize), text.get(begin..)) else { return };
        let matched = |encoding: Encoding| {
            let encoded = encoding.write(secret.expose());
            let matches = text.starts_with(encoded.as_bytes());
            matches.then(|| SecretMatch { range: begin..begin + encoded.len(), secret: entry.secret as usize })
        };
        if let Some(this) = matched(entry.encoding) {
            found.push(this);
            found.extend(entry.encoding.longer().filter_map(matched));
        }
    }

    /// The text with every secret replaced. Where secrets overlap, no part of any of them stays.
    pub(super) fn replace(&self, text: &str, by: impl Fn(usize) -> String) -> String {
        self.replace_where_found(text, text, by)
    }

    /// The text with every secret replaced that is found in `searched`, which is the same text with letters in another case.
    pub(super) fn replace_where_found(&self, searched: &str, text: &str, by: impl Fn(usize) -> String) -> String {
        let found = self.find(searched.as_bytes());
        let mut replaced = String::with_capacity(text.len());
        let (mut end, mut last) = (0, None);
        for SecretMatch { mut range, secret } in found.into_iter() {
            if range.end <= end {
                continue;
            }
            if self.secrets.get(secret).is_some_and(|secret| is_beginning(secret)) {
                range.end += end_of_word(&text[range.end..]);
            }
            let overlaps = range.start < end;
            replaced.push_str(text.get(end..range.start).unwrap_or_default());
            if !overlaps || last != Some(secret) {
                replaced.push_str(&by(secret));
            }
            (end, last) = (range.end, Some(secret));
        }
        replaced.push_str(text.get(end..).unwrap_or_default());
        replaced
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use proptest::prelude::*;

    use super::*;

    fn matcher(secrets: &[String]) -> Matcher {
        let mut matcher = Matcher::default();
        secrets.iter().for_each(|secret| matcher.add(Arc::new(Secret::new(secret.as_str()))));
        matcher
    }

    /// Every encoding tried at every position.
    fn naive(secrets: &[String], text: &str) -> Vec<SecretMatch> {
        let all: Vec<_> = secrets.iter().map(|secret| encoding::encodings(secret)).collect();
        let mut found = Vec::new();
        for begin in 0..text.len() {
            for (secret, encodings) in all.iter().enumerate() {
                for encoded in encodings {
                    if text.as_bytes()[begin..].starts_with(encoded.as_bytes()) {
                        found.push(SecretMatch { range: begin..begin + encoded.len(), secret });
                    }
                }
            }
        }
        found.sort_unstable_by_key(|found| (found.range.start, usize::MAX - found.range.end, found.secret));
        found
    }

    /// Secrets of a small alphabet, so that they contain, overlap and begin like each other.
    fn secret() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            proptest::sample::select(vec!["a", "b", "ab", "\"", "+", "ä", "/", "?", "~", "_"]),
            1..14,
        )
        .prop_map(|parts| parts.concat())
    }

    fn text_of(secrets: &[String], picks: &[(usize, usize, String)]) -> String {
        let encoded = |(which, how, between): &(usize, usize, String)| {
            let encodings = encoding::encodings(&secrets[which % secrets.len()]);
            format!("{}{between}", encodings[how % encodings.len()])
        };
        picks.iter().map(encoded).collect()
    }

    proptest! {
        #[test]
        fn it_matches_what_an_exhaustive_search_matches(
            secrets in proptest::collection::vec(secret(), 1..8),
            picks in proptest::collection::vec((0usize..8, 0usize..64, "[ab+ä]{0,3}"), 0..6),
        ) {
            let text = text_of(&secrets, &picks);
            prop_assert_eq!(matcher(&secrets).find(text.as_bytes()), naive(&secrets, &text));
        }

        #[test]
        fn exactly_the_characters_of_secrets_are_replaced(
            secrets in proptest::collection::vec(secret(), 1..8),
            picks in proptest::collection::vec((0usize..8, 0usize..64, "[ab+ä]{0,3}"), 0..6),
        ) {
            let text = text_of(&secrets, &picks);
            let found = naive(&secrets, &text);
            let covered = |at: usize| found.iter().any(|found| found.range.contains(&at));
            let left: String = text.char_indices().filter(|(at, _)| !covered(*at)).map(|(_, c)| c).collect();
            prop_assert_eq!(matcher(&secrets).replace(&text, |_| "‹›".to_owned()).replace("‹›", ""), left);
        }
    }

    #[test]
    fn secrets_with_the_same_start_and_end_are_distinguished() {
        let secrets: Vec<String> = (0..2_000).map(|n| format!("eyJhbGciOiJIUzI1NiJ9.{n:09}.the-same-end")).collect();
        let matcher = matcher(&secrets);
        let busiest = matcher.windows[WIDEST - 1].windows().map(|window| matcher.chain(WIDEST, window).count()).max();
        assert!(busiest < Some(16), "a window has {busiest:?} users");
        for secret in [&secrets[0], &secrets[1_234], &secrets[1_999]] {
            assert_eq!(matcher.find(format!("x{secret}y").as_bytes()).len(), 1);
        }
    }

    #[test]
    fn long_secrets_with_the_same_end_are_distinguished() {
        let secrets: Vec<String> = (0..2_000).map(|n| format!("eyJ.{n:09}.{}", "the-same-end-".repeat(20))).collect();
        let matcher = matcher(&secrets);
        let busiest = matcher.windows[WIDEST - 1].windows().map(|window| matcher.chain(WIDEST, window).count()).max();
        assert!(busiest < Some(16), "a window has {busiest:?} users");
        for (number, text) in
            [(7, STANDARD.encode(&secrets[7])), (1_999, STANDARD.encode(format!("me:{}", secrets[1_999])))]
        {
            let found = matcher.find(text.as_bytes());
            assert!(found.iter().all(|found| found.secret == number) && !found.is_empty(), "{number}: {found:?}");
        }
    }

    #[test]
    fn of_a_very_long_secret_nothing_is_left() {
        let long: String = (0..3_000).map(|n| format!("{n:x}-")).collect();
        let matcher = matcher(std::slice::from_ref(&long));
        for written in [long.clone(), STANDARD.encode(&long)] {
            let text = format!("{{\"token\":\"{written}\",\"x\":1}}");
            assert_eq!(matcher.replace(&text, |_| "‹›".to_owned()), "{\"token\":\"‹›\",\"x\":1}");
        }
    }

    #[test]
    fn a_secret_that_overlaps_itself_is_replaced_once() {
        let matcher = matcher(&["aaaaaaaa".to_owned()]);
        assert_eq!(matcher.replace("b aaaaaaaaaaa b", |_| "‹›".to_owned()), "b ‹› b");
    }
}
