//! Finds many secrets in a text at once, in every spelling. What a text costs does not grow with the number of secrets: of each
//! spelling one window of eight bytes is remembered, and every place of the text is looked up once.

use std::{ops::Range, sync::Arc};

use super::{
    spellings::{self, Spelling, Wanted},
    table::Table,
    window::{WIDEST, Window},
};
use crate::Secret;

/// The secrets to find. Of a spelling nothing but a window is kept; it is written anew when its window is met.
#[derive(Default)]
pub(super) struct Finder {
    secrets: Vec<Arc<Secret>>,
    entries: Vec<Entry>,
    /// The last entry of each window, by the width of the window less one.
    windows: [Table; WIDEST],
    longest: usize,
}

/// One spelling of a secret, kept under a window of it.
struct Entry {
    secret: u32,
    /// Where the window begins in the spelling.
    offset: u32,
    /// The entry that had this window before.
    next: u32,
    spelling: Spelling,
}

/// There is no further entry.
const NONE: u32 = u32::MAX;

/// A place where a secret stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Bytes of the text.
    pub(super) range: Range<usize>,
    /// Number of the secret, in the order in which they were added.
    pub(super) secret: usize,
}

impl Finder {
    /// Adds a secret; the first has the number 0. A number that does not fit 32 bits is never reached: memory ends before.
    pub(super) fn add(&mut self, secret: Arc<Secret>, wanted: Wanted) {
        let number = self.secrets.len() as u32;
        for (spelling, text) in spellings::all(secret.expose(), wanted) {
            self.longest = self.longest.max(text.len());
            self.add_spelling(number, spelling, text.as_bytes());
        }
        self.secrets.push(secret);
    }

