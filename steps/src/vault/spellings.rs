//! The ways one secret can be written: as it goes over the wire, and as a page writes what came over the wire.

use std::borrow::Cow;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};

/// One way of writing a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spelling {
    wire: Wire,
    page: Page,
}

/// How a client or a server writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wire {
    Plain,
    /// In a JSON string, with no more escapes than must be.
    Json,
    /// In a JSON string of ASCII only, hexadecimal digits in lower case.
    JsonAscii,
    /// The same with slashes escaped, as PHP does.
    JsonSlashes,
    /// In a JSON string that may stand in HTML, as .NET writes it: upper case.
    JsonCautious,
    /// In a JSON string that may stand in HTML, as Gson writes it: lower case.
    JsonForHtml,
    /// Percent-encoded but for the unreserved characters of RFC 3986.
    Url,
    UrlLowerCase,
    /// As browsers encode one part of a URL.
    UrlComponent,
    /// As forms are sent, blanks being `+`.
    Form,
    Base64,
    Base64NoPad,
    Base64Url,
    Base64UrlNoPad,
    /// Inside a longer text in base64, as the password is in `Basic` credentials, after a multiple of three bytes and this
    /// many: the characters that depend on the secret alone.
    WithinBase64(u8),
    WithinBase64Url(u8),
}

/// How a page writes what came over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
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

/// Below this length the inner part of a base64 text is met by chance.
const SHORTEST_PART: usize = 8;

const PLAIN: Spelling = Spelling { wire: Wire::Plain, page: Page::AsItIs };

/// Those that differ from each other only where there are characters that something escapes.
const ESCAPES: [Wire; 9] = [
    Wire::Json,
    Wire::JsonAscii,
    Wire::JsonSlashes,
    Wire::JsonCautious,
    Wire::JsonForHtml,
    Wire::Url,
    Wire::UrlLowerCase,
    Wire::UrlComponent,
    Wire::Form,
];

const ENCODINGS: [Wire; 10] = [
    Wire::Base64,
    Wire::Base64NoPad,
    Wire::Base64Url,
    Wire::Base64UrlNoPad,
    Wire::WithinBase64(0),
    Wire::WithinBase64(1),
    Wire::WithinBase64(2),
    Wire::WithinBase64Url(0),
    Wire::WithinBase64Url(1),
    Wire::WithinBase64Url(2),
];

const PAGES: [Page; 6] = [Page::Json, Page::Html, Page::HtmlHex, Page::Attribute, Page::Text, Page::Markdown];

/// Every way of writing a secret that gives another text, with that text.
pub(super) fn all(secret: &str) -> Vec<(Spelling, String)> {
    let mut spellings = vec![(PLAIN, secret.to_owned())];
    let escapes: &[Wire] = if secret.bytes().all(is_unreserved) { &[] } else { &ESCAPES };
    for wire in escapes.iter().chain(&ENCODINGS).copied() {
        push(&mut spellings, Spelling { wire, page: Page::AsItIs }, wire.write(secret));
    }
    for at in 0..spellings.len() {
        if spellings[at].1.bytes().all(is_plain) {
            continue;
        }
        let (Spelling { wire, .. }, text) = spellings[at].clone();
        for page in PAGES.into_iter().filter(|page| page.escapes_any_of(&text)) {
            push(&mut spellings, Spelling { wire, page }, page.write(text.clone()));
        }
    }
    spellings
}

fn push(spellings: &mut Vec<(Spelling, String)>, spelling: Spelling, text: String) {
    if !text.is_empty() && spellings.iter().all(|(_, other)| *other != text) {
        spellings.push((spelling, text));
    }
}

/// The texts of [`all`].
pub(crate) fn of(secret: &str) -> Vec<String> {
    all(secret).into_iter().map(|(_, text)| text).collect()
}

/// Percent-encoding of everything but the unreserved characters of RFC 3986.
pub(crate) fn url_encoded(text: &str) -> String {
    percent_encoded(text, is_unreserved, |byte| format!("%{byte:02X}"))
}

impl Spelling {
    /// The secret written like this.
    pub(super) fn write(self, secret: &str) -> Cow<'_, str> {
        if self == PLAIN { Cow::Borrowed(secret) } else { Cow::Owned(self.page.write(self.wire.write(secret))) }
    }
}

impl Wire {
    fn write(self, secret: &str) -> String {
        match self {
            Self::Plain => secret.to_owned(),
            Self::Json => json(secret),
            Self::JsonAscii => json_with(secret, |c| !c.is_ascii(), |unit| format!("\\u{unit:04x}")),
            Self::JsonSlashes => {
                json_with(secret, |c| !c.is_ascii(), |unit| format!("\\u{unit:04x}")).replace('/', "\\/")
            }
            Self::JsonCautious => {
                let escaped = |c: char| !c.is_ascii() || "\"&'+<>`".contains(c);
                json_with(secret, escaped, |unit| format!("\\u{unit:04X}"))
            }
            Self::JsonForHtml => json_with(secret, |c| "&'<=>".contains(c), |unit| format!("\\u{unit:04x}")),
            Self::Url => url_encoded(secret),
            Self::UrlLowerCase => percent_encoded(secret, is_unreserved, |byte| format!("%{byte:02x}")),
            Self::UrlComponent => percent_encoded(
                secret,
                |byte| is_unreserved(byte) || b"!*'()".contains(&byte),
                |byte| format!("%{byte:02X}"),
            ),
            Self::Form => percent_encoded(
                secret,
                |byte| is_unreserved(byte) && byte != b'~' || byte == b'*',
                |byte| match byte {
                    b' ' => "+".to_owned(),
                    byte => format!("%{byte:02X}"),
                },
            ),
            Self::Base64 => STANDARD.encode(secret),
            Self::Base64NoPad => STANDARD_NO_PAD.encode(secret),
            Self::Base64Url => URL_SAFE.encode(secret),
            Self::Base64UrlNoPad => URL_SAFE_NO_PAD.encode(secret),
            Self::WithinBase64(after) => part_of_base64(secret, after, &STANDARD_NO_PAD),
            Self::WithinBase64Url(after) => part_of_base64(secret, after, &URL_SAFE_NO_PAD),
        }
    }
}

