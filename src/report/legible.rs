//! Text of somebody's server on our pages: no character in it may steer a terminal or break a file.

use std::borrow::Cow;

/// The text with control characters, and those that reorder what stands around them, written as escapes.
pub(crate) fn legible(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().fold(String::with_capacity(text.len()), |mut escaped, character| {
        if steers(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
        escaped
    });
    Cow::Owned(escaped)
}

fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(character, '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_steers_is_escaped() {
        for (text, shown) in [
            ("‹access token #3› grüßt 世界 🙂", "‹access token #3› grüßt 世界 🙂"),
            ("\u{1b}[2Jgone", r"\u{1b}[2Jgone"),
            ("one\ntwo\r\t", r"one\ntwo\r\t"),
            ("a\u{202e}b\u{9b}c\u{ffff}", r"a\u{202e}b\u{9b}c\u{ffff}"),
        ] {
            assert_eq!(legible(text), shown);
        }
    }
}
