//! Lines in uuencode: the first character is the number of bytes, and four characters stand for three of them.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use regex::Regex;

/// Bytes of the shortest line that counts: fewer match by chance.
const FEWEST: usize = 8;
/// Bytes of a full line.
const FULL: usize = 45;

/// A block with its first and last line, whose ends may be written as `\n` within a string, in any case.
static BLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?is)begin [0-7]{3} \S.*?(?:\n|\\n)end\b").ok());

/// The blocks and lines of a text.
pub(super) fn blocks(text: &str) -> Vec<Range<usize>> {
    let block = BLOCK.as_ref().filter(|_| text.contains("egin ") || text.contains("EGIN "));
    let mut found: Vec<Range<usize>> =
        block.into_iter().flat_map(|it| it.find_iter(text)).map(|it| it.range()).collect();
    found.extend(word_starts(text).filter_map(|at| Some(at..at + length(&text[at..])?)));
    found
}

/// Where a line may begin: after blanks and marks.
fn word_starts(text: &str) -> impl Iterator<Item = usize> {
    let starts = move |at: &usize| *at == 0 || b" \t\r\n\"':=>([".contains(&text.as_bytes()[at - 1]);
    (0..text.len()).filter(starts).filter(move |at| text.is_char_boundary(*at))
}

/// The length of the line that the text begins with, if it does. Three kinds of marks and a digit or a zero byte are in any that is long enough.
fn length(text: &str) -> Option<usize> {
    let count = usize::from(text.bytes().next()?.checked_sub(b' ')?);
    let length = 1 + count.div_ceil(3) * 4;
    let line = text.get(..length).filter(|line| (FEWEST..=FULL).contains(&count) && line.bytes().all(is_part))?;
    let ends = text[length..].bytes().next().is_none_or(|next| !is_part(next) || b"\"'<,.".contains(&next));
    let marks: HashSet<u8> = line.bytes().filter(u8::is_ascii_punctuation).collect();
    (ends && marks.len() >= 3 && line.bytes().any(|byte| byte.is_ascii_digit() || byte == b'`')).then_some(length)
}

fn is_part(byte: u8) -> bool {
    (b'!'..=b'`').contains(&byte)
}

/// The text of all lines, decoded and joined.
pub(super) fn decode(text: &str) -> Option<String> {
    let decoded: Vec<u8> = text.lines().filter_map(bytes_of_line).flatten().collect();
    (!decoded.is_empty()).then(|| String::from_utf8_lossy(&decoded).into_owned())
}

/// The lines of a text in uuencode.
pub(super) fn encode(text: &str) -> Vec<String> {
    let character = |six: u8| if six == 0 { '`' } else { char::from(six + b' ') };
    let line = |bytes: &[u8]| {
        let groups = bytes.chunks(3).flat_map(|three| {
            let [a, b, c] = [0, 1, 2].map(|at| three.get(at).copied().unwrap_or(0));
            [a >> 2, (a & 3) << 4 | b >> 4, (b & 15) << 2 | c >> 6, c & 63].map(character)
        });
        std::iter::once(character(bytes.len() as u8)).chain(groups).collect()
    };
    text.as_bytes().chunks(FULL).map(line).collect()
}

fn bytes_of_line(line: &str) -> Option<Vec<u8>> {
    let (first, rest) = line.as_bytes().split_first()?;
    let count = usize::from(first.checked_sub(b' ')?);
    let is_uuencoded = (FEWEST..=FULL).contains(&count)
        && rest.len() == count.div_ceil(3) * 4
        && rest.iter().all(|byte| (b' '..=b'`').contains(byte));
    if !is_uuencoded {
        return None;
    }
    let six = |byte: u8| (byte - b' ') & 63;
    let decode = |four: &[u8]| {
        let [a, b, c, d] = [0, 1, 2, 3].map(|at| four.get(at).copied().map_or(0, six));
        [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]
    };
    let mut bytes: Vec<u8> = rest.chunks(4).flat_map(decode).collect();
    bytes.truncate(count);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_recognised_and_decoded() {
        let secret = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl-and-more";
        let lines = encode(secret).join("\n");
        assert_eq!(decode(&lines).as_deref(), Some(secret));
        assert_eq!(blocks(&format!("data:\n{lines}\n`\nend")).len(), 2);
        assert_eq!(blocks(&format!("the token {} is wrong", lines.lines().next().unwrap_or_default())).len(), 1);
        let block = format!("{{\"a\":\"begin 644 x\\n{}\\n`\\nend\",\"b\":1}}", encode(secret).join("\\n"));
        assert_eq!(blocks(&block).first(), Some(&(6..block.len() - 8)));
    }

    #[test]
    fn ordinary_lines_are_no_uuencode() {
        for text in
            ["HTTP STATUS 401", "INTERNAL SERVER ERROR", "-----BEGIN CERTIFICATE-----", "begin at the end", "A,B;C"]
        {
            assert!(blocks(text).is_empty(), "{text}");
        }
    }
}
