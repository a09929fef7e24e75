//! Finds many secrets in a text at once, in every spelling. What a text costs does not grow with the number of secrets: of each
//! spelling one window of eight bytes is remembered, and every place of the text is looked up once.

use std::{ops::Range, sync::Arc};

use super::{
    spellings::{self, Spelling, Telling},
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
    shortest: usize,
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

/// A window of a text that is to become an entry.
struct Rarest {
    window: Window,
    width: usize,
    offset: usize,
    /// Entries that have it already.
    users: usize,
}

/// With fewer users than this, a window is as good as one of its own.
const FEW: usize = 2;
/// With more users than this, a window at the end of a long text is worse than writing all of it and looking further.
const CROWDED: usize = 4;
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
    pub(super) fn add(&mut self, secret: Arc<Secret>) {
        let number = self.secrets.len() as u32;
        for telling in spellings::telling(secret.expose()) {
            let length = telling.before + telling.end.len();
            self.longest = self.longest.max(length);
            self.shortest = if self.entries.is_empty() { length } else { self.shortest.min(length) };
            self.add_spelling(number, secret.expose(), &telling);
        }
        self.secrets.push(secret);
    }

    /// Length in bytes of the longest text without which no spelling stands anywhere.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    fn add_spelling(&mut self, number: u32, secret: &str, telling: &Telling) {
        let Telling { spelling, end, before } = telling;
        let Some(mut rarest) = self.rarest_window(end.as_bytes()) else { return };
        rarest.offset += before;
        if rarest.users > CROWDED && *before > 0 {
            rarest = self.rarest_window(spelling.write(secret).as_bytes()).unwrap_or(rarest);
        }
        let Rarest { window, width, offset, .. } = rarest;
        let entry = self.entries.len() as u32;
        let next = self.windows[width - 1].insert(window, entry).unwrap_or(NONE);
        self.entries.push(Entry { secret: number, offset: offset as u32, next, spelling: *spelling });
    }

    /// The window that fewest others use, seen from the end, for tokens of one server begin alike.
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

    /// Every place where a secret stands, whatever it overlaps: by where they begin, the longest first.
    pub(super) fn find(&self, text: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        if text.len() < self.shortest {
            return found;
        }
        for (width, table) in (1..).zip(&self.windows).filter(|(_, table)| !table.is_empty()) {
            if width == WIDEST {
                self.look_up(table, Window::all_widest(text), text, &mut found);
            } else {
                self.look_up(table, Window::all(text, width), text, &mut found);
            }
        }
        found.sort_unstable_by_key(|found| (found.range.start, usize::MAX - found.range.end, found.secret));
        found.dedup();
        found
    }

    /// Adds what stands around the windows of a text.
    #[inline]
    fn look_up(&self, table: &Table, windows: impl Iterator<Item = Window>, text: &[u8], found: &mut Vec<Found>) {
        for (begin, window) in windows.enumerate() {
            if let Some(first) = table.get(window) {
                self.entries_from(first).for_each(|entry| self.verify(entry, begin, text, found));
            }
        }
    }

    /// Adds the spelling, if the whole of it stands around its window, and those that begin with it and stand there too.
    fn verify(&self, entry: &Entry, window_at: usize, text: &[u8], found: &mut Vec<Found>) {
        let Some(begin) = window_at.checked_sub(entry.offset as usize) else { return };
        let (Some(secret), Some(text)) = (self.secrets.get(entry.secret as usize), text.get(begin..)) else { return };
        let stands = |spelling: Spelling| {
            let spelled = spelling.write(secret.expose());
            let stands = text.starts_with(spelled.as_bytes());
            stands.then(|| Found { range: begin..begin + spelled.len(), secret: entry.secret as usize })
        };
        if let Some(this) = stands(entry.spelling) {
            found.push(this);
            found.extend(entry.spelling.longer().filter_map(stands));
        }
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
    use base64::{Engine, engine::general_purpose::STANDARD};
    use proptest::prelude::*;

    use super::*;

    fn finder(secrets: &[String]) -> Finder {
        let mut finder = Finder::default();
        secrets.iter().for_each(|secret| finder.add(Arc::new(Secret::new(secret.as_str()))));
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
        proptest::collection::vec(
            proptest::sample::select(vec!["a", "b", "ab", "\"", "+", "ä", "/", "?", "~", "_"]),
            1..14,
        )
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
    fn long_secrets_that_end_alike_are_told_apart() {
        let secrets: Vec<String> = (0..2_000).map(|n| format!("eyJ.{n:09}.{}", "the-same-end-".repeat(20))).collect();
        let finder = finder(&secrets);
        let busiest = finder.windows[WIDEST - 1].windows().map(|window| finder.chain(WIDEST, window).count()).max();
        assert!(busiest < Some(16), "a window has {busiest:?} users");
        for (number, text) in
            [(7, STANDARD.encode(&secrets[7])), (1_999, STANDARD.encode(format!("me:{}", secrets[1_999])))]
        {
            let found = finder.find(text.as_bytes());
            assert!(found.iter().all(|found| found.secret == number) && !found.is_empty(), "{number}: {found:?}");
        }
    }

    #[test]
    fn a_secret_that_overlaps_itself_leaves_nothing_and_is_told_once() {
        let finder = finder(&["aaaaaaaa".to_owned()]);
        assert_eq!(finder.replace("b aaaaaaaaaaa b", |_| "‹›".to_owned()), "b ‹› b");
    }
}
