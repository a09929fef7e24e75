//! The letters and digits of a text in their plain form, each with the bytes that write it, so that nothing between them hides a word.

use std::ops::Range;

/// Most bytes of a tag, a comment, a name or a sequence for terminals that stands between two letters.
const LONGEST_ASIDE: usize = 80;

/// A letter or digit of ASCII in lower case, and the bytes of the text that write it.
pub(super) struct Letter {
    pub(super) plain: u8,
    pub(super) range: Range<usize>,
}

/// Every letter and digit, whatever is between them.
pub(super) fn all_letters(text: &str) -> Vec<Letter> {
    let letter = |(at, c): (usize, char)| plain(c).map(|plain| Letter { plain, range: at..at + c.len_utf8() });
    text.char_indices().filter_map(letter).collect()
}

/// The letters and digits that a reader would see: escapes are read, and comments, names of members and sequences for terminals are passed
/// over, with `without_tags` also what is between angle brackets.
pub(super) fn read_letters(text: &str, without_tags: bool) -> Vec<Letter> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let begin = at;
        let (plain, length) = match c {
            '<' if !without_tags => (None, 1),
            '<' | '/' | '"' | '\\' | '\u{1b}' | '&' | '%' => {
                aside(rest).map(|length| (None, length)).or_else(|| escape(rest)).unwrap_or((None, 1))
            }
            c => (plain(c), c.len_utf8()),
        };
        at = text.ceil_char_boundary(at + length);
        found.extend(plain.map(|plain| Letter { plain, range: begin..at }));
    }
    found
}

/// The plain form of a letter or digit; that of one in another style, as full width, is the usual one.
fn plain(c: char) -> Option<u8> {
    let number = u32::from(c);
    let byte = match number {
        0x24b6..=0x24e9 => u32::from(b'a') + (number - 0x24b6) % 26,
        0xff01..=0xff5e => number - 0xfee0,
        0x1d400..=0x1d6a3 => u32::from(b'a') + (number - 0x1d400) % 26,
        0x1d7ce..=0x1d7ff => u32::from(b'0') + (number - 0x1d7ce) % 10,
        _ => number,
    };
    u8::try_from(byte).ok().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}

/// Bytes of what does not belong to a text that it begins with.
fn aside(rest: &str) -> Option<usize> {
    let window = &rest[..rest.floor_char_boundary(LONGEST_ASIDE)];
    const DATA: &str = "<![CDATA[";
    match window.as_bytes() {
        [b'<', ..] if window.starts_with(DATA) => Some(DATA.len()),
        [b'<', ..] => window.find('>').map(|end| end + 1),
        [b'/', b'*', ..] => window[2..].find("*/").map(|end| end + 4),
        [b'"' | b'\\', ..] => member_name(window).or_else(|| terminal_sequence(window)),
        [0x1b, ..] => terminal_sequence(window),
        _ => None,
    }
}

/// Bytes of the name of a member of an object with its colon, in JSON or in JSON within JSON.
fn member_name(window: &str) -> Option<usize> {
    let name = window.trim_start_matches('\\').strip_prefix('"')?;
    let end = name.find(['"', '\\'])?;
    let after = name[end..].trim_start_matches('\\').strip_prefix('"')?.trim_start().strip_prefix(':')?;
    Some(window.len() - after.len())
}

/// Bytes of a sequence such as `ESC [ 31 m`, also where its first character is escaped.
fn terminal_sequence(window: &str) -> Option<usize> {
    const ESCAPES: [&str; 6] = ["\u{1b}", "u001b", "u001B", "x1b", "033", "e"];
    let begin = window.trim_start_matches('\\');
    let sequence = ESCAPES.iter().find_map(|escape| begin.strip_prefix(escape))?.strip_prefix('[')?;
    let end = sequence.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    Some(window.len() - sequence.len() + end + 1)
}

