//! Text from outside, made safe to show: no character in it can move a cursor, reorder or hide other text, or end a line. Used
//! for everything that is printed or rendered. Secrets are the redactor's concern.

use std::borrow::Cow;

/// The text with unsafe characters, line ends among them, written as escapes such as `\u{1b}`.
pub(crate) fn sanitize(text: &str) -> Cow<'_, str> {
    escape(text, is_unsafe)
}

/// The text with unsafe characters written as escapes, and its line ends kept.
pub(crate) fn sanitize_lines(text: &str) -> Cow<'_, str> {
    escape(text, |character| character != '\n' && is_unsafe(character))
}

/// The text with the commands of CI services made ineffective: `::command::` at the beginning of a line, `##[command]` and
/// `##vso[command]` anywhere. For everything that is printed, after it was wrapped.
pub(crate) fn disarm(text: &str) -> Cow<'_, str> {
    if !text.contains("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let line = |line: &str| {
        let begin = beginning(line);
        let (before, rest) = line.split_at(begin);
        let rest = rest.strip_prefix("::").map_or(Cow::Borrowed(rest), |rest| Cow::Owned(format!("\\u{{3a}}:{rest}")));
        format!("{before}{}", rest.replace("##[", "#\\u{23}[").replace("##vso", "#\\u{23}vso"))
    };
    // Both ends of a line count for the services.
    Cow::Owned(text.split_inclusive(['\n', '\r']).map(line).collect())
}

/// Where the visible text of a line begins: after blanks and colours.
fn beginning(line: &str) -> usize {
    let mut rest = line;
    loop {
        let trimmed = rest.trim_start();
        let Some(colour) = trimmed.strip_prefix("\u{1b}[") else { return line.len() - trimmed.len() };
        let Some(end) = colour.find('m') else { return line.len() - trimmed.len() };
        rest = &colour[end + 1..];
    }
}

/// JSON with unsafe characters written as JSON escapes, for files that people read. The value stays the same.
pub(crate) fn json_escapes(json: &str) -> Cow<'_, str> {
    let is_unsafe = |character: char| character != '\n' && is_unsafe(character);
    if !json.contains(is_unsafe) {
        return Cow::Borrowed(json);
    }
    let escape = |character: char| -> String {
        if is_unsafe(character) {
            character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
        } else {
            character.to_string()
        }
    };
    Cow::Owned(json.chars().map(escape).collect())
}

fn escape(text: &str, is_unsafe: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if is_unsafe(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// C0 and C1 controls, bidirectional controls, characters without a width, line and paragraph separators, tags, and
/// noncharacters that XML forbids.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
        || matches!(character, '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}')
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(character, '\u{e0000}'..='\u{e007f}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn safe_text_stays_as_it_is() {
        for text in ["", "‹access token #3› grüßt 世界 🙂", "שלום, мир"] {
            assert_eq!(sanitize(text), text);
        }
    }

    #[test]
    fn commands_of_ci_services_are_disarmed_wherever_a_line_begins() {
        for (text, shown) in [
            ("::add-mask::x", r"\u{3a}:add-mask::x"),
            ("a\n  ::set-output name=a::b", "a\n  \\u{3a}:set-output name=a::b"),
            ("\u{1b}[1m::stop-commands::x\u{1b}[0m", "\u{1b}[1m\\u{3a}:stop-commands::x\u{1b}[0m"),
            ("see ##[error]x and ##vso[task.setvariable]y", r"see #\u{23}[error]x and #\u{23}vso[task.setvariable]y"),
            ("std::fs::read and # ## heading", "std::fs::read and # ## heading"),
        ] {
            assert_eq!(disarm(text), shown);
        }
    }

    #[test]
    fn escaped_json_has_the_same_value() {
        let value = serde_json::json!({ "a\u{202e}": "b\u{9b}\u{e0041}\u{2028}ü" });
        let escaped = json_escapes(&value.to_string()).into_owned();
        assert_eq!(escaped, r#"{"a\u202e":"b\u009b\udb40\udc41\u2028ü"}"#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&escaped).ok(), Some(value));
    }

    #[test]
    fn unsafe_characters_are_escaped() {
        for (kind, text, escaped) in [
            ("C0", "\u{1b}[2Jgone\u{0}", r"\u{1b}[2Jgone\u{0}"),
            ("C1", "a\u{9b}31m", r"a\u{9b}31m"),
            ("DEL", "a\u{7f}", r"a\u{7f}"),
            ("line ends", "one\ntwo\r\t", r"one\ntwo\r\t"),
            ("bidi overrides", "a\u{202e}b\u{2067}c", r"a\u{202e}b\u{2067}c"),
            ("bidi marks", "a\u{200f}b\u{61c}", r"a\u{200f}b\u{61c}"),
            ("zero width", "a\u{200b}b\u{200d}c\u{feff}", r"a\u{200b}b\u{200d}c\u{feff}"),
            ("separators", "a\u{2028}b\u{2029}", r"a\u{2028}b\u{2029}"),
            ("tags", "a\u{e0041}", r"a\u{e0041}"),
            ("noncharacters", "a\u{ffff}", r"a\u{ffff}"),
        ] {
            assert_eq!(sanitize(text), escaped, "{kind}");
        }
    }

    #[test]
    fn line_ends_can_be_kept() {
        assert_eq!(sanitize_lines("one\n\u{1b}two\n"), "one\n\\u{1b}two\n");
    }
}
