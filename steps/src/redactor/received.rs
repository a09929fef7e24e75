//! Masks what a server sends. Known secrets are masked in every encoding, and whatever has the form of a credential is masked although
//! nothing is known about it, unless the request shows the same text.

use std::{borrow::Cow, ops::Range};

use super::{
    Known, Mask, Masked, Redactor, SecretKind,
    credential_form::{credential_ranges, is_ordinary, merged},
    decode::decoded_forms,
    dump::dumps,
};
use crate::Secret;

/// The mask of a credential beyond the budget of a run, which has no number.
const UNNUMBERED: &str = "‹hidden›";
/// Characters of the shortest word that is decoded in search of a secret.
const SHORTEST_DECODED: usize = 4;

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

    /// Passwords in upper or lower case, and their beginnings.
    fn mask_any_case(&self, text: &Masked) -> String {
        let folded = text.to_ascii_lowercase();
        let known = self.known();
        let find = |(password, mask): &(Secret, Mask)| {
            let matches = folded.match_indices(password.expose());
            matches.map(|(at, text)| (at, at + text.len(), *mask)).collect::<Vec<_>>()
        };
        let mut found: Vec<(usize, usize, Mask)> = known.folded.iter().flat_map(find).collect();
        // The longest of those that begin at the same place.
        found.sort_by_key(|(from, to, _)| (*from, usize::MAX - to));
        let (mut masked, mut end) = (String::with_capacity(text.len()), 0);
        for (from, to, mask) in found {
            if from >= end {
                masked.push_str(&text[end..from]);
                masked.push_str(&mask.to_string());
                end = to;
            }
        }
        masked.push_str(&text[end..]);
        masked
    }

    /// What nothing proves to be ordinary.
    fn unproven(&self, text: &str, sent: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let known = self.known();
        for word in words(text) {
            let shown = &text[word.clone()];
            if is_encoded(shown) && !sent.contains(shown) && hides(&known, shown) {
                found.push(word);
                continue;
            }
            let ranges = credential_ranges(shown).into_iter();
            let ranges = ranges.map(|range| word.start + range.start..word.start + range.end);
            found.extend(ranges.filter(|range| !sent.contains(&text[range.clone()])));
        }
        let is_secret = |decoded: &str| !known.matcher.find(decoded.as_bytes()).is_empty() || !is_ordinary(decoded);
        found.extend(dumps(text).into_iter().filter(|dump| is_secret(&dump.decoded)).map(|dump| dump.range));
        merged(found)
    }
}

/// Text in UTF-16 that was read as UTF-8, without its zeros.
fn readable(text: &str) -> Cow<'_, str> {
    let zeros = text.bytes().filter(|byte| *byte == 0).count();
    if zeros * 4 > text.len() { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
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

/// Whether there is an escape in it that may hide something. Encodings of a whole secret have the form of a credential themselves.
fn is_encoded(word: &str) -> bool {
    word.len() >= SHORTEST_DECODED && word.contains(['\\', '%', '&', '='])
}

/// Whether the word, decoded, has a known secret in it or the form of a credential.
fn hides(known: &Known, word: &str) -> bool {
    decoded_forms(word).iter().any(|form| {
        let folded = form.to_ascii_lowercase();
        !known.matcher.find(form.as_bytes()).is_empty()
            || known.folded.iter().any(|(password, _)| folded.contains(password.expose()))
            || is_text(form) && !credential_ranges(form).is_empty()
    })
}

/// Whether it was decoded to something that was text before: decoding anything else gives garbage.
fn is_text(form: &str) -> bool {
    !form.contains(|c: char| c == char::REPLACEMENT_CHARACTER || c.is_control() && !c.is_whitespace())
}
