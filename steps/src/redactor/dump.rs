//! Text written as the numbers of its characters, as dumps of memory and lists of bytes have it: `65 79 4a`, `0x65, 0x79`, `[101, 121]`.
//! Finds such runs and reads them; whether the text is a secret is decided elsewhere.

use std::ops::Range;

/// Numbers of the shortest run.
const FEWEST: usize = 8;
/// Most bytes between two numbers of a run.
const WIDEST_GAP: usize = 4;

/// A run of numbers, and the text that they stand for.
pub(super) struct Dump {
    /// Bytes of the text.
    pub(super) range: Range<usize>,
    pub(super) decoded: String,
}

/// Every run of hexadecimal, and of decimal numbers of visible characters.
pub(super) fn dumps(text: &str) -> Vec<Dump> {
    let mut found = dumps_of(text, hexadecimal);
    found.extend(dumps_of(text, decimal));
    found
}

fn dumps_of(text: &str, read: fn(&str) -> Option<char>) -> Vec<Dump> {
    let mut found: Vec<Dump> = Vec::new();
    for (range, character) in numbers(text, read) {
        match found.last_mut() {
            Some(dump) if joins(&text[dump.range.end..range.start]) => {
                dump.range.end = range.end;
                dump.decoded.push(character);
            }
            _ => found.push(Dump { range, decoded: character.to_string() }),
        }
    }
    found.retain(|dump| dump.decoded.len() >= FEWEST);
    found
}

fn joins(gap: &str) -> bool {
    gap.len() <= WIDEST_GAP && !gap.contains(|c: char| c.is_alphanumeric())
}

/// Runs of letters and digits that are the number of a visible character.
fn numbers(text: &str, read: fn(&str) -> Option<char>) -> impl Iterator<Item = (Range<usize>, char)> {
    let mut at = 0;
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(move |word| {
        let start = at;
        let end = start + word.len();
        at = end + text[end..].chars().next().map_or(0, char::len_utf8);
        read(word).map(|character| (start..end, character))
    })
}

fn hexadecimal(word: &str) -> Option<char> {
    let digits = word.strip_prefix("0x").or(word.strip_prefix('x')).unwrap_or(word);
    (digits.len() == 2).then(|| u8::from_str_radix(digits, 16).ok()).flatten().and_then(visible)
}

fn decimal(word: &str) -> Option<char> {
    (2..=3).contains(&word.len()).then(|| word.parse().ok()).flatten().and_then(visible)
}

fn visible(byte: u8) -> Option<char> {
    byte.is_ascii_graphic().then(|| byte.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str) -> Vec<String> {
        dumps(text).into_iter().map(|dump| dump.decoded).collect()
    }

    #[test]
    fn bytes_are_read_however_they_are_separated() {
        let bytes = "eyJhbGciOiJ".bytes();
        let join = |write: fn(u8) -> String, by: &str| bytes.clone().map(write).collect::<Vec<_>>().join(by);
        let hex = |byte: u8| format!("{byte:02x}");
        for text in [
            join(hex, " "),
            join(hex, ":"),
            join(hex, "-"),
            join(|byte| format!("0x{byte:02X}"), ", "),
            format!("\\x{}", join(hex, "\\x")),
            join(|byte| byte.to_string(), ","),
            join(|byte| byte.to_string(), ",\n  "),
        ] {
            assert_eq!(decoded(&format!("the token [{text}] is wrong")), ["eyJhbGciOiJ"], "{text}");
        }
    }

    #[test]
    fn ordinary_numbers_are_no_dump() {
        for text in ["2026-11-25T08:58:30.123Z", "00:1b:44:11:3a:b7", "10.0.0.12:8443", "1, 2, 3, 4, 5, 6, 7, 8, 9"] {
            assert_eq!(decoded(text), [""; 0], "{text}");
        }
    }
}
