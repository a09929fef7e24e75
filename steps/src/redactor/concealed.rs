//! Whether a text has a secret in it that only shows after decoding: in any encoding, in several on top of each other, reversed or rotated.
//! What is found is masked whole; nothing is decoded for a reader.

use std::cell::Cell;

use super::{
    Known,
    credential_form::is_ordinary,
    decode::DECODERS,
    dump::dumps,
    turned::{base32, reversed, rot13},
    uuencode,
};

/// Most encodings on top of each other that are decoded.
const DEPTH: usize = 5;
/// Most decoded readings of one text; one with more proves nothing.
const MOST_READINGS: usize = 64;
/// Most readings of one text whose letters are turned round.
const MOST_TURNED: usize = 64;
/// Most bytes of all readings of one answer.
const MOST_BYTES: usize = 1 << 19;
/// Escaped letters and digits from which on a text is never written by an honest encoder: those have nothing to escape.
const FEWEST_ESCAPED: usize = 2;

/// Reads the texts of one answer in every way, within a budget. When that is spent, every text that it is asked about counts as concealing.
pub(super) struct ConcealmentReader<'a> {
    known: &'a Known,
    budget: Cell<usize>,
}

impl<'a> ConcealmentReader<'a> {
    pub(super) fn new(known: &'a Known) -> Self {
        Self { known, budget: Cell::new(MOST_BYTES) }
    }

    /// Whether a known secret, or something with the form of a credential, is in the text once it is decoded.
    pub(super) fn conceals(&self, text: &str) -> bool {
        let has_form = |reading: &str| is_text(reading) && !is_ordinary(reading);
        escaped_letters(text) >= FEWEST_ESCAPED
            || self.any_decoded(text, |reading| self.known.finds(reading) || has_form(reading))
    }

    /// Whether a known secret is in the text once it is decoded, or decoded and turned round.
    pub(super) fn conceals_known(&self, text: &str) -> bool {
        self.any_decoded(text, |reading| self.known.finds(reading)) || self.any_turned(text)
    }

    /// Whether any decoded reading of the text, the text itself not included, is like that.
    fn any_decoded(&self, text: &str, is_wanted: impl Fn(&str) -> bool) -> bool {
        self.any_reading(text, MOST_READINGS, |text| decoded(text).collect(), is_wanted).unwrap_or(true)
    }

    /// Whether a known secret is in a reading whose letters are turned round on the way. Their form proves nothing.
    fn any_turned(&self, text: &str) -> bool {
        let turn = |text: &str| decoded(text).chain([reversed(text), rot13(text)]).collect();
        self.any_reading(text, MOST_TURNED, turn, |reading| self.known.finds(reading)).unwrap_or(false)
    }

    /// Whether any reading is wanted, those of fewest steps first. `None` where there are more than so many.
    fn any_reading(
        &self,
        text: &str,
        most: usize,
        read: impl Fn(&str) -> Vec<String>,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Option<bool> {
        let mut readings = vec![(text.to_owned(), 0)];
        let mut at = 0;
        while let Some((text, depth)) = readings.get(at) {
            let depth = depth + 1;
            for reading in read(text) {
                if readings.iter().any(|(known, _)| *known == reading) {
                    continue;
                }
                if readings.len() == most || !self.spend(reading.len()) {
                    return None;
                }
                if is_wanted(&reading) {
                    return Some(true);
                }
                readings.push((reading, depth));
            }
            at += 1;
            at =
                readings.iter().skip(at).position(|(_, depth)| *depth < DEPTH).map_or(readings.len(), |next| at + next);
        }
        Some(false)
    }

    fn spend(&self, bytes: usize) -> bool {
        let left = self.budget.get().checked_sub(bytes);
        self.budget.set(left.unwrap_or(0));
        left.is_some()
    }
}

/// Whether a line in uuencode is in the text, whose marks are escaped.
pub(super) fn has_uuencoded_line(text: &str) -> bool {
    DECODERS.iter().filter_map(|decode| decode(text)).any(|decoded| !uuencode::blocks(&decoded).is_empty())
}

/// The text decoded once, in each way that gives something.
fn decoded(text: &str) -> impl Iterator<Item = String> {
    let lines = |lines: Vec<String>| (!lines.is_empty()).then(|| lines.join("\n"));
    let dumped = lines(dumps(text).into_iter().map(|dump| dump.decoded).collect());
    DECODERS
        .iter()
        .filter_map(|decode| decode(text))
        .chain([dumped, base32(text), uuencode::decode(text)].into_iter().flatten())
}

/// Whether it was decoded to something that was text before: decoding anything else gives garbage.
fn is_text(form: &str) -> bool {
    !form.contains(|c: char| c == char::REPLACEMENT_CHARACTER || c.is_control() && !c.is_whitespace())
}

/// How many letters and digits of ASCII are written as `\u0061`, `\x61`, `%61`, `%2561`, `&#97;`, `&#x61;` or
/// `=61`.
fn escaped_letters(text: &str) -> usize {
    let at = |begin: &str, digits: usize| {
        let number = move |after: &&str| after.get(..digits).and_then(|it| u32::from_str_radix(it, 16).ok());
        text.split(begin).skip(1).filter(move |after| number(after).is_some_and(is_letter_or_digit)).count()
    };
    let entities = text.split("&#").skip(1).filter(|after| entity(after).is_some_and(is_letter_or_digit)).count();
    at("\\u", 4) + at("\\x", 2) + at("%", 2) + at("%25", 2) + entities + quoted_bytes(text)
}

/// How many bytes are written as in quoted-printable with an equals sign after them, or are the zeros of UTF-16.
fn quoted_bytes(text: &str) -> usize {
    let is_byte = |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts: Vec<&str> = text.split('=').skip(1).collect();
    let (_, inner) = parts.split_last().unwrap_or((&"", &[]));
    text.matches("=00").count().saturating_sub(1) + inner.iter().filter(|part| is_byte(part)).count()
}

fn entity(after: &str) -> Option<u32> {
    let (number, radix) = after.strip_prefix(['x', 'X']).map_or((after, 10), |number| (number, 16));
    let end = number.find(|c: char| !c.is_digit(radix)).unwrap_or(number.len());
    u32::from_str_radix(number.get(..end.min(8))?, radix).ok()
}

fn is_letter_or_digit(number: u32) -> bool {
    u8::try_from(number).is_ok_and(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_escapes_of_what_needs_none_count() {
        for (text, expected) in [
            (r"\u0043\u0061n", 2),
            ("%43%61n", 2),
            ("%2543%2561n", 2),
            ("&#67;&#x61;&#X006E;", 3),
            (r"\x43an", 1),
            ("=43=61=6E=", 3),
            ("C=00a=00n=00", 2),
            ("limit=50&page=31", 0),
            (r"\u041d\u0435\u0432\u0435\u0440\u043d\u044b\u0439 \u0026 \u003c", 0),
            ("M%C3%BCnchen%20%26%20Z%FCrich &#228;&#39;&#x27;&amp;", 0),
        ] {
            assert_eq!(escaped_letters(text), expected, "{text}");
        }
    }

    #[test]
    fn a_text_with_more_readings_than_the_budget_proves_nothing() {
        let known = Known::default();
        let reader = ConcealmentReader { known: &known, budget: Cell::new(100) };
        assert!(!reader.conceals_known("it"));
        assert!(reader.conceals_known(&"100%25 of it, ".repeat(40)));
    }
}
