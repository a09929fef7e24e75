//! Secrets that are taken apart: over lines, members or tags, with marks between their letters, in another case or style, without their
//! end. A window of a secret's letters and digits gives it away wherever they follow each other.

use std::{
    collections::{BTreeSet, HashSet},
    hash::BuildHasherDefault,
    ops::Range,
};

use super::{
    credential_form::{extended, merged},
    letters::{Letter, all_letters, read_letters},
    turned::{reversed, rot13},
    window::WindowHasher,
};

/// Letters and digits of a window that is a mixture of both, and of any other: ordinary text does not have these by chance.
const MIXED: usize = 8;
const ANY: usize = 12;
/// Letters between the beginnings of two windows of a secret.
const STEP: usize = 4;
/// Letters and digits of the longest secret that is known also turned round, and from which on the rest is not kept.
const SHORT: usize = 24;
const LONGEST: usize = 4096;

/// The windows of all secrets, by their hashes.
#[derive(Default)]
pub(super) struct PieceIndex {
    windows: HashSet<u64, BuildHasherDefault<WindowHasher>>,
    /// Letters and digits of secrets that are shorter than a window.
    short: BTreeSet<usize>,
}

impl PieceIndex {
    /// Adds the windows of a secret; short ones also reversed, rotated and begun anywhere.
    pub(super) fn add(&mut self, secret: &str) {
        let letters: Vec<u8> = all_letters(secret).into_iter().map(|letter| letter.plain).take(LONGEST).collect();
        let is_number = letters.iter().all(u8::is_ascii_digit);
        self.add_windows(&letters, STEP, is_number);
        if (MIXED + 1..ANY).contains(&letters.len()) && !is_number && letters.iter().any(u8::is_ascii_digit) {
            self.windows.insert(hashed(&letters));
            self.short.insert(letters.len());
        }
        if letters.len() <= SHORT {
            let text = String::from_utf8_lossy(&letters).into_owned();
            for turned in [reversed(&text), rot13(&text), rot13(&reversed(&text)), text] {
                self.add_windows([turned.as_bytes(), turned.as_bytes()].concat().as_slice(), 1, is_number);
            }
        }
    }

    fn add_windows(&mut self, letters: &[u8], step: usize, is_number: bool) {
        let Some(last) = letters.len().checked_sub(MIXED) else { return };
        for at in (0..last).step_by(step).chain([last]) {
            let mixed = &letters[at..at + MIXED];
            // A time has no other letters than these.
            let any = letters
                .get(at..at + ANY)
                .filter(|any| is_number || any.iter().any(|byte| byte.is_ascii_alphabetic() && !b"tz".contains(byte)));
            let window = if is_mixture(mixed) { Some(mixed) } else { any };
            self.windows.extend(window.map(hashed));
        }
    }

    /// The parts of a text that consist of pieces of secrets, what is between those, and what touches them.
    pub(super) fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = self.ranges_in(&all_letters(text));
        found.extend(self.ranges_in(&read_letters(text, false)));
        if text.contains('<') {
            found.extend(self.ranges_in(&read_letters(text, true)));
        }
        let whole = merged(found).into_iter().map(|range| extended(text.as_bytes(), range));
        merged(whole.collect())
    }

    /// Whether a piece of a secret is in a text.
    pub(super) fn has_piece(&self, text: &str) -> bool {
        let letters = all_letters(text);
        self.hits(&letters).next().is_some()
    }

    fn ranges_in(&self, letters: &[Letter]) -> Vec<Range<usize>> {
        let range = |hit: &[Letter]| hit[0].range.start..hit[hit.len() - 1].range.end;
        self.hits(letters).map(range).collect()
    }

    fn hits<'a>(&'a self, letters: &'a [Letter]) -> impl Iterator<Item = &'a [Letter]> {
        let is_known = |window: &&[Letter]| {
            let mut bytes = [0; ANY];
            bytes.iter_mut().zip(*window).for_each(|(byte, letter)| *byte = letter.plain);
            let bytes = &bytes[..window.len()];
            (window.len() > MIXED || is_mixture(bytes)) && self.windows.contains(&hashed(bytes))
        };
        let widths = [MIXED, ANY].into_iter().chain(self.short.iter().copied()).filter(|_| !self.windows.is_empty());
        widths.flat_map(move |width| letters.windows(width).filter(is_known))
    }
}

/// Whether the letters are no word and the digits no number or time.
fn is_mixture(window: &[u8]) -> bool {
    let digits = window.iter().filter(|byte| byte.is_ascii_digit()).count();
    (2..=window.len() - 2).contains(&digits)
}

fn hashed(window: &[u8]) -> u64 {
    window.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(secrets: &[&str]) -> PieceIndex {
        let mut index = PieceIndex::default();
        secrets.iter().for_each(|secret| index.add(secret));
        index
    }

    #[test]
    fn a_secret_is_found_whatever_is_between_its_letters() {
        let index = index(&["0f8fad5b-d9cb-469f-a165-70867728950e", "Canary+one/7Qw&%äß!", "Tör \"Tor\"7 <Qx> w9"]);
        for text in [
            "0f8fad5bd9\ncb469fa165\n70867728950e",
            r#"{"a": "0f8fad5b", "b": "-d9cb-46", "c": "9f-a165-7086", "d": "7728950e"}"#,
            "<b>0f8fad</b><b>5bd9</b><b>cb46</b><b>9fa1</b><b>6570867728950e</b>",
            "0F8FAD5B D9CB 469F A165 70867728950E",
            "the0f8fad5bd9cat and cb469fa165",
            "c a n a r y o n e 7 q w",
            "Q:n:e:7/Canary".replace("Q:n", "7Qw Canary+on").as_str(),
            "wQ7/eno+yranaC",
            r#"{"a": "Tör \"Tor\"7", "b": " <Qx", "c": "> w9"}"#,
        ] {
            assert!(!index.ranges(text).is_empty(), "{text}");
        }
        let text = r#"{"x": "value", "a": ["0f8fad5b", "d9cb", "469f-a165", "7086-77289-50e"], "y": "after"}"#;
        assert_eq!(index.ranges(text).first(), Some(&(22..69)));
    }

    #[test]
    fn ordinary_text_has_no_pieces() {
        let index = index(&[
            "session-20261125T080000Z-for-the-user",
            "correct-horse-7-battery",
            "483920174650",
            "qa-certifier",
        ]);
        for text in [
            "2026-11-25T08:00:00Z the user of the session",
            "the correct answer and a battery of horses",
            "1795000000123 or 483920",
            "the qa-certifier",
        ] {
            assert!(index.ranges(text).is_empty(), "{text}");
        }
    }
}
