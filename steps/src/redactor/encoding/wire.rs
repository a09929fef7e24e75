//! The encodings that clients and servers use on the wire.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};

/// An encoding on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WireEncoding {
    Plain,
    /// In a JSON string with the fewest escapes.
    Json,
    /// In a JSON string of ASCII only, hexadecimal digits in lower case.
    JsonAscii,
    /// The same with slashes escaped, as PHP does.
    JsonSlashes,
    /// In a JSON string that is safe in HTML, as .NET writes it: upper case.
    JsonCautious,
    /// In a JSON string that is safe in HTML, as Gson writes it: lower case.
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

/// Characters of the shortest inner part of a base64 text that does not match by chance.
const SHORTEST_PART: usize = 8;

impl WireEncoding {
    /// The secret in this encoding; empty where the text would be too short to prove anything.
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
            Self::Url => percent_encode(secret),
            Self::UrlLowerCase => percent_encode_with(secret, is_unreserved, |byte| format!("%{byte:02x}")),
            Self::UrlComponent => percent_encode_with(
                secret,
                |byte| is_unreserved(byte) || b"!*'()".contains(&byte),
                |byte| format!("%{byte:02X}"),
            ),
            Self::Form => percent_encode_with(
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

    /// Whether no output escapes what it writes, for any secret.
    pub(super) fn is_plain(self) -> bool {
        matches!(self, Self::Base64 | Self::Base64NoPad | Self::WithinBase64(_))
    }

    /// The encodings whose text begins with the text of this one, if this is only the inner part of a longer text.
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
#[must_use]
pub fn percent_encode(text: &str) -> String {
    percent_encode_with(text, is_unreserved, |byte| format!("%{byte:02X}"))
}

/// The unreserved characters of RFC 3986, which no encoding escapes.
pub(super) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn percent_encode_with(text: &str, stays: impl Fn(u8) -> bool, escape: impl Fn(u8) -> String) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if stays(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&escape(byte));
        }
        encoded
    })
}

/// The inside of the JSON string with the fewest escapes.
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

/// Whether the secret is long enough for its inner part in base64 to prove something, at any offset.
pub(super) fn has_part(secret: &str) -> bool {
    // Up to two groups are shared with the text around it.
    secret.len() * 8 / 6 >= SHORTEST_PART + 2
}

/// Whether both alphabets of base64 give the same text, at any offset. They differ in two characters, which
/// encode six bits whose first five are set: in ASCII only the last six bits of these four characters are like that.
pub(super) fn is_alike_in_both_alphabets(secret: &str) -> bool {
    secret.bytes().all(|byte| byte.is_ascii() && !b">?~\x7f".contains(&byte))
}

/// The six-bit groups that lie wholly within the secret, when it begins `after` bytes into a group of three.
fn part_of_base64(secret: &str, after: u8, engine: &impl Engine) -> String {
    let (text, _) = end_of_part(secret, after, usize::MAX, engine);
    if text.len() < SHORTEST_PART { String::new() } else { text }
}

/// The last characters of the same in the standard alphabet, at least `wanted` if it has so many, and the number of characters
/// before them.
pub(super) fn end_of_part_in_base64(secret: &str, after: u8, wanted: usize) -> (String, usize) {
    end_of_part(secret, after, wanted, &STANDARD_NO_PAD)
}

fn end_of_part(secret: &str, after: u8, wanted: usize, engine: &impl Engine) -> (String, usize) {
    let after = usize::from(after);
    let (begin, end) = ((after * 8).div_ceil(6), (after + secret.len()) * 8 / 6);
    // Four characters encode three bytes; those before the wanted ones are left out.
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
    fn the_end_of_a_part_is_the_end_of_its_text() {
        let secret = "a secret of some length, of which only the end is written";
        for (after, length, wanted) in (0..3).flat_map(|after| (8..secret.len()).map(move |length| (after, length, 16)))
        {
            let secret = &secret[..length];
            let whole = WireEncoding::WithinBase64(after).write(secret);
            let (end, before) = end_of_part_in_base64(secret, after, wanted);
            assert_eq!(whole.get(before..), Some(end.as_str()), "{length} bytes after {after}");
            assert!(
                end.len() >= wanted.min(whole.len()) && end.len() < wanted + 4,
                "{length} bytes after {after}: {end}"
            );
        }
    }

    #[test]
    fn the_alphabets_of_base64_differ_only_for_the_expected_characters() {
        for byte in (0..128).map(char::from) {
            for secret in [format!("aaa{byte}aaaaaaaaaaa"), format!("\x7f{byte}\x7f{byte}{byte}aaaaaaaaaa")] {
                let alike = [0, 1, 2].map(|after| {
                    WireEncoding::WithinBase64(after).write(&secret)
                        == WireEncoding::WithinBase64Url(after).write(&secret)
                });
                let expected = is_alike_in_both_alphabets(&secret);
                assert!(!expected || alike == [true; 3], "{byte:?}");
                assert!(expected || alike != [true; 3], "{byte:?}");
            }
        }
    }
}
