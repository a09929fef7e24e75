//! How pages write what came over the wire: our own reports, and those of servers.

use super::wire::json;

/// How a page writes what came over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    AsItIs,
    Json,
    /// HTML with `&#39;` for an apostrophe, as our `report.html`.
    Html,
    /// HTML with `&#x27;`, as servers of Python and Node write it.
    HtmlHex,
    /// An attribute in XML, as in our `junit.xml`.
    Attribute,
    /// Text in XML or HTML, where quotes stay.
    Text,
    /// Markdown, as our `summary.md`.
    Markdown,
}

impl Page {
    const ALL: [Self; 6] = [Self::Json, Self::Html, Self::HtmlHex, Self::Attribute, Self::Text, Self::Markdown];

    /// Those that write this text in another way than it is.
    pub(super) fn that_escape(text: &str) -> impl Iterator<Item = Self> {
        let has_marks = text.bytes().any(|byte| !byte.is_ascii_alphanumeric());
        let candidates: &[Self] = if has_marks { &Self::ALL } else { &[] };
        candidates.iter().copied().filter(|page| text.chars().any(|c| page.escape(c).is_some()))
    }

    /// The text written like this.
    pub(super) fn write(self, text: String) -> String {
        match self {
            Self::AsItIs => text,
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

    /// What stands for a character.
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

/// What means something in Markdown, escaped.
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

/// Whether there is nothing in a text that any page escapes; most encoded secrets are like that.
pub(super) fn all_write_as_it_is(text: &str) -> bool {
    text.bytes().all(|byte| PLAIN[usize::from(byte)])
}

/// Whether no page escapes this byte.
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
    fn no_page_escapes_what_is_plain() {
        let pages = [Page::Json, Page::Html, Page::HtmlHex, Page::Attribute, Page::Text, Page::Markdown];
        for plain in (0..128_u8).map(|byte| char::from(byte).to_string()).filter(|text| all_write_as_it_is(text)) {
            assert!(pages.into_iter().all(|page| page.write(plain.clone()) == plain), "{plain}");
        }
    }
}