impl Page {
    fn escapes_any_of(self, text: &str) -> bool {
        text.chars().any(|c| self.escape(c).is_some())
    }

    fn write(self, text: String) -> String {
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
            (Self::Markdown, c) if c.is_ascii_punctuation() => {
                let at = MARKDOWN.iter().find(|escape| escape.ends_with(c));
                at.copied()
            }
            _ => None,
        }
    }
}

/// What means something in Markdown, escaped.
const MARKDOWN: [&str; 14] =
    ["\\`", "\\*", "\\_", "\\[", "\\]", "\\<", "\\>", "\\&", "\\|", "\\~", "\\#", "\\:", "\\$", "\\@"];

/// Whether every page writes it as it is.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-.+/=".contains(&byte)
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn percent_encoded(text: &str, stays: impl Fn(u8) -> bool, escape: impl Fn(u8) -> String) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if stays(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&escape(byte));
        }
        encoded
    })
}

/// The inside of the JSON string, no more escaped than must be.
fn json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// The inside of the JSON string, with some characters as the numbers of their UTF-16 units.
fn json_with(text: &str, escaped: impl Fn(char) -> bool, number: impl Fn(u16) -> String) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut written, c| {
        if escaped(c) {
            written.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| number(*unit)));
        } else if c.is_control() || "\"\\".contains(c) {
            written.push_str(&json(c.encode_utf8(&mut [0; 4])));
        } else {
            written.push(c);
        }
        written
    })
}

/// What six-bit groups lie wholly within the secret when it stands `after` bytes behind the beginning of a group of three.
fn part_of_base64(secret: &str, after: u8, engine: &impl Engine) -> String {
    let after = usize::from(after);
    let text = engine.encode([vec![0; after].as_slice(), secret.as_bytes()].concat());
    let (begin, end) = ((after * 8).div_ceil(6), (after + secret.len()) * 8 / 6);
    let part = text.get(begin..end).unwrap_or_default();
    if part.len() < SHORTEST_PART { String::new() } else { part.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_without_anything_to_escape_is_only_encoded() {
        let spellings = of("abc");
        assert_eq!(spellings, ["abc", "YWJj"]);
        assert!(of("f2f8c6c0b7d94bb1").len() < 8, "{:?}", of("f2f8c6c0b7d94bb1"));
    }

    #[test]
    fn every_spelling_can_be_written_again_and_is_another_text() {
        for secret in ["abc", "p\"ss+w/rd", "Canary+one/7Qw&%äß!", "it's <b> & `c`_d\\\n", "f2f8c6c0b7d94bb1", "🙂🙂"]
        {
            let all = all(secret);
            for (at, (spelling, text)) in all.iter().enumerate() {
                assert_eq!(spelling.write(secret), text.as_str());
                assert!(all.iter().skip(at + 1).all(|(_, other)| other != text), "{text} is there twice");
            }
        }
    }

    #[test]
    fn no_page_escapes_what_is_plain() {
        for plain in (0..128).filter(|byte| is_plain(*byte)).map(|byte| char::from(byte).to_string()) {
            assert!(PAGES.into_iter().all(|page| page.write(plain.clone()) == plain), "{plain}");
        }
    }

    #[test]
    fn what_others_write_is_among_the_spellings() {
        let spellings = of("Canary+one/7Qw&%äß'!");
        for other in [
            "Canary+one/7Qw&%\\u00e4\\u00df'!",                   // Python's json
            "Canary+one\\/7Qw&%\\u00e4\\u00df'!",                 // PHP
            "Canary\\u002Bone/7Qw\\u0026%\\u00E4\\u00DF\\u0027!", // .NET
            "Canary+one/7Qw\\u0026%äß\\u0027!",                   // Gson
            "Canary%2Bone%2F7Qw%26%25%C3%A4%C3%9F%27%21",         // RFC 3986
            "Canary%2bone%2f7Qw%26%25%c3%a4%c3%9f%27%21",
            "Canary%2Bone%2F7Qw%26%25%C3%A4%C3%9F'!", // encodeURIComponent
            "Canary+one/7Qw&amp;%äß&#39;!",
            "Canary+one/7Qw&amp;%äß&#x27;!",
            "Canary+one/7Qw&amp;%äß&apos;!",
            "Canary+one/7Qw&amp;%äß'!",
            "Canary+one/7Qw\\&%äß'!", // Markdown
            "Q2FuYXJ5K29uZS83UXcmJcOkw58nIQ==",
        ] {
            assert!(spellings.iter().any(|spelling| spelling == other), "{other} is none of {spellings:#?}");
        }
    }

    #[test]
    fn a_password_is_found_within_basic_credentials_after_any_login() {
        for login in ["a", "ab", "abc", "trader1"] {
            for secret in ["swordfish", "swordfish1", "swordfish12", "p?ssw>rd~12"] {
                for engine in [&STANDARD, &URL_SAFE] {
                    let credentials = engine.encode(format!("{login}:{secret}"));
                    let found = of(secret).into_iter().any(|spelling| credentials.contains(&spelling));
                    assert!(found, "{credentials} of {login}:{secret}");
                }
            }
        }
    }
}