/// What an escape at the beginning stands for, and its bytes.
fn escape(rest: &str) -> Option<(Option<u8>, usize)> {
    let number = |digits: &str, at: usize, count: usize, radix: u32| {
        u32::from_str_radix(digits.get(at..at + count)?, radix).ok()
    };
    let shown = |number: u32| char::from_u32(number).and_then(plain);
    match rest.as_bytes().first()? {
        b'%' => {
            let digits = rest[1..].trim_start_matches("25");
            Some((shown(number(digits, 0, 2, 16)?), rest.len() - digits.len() + 2))
        }
        b'&' => {
            let name = rest[1..].strip_prefix("amp;").unwrap_or(&rest[1..]);
            let end = name[..name.floor_char_boundary(10)].find(';')?;
            let digits = name.strip_prefix('#').and_then(|number| number.get(..end - 1));
            let value = digits.and_then(|digits| {
                let (digits, radix) = digits.strip_prefix(['x', 'X']).map_or((digits, 10), |digits| (digits, 16));
                u32::from_str_radix(digits, radix).ok()
            });
            Some((value.and_then(shown), rest.len() - name.len() + end + 1))
        }
        b'\\' => {
            let after = rest.trim_start_matches('\\');
            let before = rest.len() - after.len();
            match after.as_bytes().first() {
                Some(b'u' | b'U') => {
                    let (value, length) = utf16(after)?;
                    Some((shown(value), before + length))
                }
                Some(b'x' | b'X') => Some((shown(number(after, 1, 2, 16)?), before + 3)),
                Some(b'0'..=b'7') => Some((shown(number(after, 0, 3, 8)?), before + 3)),
                Some(b'n' | b'r' | b't') => Some((None, before + 1)),
                _ => Some((None, before)),
            }
        }
        _ => None,
    }
}

/// The character of `uXXXX`, or of two that are a surrogate pair, and their bytes.
fn utf16(after: &str) -> Option<(u32, usize)> {
    let unit = |from: usize| u32::from_str_radix(after.get(from..from + 4)?, 16).ok();
    let (first, rest) = (unit(1)?, after.get(5..)?);
    let second = rest.trim_start_matches('\\');
    let pair = (0xd800..0xdc00).contains(&first) && second.starts_with(['u', 'U']);
    match if pair { unit(after.len() - second.len() + 1) } else { None } {
        Some(second_unit) if (0xdc00..0xe000).contains(&second_unit) => {
            let value = 0x10000 + ((first - 0xd800) << 10) + (second_unit - 0xdc00);
            Some((value, after.len() - second.len() + 5))
        }
        _ => Some((first, 5)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        read_letters(text, true).into_iter().map(|letter| char::from(letter.plain)).collect()
    }

    #[test]
    fn what_stands_between_letters_is_passed_over() {
        for text in [
            "To\u{ad}k\u{200b}e-n 1",
            "Ｔｏｋｅｎ１",
            "𝐓𝐨𝐤𝐞𝐧𝟏",
            "ⓣⓞⓚⓔⓝ①1",
            r#"{"part0": "To", "part1": "ken", "x": 1}"#,
            r#"{\"part0\":\"To\",\"part1\":\"ken1\"}"#,
            "<b>To</b><i>ken</i><!-- - -->1",
            "<![CDATA[To]]><![CDATA[ken1]]>",
            "\u{1b}[31mTo\u{1b}[0;1mken1",
            r"\u001b[31mTo\\u001b[0mken1",
            r#""To"/**/+"ken"+"1""#,
            r"\u0054\\u006fk\x65\1561",
            r"To\u200bken\ud835\udfcf",
            "&#84;o&amp;#x6b;e&shy;n1",
            "%54o%256b%65n1",
            "T\\o\\k\\\\e\\nn1",
        ] {
            assert_eq!(read(text), "token1", "{text}");
        }
    }

    proptest! {
        #[test]
        fn ranges_are_ordered_and_within_the_text(text in r#"(\PC|[<>"\\%&#;/*u0-9\x1b\[:]){0,60}"#) {
            for letters in [read_letters(&text, true), read_letters(&text, false), all_letters(&text)] {
                let mut end = 0;
                for Letter { range, .. } in letters {
                    prop_assert!(range.start >= end && text.get(range.clone()).is_some());
                    end = range.end;
                }
            }
        }
    }
}
