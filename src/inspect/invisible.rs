//! Characters of a login or password that nobody sees: blanks at its ends, line breaks, zero-width characters, remains of another
//! encoding. Names them by kind and place and shows nothing else of the text.

/// What cannot be seen in this text, as the end of a sentence about it; `None` when all can.
pub(super) fn describe_invisible(text: &str) -> Option<String> {
    let blank = |c: Option<char>| c.is_some_and(|c| c.is_whitespace() && !c.is_control());
    if let Some(hidden) = text.chars().find(|c| is_hidden(*c)) {
        return Some(format!("has an invisible character (U+{:04X})", u32::from(hidden)));
    }
    match (blank(text.chars().next()), blank(text.chars().next_back())) {
        (true, _) => Some("begins with a blank".to_owned()),
        (_, true) => Some("ends in a blank".to_owned()),
        _ => None,
    }
}

/// Control characters, characters without width, the no-break space, and what replaces bytes that could not be read.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_named_and_nothing_else() {
        for (text, described) in [
            ("hunter 2", None),
            ("пароль/Qw&%äß!", None),
            ("hunter2 ", Some("ends in a blank")),
            ("\u{3000}hunter2", Some("begins with a blank")),
            ("hunter2\r\n", Some("has an invisible character (U+000D)")),
            ("hunter\u{200b}2", Some("has an invisible character (U+200B)")),
            ("\u{feff}hunter2", Some("has an invisible character (U+FEFF)")),
            ("hunter\u{fffd}", Some("has an invisible character (U+FFFD)")),
        ] {
            assert_eq!(describe_invisible(text).as_deref(), described, "{text:?}");
        }
    }
}
