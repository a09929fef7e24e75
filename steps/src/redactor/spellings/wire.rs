//! How clients and servers write a secret when it goes over the wire.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};

/// How a client or a server writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
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

/// Below this length the inner part of a base64 text is met by chance.
const SHORTEST_PART: usize = 8;

impl Wire {
    /// The secret written like this; nothing where that would be too short to mean anything.
    pub(super) fn write(self, secret: &str) -> String {
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

    /// Whether it writes nothing that any page escapes, whatever the secret.
    pub(super) fn is_plain(self) -> bool {
        matches!(self, Self::Base64 | Self::Base64NoPad | Self::WithinBase64(_))
    }

    /// The ways that begin with what this one writes, if it is only the inner part of a longer text.
    pub(super) fn longer(self) -> &'static [Self] {
        match self {
            Self::WithinBase64(0) | Self::WithinBase64Url(0) => {
                &[Self::Base64, Self::Base64NoPad, Self::Base64Url, Self::Base64UrlNoPad]
            }
            _ => &[],
        }
    }
}

/// Percent-encoding of everything but the unreserved characters of RFC 3986.
pub(crate) fn url_encoded(text: &str) -> String {
    percent_encoded(text, is_unreserved, |byte| format!("%{byte:02X}"))
}

/// The unreserved characters of RFC 3986, which nothing escapes.
pub(super) fn is_unreserved(byte: u8) -> bool {
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
pub(super) fn json(text: &str) -> String {
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

/// Whether the secret is long enough for its inner part in base64 to mean something, wherever it stands.
pub(super) fn has_part(secret: &str) -> bool {
    // Up to two groups are shared with what stands around it.
    secret.len() * 8 / 6 >= SHORTEST_PART + 2
}

/// Whether both alphabets of base64 write the same, wherever the secret stands. They differ in two of their characters, which
/// stand for six bits whose first five are set: in ASCII only the last six bits of these four characters are like that.
pub(super) fn is_alike_in_both_alphabets(secret: &str) -> bool {
    secret.bytes().all(|byte| byte.is_ascii() && !b">?~\x7f".contains(&byte))
}

/// What six-bit groups lie wholly within the secret when it stands `after` bytes behind the beginning of a group of three.
fn part_of_base64(secret: &str, after: u8, engine: &impl Engine) -> String {
    let (text, _) = end_of_part(secret, after, usize::MAX, engine);
    if text.len() < SHORTEST_PART { String::new() } else { text }
}

/// The last characters of the same in the standard alphabet, at least as many as are wanted if there are, and how many
/// characters stand before them.
pub(super) fn end_of_part_in_base64(secret: &str, after: u8, wanted: usize) -> (String, usize) {
    end_of_part(secret, after, wanted, &STANDARD_NO_PAD)
}

fn end_of_part(secret: &str, after: u8, wanted: usize, engine: &impl Engine) -> (String, usize) {
    let after = usize::from(after);
    let (begin, end) = ((after * 8).div_ceil(6), (after + secret.len()) * 8 / 6);
    // Groups of four characters stand for three bytes each; those before the wanted ones need not be written.
    let left_out = end.saturating_sub(wanted) / 4;
    if left_out > 0 {
        let mut text = engine.encode(&secret.as_bytes()[left_out * 3 - after..]);
        text.truncate(end - left_out * 4);
        return (text, left_out * 4 - begin);
    }
    let mut text = engine.encode([&[0; 2][..after], secret.as_bytes()].concat());
    text.truncate(end);
    text.drain(..begin);
    (text, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_part_is_its_end() {
        let secret = "a secret of some length, of which only the end is written";
        for (after, length, wanted) in (0..3).flat_map(|after| (8..secret.len()).map(move |length| (after, length, 16)))
        {
            let secret = &secret[..length];
            let whole = Wire::WithinBase64(after).write(secret);
            let (end, before) = end_of_part_in_base64(secret, after, wanted);
            assert_eq!(whole.get(before..), Some(end.as_str()), "{length} bytes after {after}");
            assert!(
                end.len() >= wanted.min(whole.len()) && end.len() < wanted + 4,
                "{length} bytes after {after}: {end}"
            );
        }
    }

    #[test]
    fn the_alphabets_of_base64_differ_only_where_that_is_expected() {
        for byte in (0..128).map(char::from) {
            for secret in [format!("aaa{byte}aaaaaaaaaaa"), format!("\x7f{byte}\x7f{byte}{byte}aaaaaaaaaa")] {
                let alike = [0, 1, 2].map(|after| {
                    Wire::WithinBase64(after).write(&secret) == Wire::WithinBase64Url(after).write(&secret)
                });
                let expected = is_alike_in_both_alphabets(&secret);
                assert!(!expected || alike == [true; 3], "{byte:?}");
                assert!(expected || alike != [true; 3], "{byte:?}");
            }
        }
    }
}