    /// Length of the longest spelling in bytes.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    fn add_spelling(&mut self, secret: u32, spelling: Spelling, text: &[u8]) {
        let Some((width, offset)) = self.rarest_window(text) else { return };
        let window = Window::at(text, offset, width);
        let entry = self.entries.len() as u32;
        let next = self.windows[width - 1].insert(window, entry).unwrap_or(NONE);
        self.entries.push(Entry { secret, offset: offset as u32, next, spelling });
    }

    /// The window that fewest others use, seen from the end, for tokens of one server begin alike.
    fn rarest_window(&self, text: &[u8]) -> Option<(usize, usize)> {
        let width = text.len().min(WIDEST);
        let last = text.len().checked_sub(width).filter(|_| width > 0)?;
        let (mut fewest, mut rarest) = (usize::MAX, last);
        for offset in (0..=last).rev().step_by(width).chain([0]) {
            let users = self.chain(width, Window::at(text, offset, width)).take(fewest).count();
            if users < fewest {
                (fewest, rarest) = (users, offset);
            }
            if users == 0 {
                break;
            }
        }
        Some((width, rarest))
    }

    fn chain(&self, width: usize, window: Window) -> impl Iterator<Item = &Entry> {
        let entry = |at: u32| self.entries.get(at as usize);
        let first = self.windows[width - 1].get(window).and_then(entry);
        std::iter::successors(first, move |found| entry(found.next))
    }

    /// Every place where a secret stands, whatever it overlaps: by where they begin, the longest first.
    pub(super) fn find(&self, text: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        for width in (1..=WIDEST).filter(|width| !self.windows[width - 1].is_empty()) {
            for (begin, window) in Window::all(text, width) {
                for entry in self.chain(width, window) {
                    found.extend(self.verify(entry, begin, text));
                }
            }
        }
        found.sort_unstable_by_key(|found| (found.range.start, usize::MAX - found.range.end, found.secret));
        found
    }

    /// Whether the whole spelling stands around its window.
    fn verify(&self, entry: &Entry, window_at: usize, text: &[u8]) -> Option<Found> {
        let begin = window_at.checked_sub(entry.offset as usize)?;
        let secret = self.secrets.get(entry.secret as usize)?;
        let spelled = entry.spelling.write(secret.expose());
        let stands = text.get(begin..)?.starts_with(spelled.as_bytes());
        stands.then(|| Found { range: begin..begin + spelled.len(), secret: entry.secret as usize })
    }

    /// The text with something else in place of every secret. Where secrets overlap, nothing of any of them stays.
    pub(super) fn replace(&self, text: &str, by: impl Fn(usize) -> String) -> String {
        let found = self.find(text.as_bytes());
        let mut replaced = String::with_capacity(text.len());
        let (mut end, mut last) = (0, None);
        for Found { range, secret } in found.into_iter() {
            if range.end <= end {
                continue;
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
    use proptest::prelude::*;

    use super::*;

    fn finder(secrets: &[String]) -> Finder {
        let mut finder = Finder::default();
        secrets.iter().for_each(|secret| finder.add(Arc::new(Secret::new(secret.as_str())), Wanted::All));
        finder
    }

    /// Every spelling tried at every place.
    fn naive(secrets: &[String], text: &str) -> Vec<Found> {
        let all: Vec<_> = secrets.iter().map(|secret| spellings::of(secret)).collect();
        let mut found = Vec::new();
        for begin in 0..text.len() {
            for (secret, spellings) in all.iter().enumerate() {
                for spelling in spellings {
                    if text.as_bytes()[begin..].starts_with(spelling.as_bytes()) {
                        found.push(Found { range: begin..begin + spelling.len(), secret });
                    }
                }
            }
        }
        found.sort_unstable_by_key(|found| (found.range.start, usize::MAX - found.range.end, found.secret));
        found
    }

    /// Secrets of a small alphabet, so that they contain, overlap and begin like each other.
    fn secret() -> impl Strategy<Value = String> {
        proptest::collection::vec(proptest::sample::select(vec!["a", "b", "ab", "\"", "+", "ä", "/"]), 1..14)
            .prop_map(|parts| parts.concat())
    }

    fn text_of(secrets: &[String], picks: &[(usize, usize, String)]) -> String {
        let spelled = |(which, how, between): &(usize, usize, String)| {
            let spellings = spellings::of(&secrets[which % secrets.len()]);
            format!("{}{between}", spellings[how % spellings.len()])
        };
        picks.iter().map(spelled).collect()
    }

    proptest! {
        #[test]
        fn it_finds_what_trying_everything_everywhere_finds(
            secrets in proptest::collection::vec(secret(), 1..8),
            picks in proptest::collection::vec((0usize..8, 0usize..64, "[ab+ä]{0,3}"), 0..6),
        ) {
            let text = text_of(&secrets, &picks);
            prop_assert_eq!(finder(&secrets).find(text.as_bytes()), naive(&secrets, &text));
        }

        #[test]
        fn exactly_what_belongs_to_secrets_is_replaced(
            secrets in proptest::collection::vec(secret(), 1..8),
            picks in proptest::collection::vec((0usize..8, 0usize..64, "[ab+ä]{0,3}"), 0..6),
        ) {
            let text = text_of(&secrets, &picks);
            let found = naive(&secrets, &text);
            let covered = |at: usize| found.iter().any(|found| found.range.contains(&at));
            let left: String = text.char_indices().filter(|(at, _)| !covered(*at)).map(|(_, c)| c).collect();
            prop_assert_eq!(finder(&secrets).replace(&text, |_| "‹›".to_owned()).replace("‹›", ""), left);
        }
    }

    #[test]
    fn secrets_that_begin_and_end_alike_are_told_apart() {
        let secrets: Vec<String> = (0..2_000).map(|n| format!("eyJhbGciOiJIUzI1NiJ9.{n:09}.the-same-end")).collect();
        let finder = finder(&secrets);
        let busiest = finder.windows[WIDEST - 1].windows().map(|window| finder.chain(WIDEST, window).count()).max();
        assert!(busiest < Some(16), "a window has {busiest:?} users");
        for secret in [&secrets[0], &secrets[1_234], &secrets[1_999]] {
            assert_eq!(finder.find(format!("x{secret}y").as_bytes()).len(), 1);
        }
    }

    #[test]
    fn a_secret_that_overlaps_itself_leaves_nothing_and_is_told_once() {
        let finder = finder(&["aaaaaaaa".to_owned()]);
        assert_eq!(finder.replace("b aaaaaaaaaaa b", |_| "‹›".to_owned()), "b ‹› b");
    }
}
