//! How reports and web pages, ours and those of servers, escape what they quote.

use super::wire::json;

/// How an output escapes what it quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OutputEscape {
    None,
    Json,
    /// HTML with `&#39;` for an apostrophe, as our `report.html`.
    Html,
    /// HTML with `&#x27;`, as servers of Python and Node write it.
    HtmlHex,
    /// An attribute in XML, as in our `junit.xml`.
    Attribute,
    /// Text in XML or HTML, where quotes are not escaped.
    Text,
    /// Markdown, as our `summary.md`.
    Markdown,
}

impl OutputEscape {
    const ALL: [Self; 6] = [Self::Json, Self::Html, Self::HtmlHex, Self::Attribute, Self::Text, Self::Markdown];

    /// The escapes that change this text.
    pub(super) fn that_escape(text: &str) -> impl Iterator<Item = Self> {
        let has_marks = text.bytes().any(|byte| !byte.is_ascii_alphanumeric());
        let candidates: &[Self] = if has_marks { &Self::ALL } else { &[] };
        candidates.iter().copied().filter(|output| text.chars().any(|c| output.escape(c).is_some()))
    }

    /// The escaped text.
    pub(super) fn write(self, text: String) -> String {
        match self {
            Self::None => text,
            Self::Json => json(&text),
            _ => text.chars().fold(String::with_capacity(text.len() * 2), |mut written, c| {
                match self.escape(c) {
                    Some(escape) => written.push_str(escape),
                    None => written.push(c),
                }
                written
            }),
        }
    }

    /// The escape of a character.
    fn escape(self, c: char) -> Option<&'static str> {
        match (self, c) {
            (Self::Html | Self::HtmlHex | Self::Attribute | Self::Text, '&') => Some("&amp;"),
            (Self::Html | Self::HtmlHex | Self::Attribute | Self::Text, '<') => Some("&lt;"),
            (Self::Html | Self::HtmlHex | Self::Attribute | Self::Text, '>') => Some("&gt;"),
            (Self::Html | Self::HtmlHex | Self::Attribute, '"') => Some("&quot;"),
            (Self::Html, '\'') => Some("&#39;"),
            (Self::HtmlHex, '\'') => Some("&#x27;"),
            (Self::Attribute, '\'') => Some("&apos;"),
            (Self::Json | Self::Markdown, '\\') => Some("\\\\"),
            (Self::Json, '"') => Some("\\\""),
            (Self::Markdown, c) => in_markdown(c),
            _ => None,
        }
    }
}

/// The escape of a character with a meaning in Markdown.
fn in_markdown(c: char) -> Option<&'static str> {
    Some(match c {
        '`' => "\\`",
        '*' => "\\*",
        '_' => "\\_",
        '[' => "\\[",
        ']' => "\\]",
        '<' => "\\<",
        '>' => "\\>",
        '&' => "\\&",
        '|' => "\\|",
        '~' => "\\~",
        '#' => "\\#",
        ':' => "\\:",
        '$' => "\\$",
        '@' => "\\@",
        _ => return None,
    })
}

/// Whether no output escapes anything in a text; most encoded secrets are like that.
pub(super) fn is_never_escaped(text: &str) -> bool {
    text.bytes().all(|byte| PLAIN[usize::from(byte)])
}

/// Whether no output escapes this byte.
const PLAIN: [bool; 256] = {
    let (mut plain, mut byte) = ([false; 256], 0);
    while byte < 128 {
        plain[byte] = matches!(byte as u8, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'+' | b'/' | b'=');
        byte += 1;
    }
    plain
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_output_escapes_a_plain_character() {
        let outputs = [
            OutputEscape::Json,
            OutputEscape::Html,
            OutputEscape::HtmlHex,
            OutputEscape::Attribute,
            OutputEscape::Text,
            OutputEscape::Markdown,
        ];
        for plain in (0..128_u8).map(|byte| char::from(byte).to_string()).filter(|text| is_never_escaped(text)) {
            assert!(outputs.into_iter().all(|output| output.write(plain.clone()) == plain), "{plain}");
        }
    }
}
