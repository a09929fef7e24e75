//! Masks what a server sends. Known secrets are masked in every encoding, and what has the form of a credential is masked although
//! nothing is known about it, unless the request shows the same text.

use std::{borrow::Cow, ops::Range};

use super::{
    Mask, Masked, Redactor, SecretKind,
    concealed::{self, ConcealmentReader},
    credential_form::{credential_ranges, is_ordinary, merged},
    dense, dump, uuencode,
};
use crate::Secret;

/// The mask of a credential beyond the budget of a run, which has no number.
const UNNUMBERED: &str = "‹hidden›";
/// Characters of the shortest word that is decoded in search of a secret.
const SHORTEST_DECODED: usize = 4;
/// Characters of the shortest rest of a secret that is masked.
const SHORTEST_REST: usize = 4;
/// Bytes of the longest text that is decoded as one.
const LONGEST_UNIT: usize = 640;

impl Redactor {
    /// The text of a server with masks in place of known secrets, and of everything that has the form of a credential. Text that the
    /// request shows, `sent`, is shown again.
    #[must_use]
    pub fn mask_received(&self, text: &str, sent: &str) -> Masked {
        let text = readable(text);
        let known = self.mask_any_case(&self.mask(&text));
        let mut masked = String::with_capacity(known.len());
        let mut end = 0;
        for range in self.unproven(&known, sent) {
            masked.push_str(&known[end..range.start]);
            let mask = self.suspect(&Secret::new(&known[range.clone()]), SecretKind::Unknown);
            masked.push_str(&mask.map_or_else(|| UNNUMBERED.to_owned(), |mask| mask.to_string()));
            end = range.end;
        }
        masked.push_str(&known[end..]);
        Masked::new(masked)
    }

    /// Secrets without the form of a credential, in any case and turned round.
    fn mask_any_case(&self, text: &Masked) -> String {
        let known = self.known();
        let mask = |form: usize| known.folded_masks.get(form).map(Mask::to_string).unwrap_or_default();
        known.folded.replace_where_found(&text.to_ascii_lowercase(), text, mask)
    }

    /// What nothing proves to be ordinary.
    fn unproven(&self, text: &str, sent: &str) -> Vec<Range<usize>> {
        let known = self.known();
        let reader = ConcealmentReader::new(&known);
        let mut found = Vec::new();
        for word in words(text) {
            let shown = &text[word.clone()];
            if is_encoded(shown) && !sent.contains(shown) && reader.conceals(shown) {
                found.push(word);
                continue;
            }
            let ranges = credential_ranges(shown).into_iter();
            let ranges = ranges.map(|range| word.start + range.start..word.start + range.end);
            found.extend(ranges.filter(|range| !sent.contains(&text[range.clone()])));
        }
        let is_secret = |decoded: &str| known.finds(decoded) || !is_ordinary(decoded) || reader.conceals(decoded);
        found.extend(dump::dumps(text).into_iter().filter(|dump| is_secret(&dump.decoded)).map(|dump| dump.range));
        let series = dump::series(text).into_iter();
        found.extend(
            series
                .filter(|(range, is_long)| *is_long || reader.conceals_known(&text[range.clone()]))
                .map(|(range, _)| range),
        );
        let forms = [dump::lines(text), uuencode::blocks(text), dense::runs(text), dump::spaced(text)];
        let forms = forms.into_iter().flatten().filter(|range| !sent.contains(&text[range.clone()]));
        found.extend(forms);
        found.extend([rests(text), known.pieces.ranges(text)].into_iter().flatten());
        let found = merged(found);
        let is_covered =
            |unit: &Range<usize>| found.iter().any(|range| range.start <= unit.start && unit.end <= range.end);
        let concealing = units(text).into_iter().filter(|unit| {
            let shown = &text[unit.clone()];
            !is_covered(unit)
                && !sent.contains(shown.trim())
                && (reader.conceals_known(shown) || concealed::has_uuencoded_line(shown))
        });
        merged(concealing.collect::<Vec<_>>().into_iter().chain(found.iter().cloned()).collect())
    }
}

/// The text without the zeros of UTF-16 that was read as UTF-8, and without characters that nobody sees: they only part words.
fn readable(text: &str) -> Cow<'_, str> {
    let is_invisible = |c: char| {
        matches!(c, '\0' | '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
            || ('\u{e0000}'..='\u{e01ef}').contains(&c)
    };
    if text.contains(is_invisible) { Cow::Owned(text.replace(is_invisible, "")) } else { Cow::Borrowed(text) }
}

/// Runs without blanks and quotes.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = |c: char| c.is_whitespace() || "\"'<>(){}[]‹›,".contains(c);
    let mut at = 0;
    text.split(ends).filter_map(move |word| {
        let range = at..at + word.len();
        at = range.end + text[range.end..].chars().next().map_or(0, char::len_utf8);
        (!word.is_empty()).then_some(range)
    })
}

/// Strings of JSON, or else texts between tags and lines, in parts that are not too long to be decoded.
fn units(text: &str) -> Vec<Range<usize>> {
    let ends: &[char] = if text.contains("\":") { &['"'] } else { &['<', '>', '\n'] };
    let (mut found, mut start) = (Vec::new(), 0);
    for (at, c) in text.char_indices().filter(|(_, c)| ends.contains(c)) {
        if c != '"' || !text[..at].ends_with('\\') {
            found.extend(parts(text, start..at));
            start = at + c.len_utf8();
        }
    }
    found.extend(parts(text, start..text.len()));
    found
}

/// Parts that overlap, so that nothing short is cut.
fn parts(text: &str, unit: Range<usize>) -> Vec<Range<usize>> {
    if unit.len() < SHORTEST_DECODED || !is_encoded(&text[unit.clone()]) {
        return Vec::new();
    }
    let part =
        |start: usize| text.floor_char_boundary(start)..text.floor_char_boundary((start + LONGEST_UNIT).min(unit.end));
    unit.clone().step_by(LONGEST_UNIT / 2).map(part).collect()
}

/// Letters and digits beside a mask: a part of a secret was known, and the rest belongs to it. What ends an escape does not.
fn rests(text: &str) -> Vec<Range<usize>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let touches = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut found = Vec::new();
    for (at, _) in text.match_indices('‹') {
        let before = &text[..at];
        let begin = before.trim_end_matches(is_part);
        if touches(before.chars().next_back())
            && at - begin.len() >= SHORTEST_REST
            && !begin.ends_with(['\\', '%', '&', '#'])
        {
            found.push(begin.len()..at);
        }
    }
    for (at, mask) in text.match_indices('›') {
        let after = &text[at + mask.len()..];
        let end = after.find(|c| !is_part(c)).unwrap_or(after.len());
        if touches(after.chars().next()) && end >= SHORTEST_REST {
            found.push(at + mask.len()..at + mask.len() + end);
        }
    }
    found
}

/// Whether there is an escape in it that may hide something. Encodings of a whole secret have the form of a credential themselves.
fn is_encoded(word: &str) -> bool {
    let is_escape = |pair: &[u8]| match pair {
        [b'\\' | b'%' | b'&' | b'=', after] => after.is_ascii_alphanumeric() || b"#/\r\n\"\\".contains(after),
        // Reversed.
        [before, b'%' | b'='] => before.is_ascii_digit(),
        [b';', b'&'] => true,
        _ => false,
    };
    word.len() >= SHORTEST_DECODED && word.as_bytes().windows(2).any(is_escape)
}
