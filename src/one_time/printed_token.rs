//! What a source printed, read as one one-time token. Programs print remarks, JSON, colours and the words for nothing where a token
//! is expected; none of these may reach a server, which would be blamed for refusing it.

use steps::Secret;

/// Words that programs print for nothing.
const NOTHING: [&str; 9] = ["null", "nil", "none", "undefined", "nan", "true", "false", "[object object]", "error"];
/// Characters of the text that a message shows.
const SHOWN: usize = 80;
/// Letters of the longest word that a message shows; a longer one may be a token.
const LONGEST_WORD: usize = 7;

/// Reads a text that must be one token and nothing else; blanks and line breaks around it are ignored.
///
/// # Errors
/// What the text is instead, with the text masked.
pub(super) fn parse_token(text: &str) -> Result<Secret, String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    match flaw(text) {
        None => Ok(Secret::new(text)),
        Some(flaw) => Err(format!("{flaw} (`{}`); it must be one token and nothing else", masked(text))),
    }
}

/// Why the text cannot be a token.
fn flaw(text: &str) -> Option<String> {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    if text.is_empty() {
        Some("nothing but blanks".to_owned())
    } else if text.contains('\u{1b}') {
        Some("colours or other commands for a terminal".to_owned())
    } else if text.starts_with(['{', '[', '"']) {
        Some("JSON".to_owned())
    } else if lines > 1 {
        Some(format!("{lines} lines"))
    } else if NOTHING.contains(&text.to_ascii_lowercase().as_str()) {
        Some("a word for nothing".to_owned())
    } else if text.contains("://") {
        Some("an address".to_owned())
    } else if text.contains(char::is_whitespace) {
        Some("several words".to_owned())
    } else if !text.chars().all(|c| c.is_ascii_graphic()) {
        Some("characters that no token has".to_owned())
    } else {
        None
    }
}

/// The beginning of a text, with everything hidden that may be a secret: long words, and words with a digit.
fn masked(text: &str) -> String {
    let is_part = |c: char| !c.is_whitespace() && !c.is_control() && !"{}[]\":,;()".contains(c);
    let mut shown = String::new();
    let mut rest = text;
    while !rest.is_empty() && shown.chars().count() < SHOWN {
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        let is_plain = word.chars().all(|c| c.is_ascii_alphabetic() || ".-'".contains(c));
        shown.push_str(if word.len() <= LONGEST_WORD && is_plain { word } else { "‹hidden›" });
        let after = rest[end..].chars().next();
        shown.extend(after.map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c }));
        rest = &rest[end + after.map_or(0, char::len_utf8)..];
    }
    if !rest.is_empty() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_alone_is_read() {
        for text in ["tok.en==", "\n  tok.en==\r\n\n", "\u{feff}tok.en==\n"] {
            assert_eq!(parse_token(text).map(|token| token.expose().to_owned()), Ok("tok.en==".to_owned()));
        }
    }

    #[test]
    fn what_is_no_token_is_named_and_shown_without_secrets() {
        let advice = "; it must be one token and nothing else";
        for (text, flaw) in [
            (" \n", "nothing but blanks (``)"),
            ("null\n", "a word for nothing (`null`)"),
            ("Undefined", "a word for nothing (`‹hidden›`)"),
            ("{\"token\": \"abcdefghijk\"}", "JSON (`{\"token\": \"‹hidden›\"}`)"),
            ("\u{1b}[32mabcdefgh1\u{1b}[0m", "colours or other commands for a terminal (` [‹hidden› [‹hidden›`)"),
            ("Token for qa:\nabc1defg", "2 lines (`Token for qa: ‹hidden›`)"),
            ("http://bo/?token=abcdefgh", "an address (`http:‹hidden›`)"),
            ("the token abcdefgh1", "several words (`the token ‹hidden›`)"),
            ("tökenabcdefgh", "characters that no token has (`‹hidden›`)"),
        ] {
            assert_eq!(parse_token(text).map(drop), Err(format!("{flaw}{advice}")), "{text:?}");
        }
    }
}
