//! The encodings of a secret: as clients and servers write it on the wire, and as reports and web pages escape what they quote.

use std::borrow::Cow;

mod output;
mod wire;

use output::OutputEscape;
pub use wire::percent_encode;
use wire::{WireEncoding, is_unreserved};

/// One way to write a secret: an encoding on the wire, then an escape of the output that quotes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Encoding {
    wire: WireEncoding,
    output: OutputEscape,
}

const PLAIN: Encoding = Encoding { wire: WireEncoding::Plain, output: OutputEscape::None };

/// Encodings that differ only in which characters they escape.
const ESCAPES: [WireEncoding; 9] = [
    WireEncoding::Json,
    WireEncoding::JsonAscii,
    WireEncoding::JsonSlashes,
    WireEncoding::JsonCautious,
    WireEncoding::JsonForHtml,
    WireEncoding::Url,
    WireEncoding::UrlLowerCase,
    WireEncoding::UrlComponent,
    WireEncoding::Form,
];

const ENCODINGS: [WireEncoding; 10] = [
    WireEncoding::Base64,
    WireEncoding::Base64NoPad,
    WireEncoding::Base64Url,
    WireEncoding::Base64UrlNoPad,
    PARTS[0],
    PARTS[1],
    PARTS[2],
    PARTS[3],
    PARTS[4],
    PARTS[5],
];

const PARTS: [WireEncoding; 6] = [
    WireEncoding::WithinBase64(0),
    WireEncoding::WithinBase64(1),
    WireEncoding::WithinBase64(2),
    WireEncoding::WithinBase64Url(0),
    WireEncoding::WithinBase64Url(1),
    WireEncoding::WithinBase64Url(2),
];

/// Every encoding of a secret that gives another text, with that text.
fn all(secret: &str) -> Vec<(Encoding, String)> {
    encode(secret, &ENCODINGS)
}

/// An encoded secret to search for.
pub(super) struct SearchKey {
    pub(super) encoding: Encoding,
    /// The encoded text, or the end of it.
    pub(super) end: String,
    /// Bytes of the encoded text before this end.
    pub(super) before: usize,
}

/// Characters of a long base64 text to encode as a key. The others are compared only where these match.
const KEY_LENGTH: usize = 64;

/// As few keys as suffice: every other encoding is among the [`Encoding::longer`] ones of one of these.
pub(super) fn search_keys(secret: &str) -> Vec<SearchKey> {
    let in_parts = wire::has_part(secret);
    let alike = wire::is_alike_in_both_alphabets(secret);
    let encodings: &[WireEncoding] = match (in_parts, alike) {
        (true, true) => &[],
        (true, false) => &PARTS,
        (false, _) => &ENCODINGS,
    };
    let whole = |(encoding, end)| SearchKey { encoding, end, before: 0 };
    let mut keys: Vec<_> = encode(secret, encodings).into_iter().map(whole).collect();
    if in_parts && alike {
        keys.extend((0..3).map(|after| {
            let (end, before) = wire::end_of_part_in_base64(secret, after, KEY_LENGTH);
            SearchKey {
                encoding: Encoding { wire: WireEncoding::WithinBase64(after), output: OutputEscape::None },
                end,
                before,
            }
        }));
    }
    keys
}

fn encode(secret: &str, encodings: &[WireEncoding]) -> Vec<(Encoding, String)> {
    let mut encoded = vec![(PLAIN, secret.to_owned())];
    // Forms escape `~` too.
    let nothing_to_escape = secret.bytes().all(|byte| is_unreserved(byte) && byte != b'~');
    let escapes: &[WireEncoding] = if nothing_to_escape { &[] } else { &ESCAPES };
    for wire in escapes.iter().chain(encodings).copied() {
        push(&mut encoded, Encoding { wire, output: OutputEscape::None }, wire.write(secret));
    }
    for at in 0..encoded.len() {
        let (Encoding { wire, .. }, text) = &encoded[at];
        if wire.is_plain() || output::is_never_escaped(text) {
            continue;
        }
        let (wire, text) = (*wire, text.clone());
        for output in OutputEscape::that_escape(&text) {
            push(&mut encoded, Encoding { wire, output }, output.write(text.clone()));
        }
    }
    encoded
}

fn push(encoded: &mut Vec<(Encoding, String)>, encoding: Encoding, text: String) {
    if !text.is_empty() && encoded.iter().all(|(_, other)| *other != text) {
        encoded.push((encoding, text));
    }
}

/// The secret in every encoding.
pub(crate) fn encodings(secret: &str) -> Vec<String> {
    all(secret).into_iter().map(|(_, text)| text).collect()
}

impl Encoding {
    /// The secret in this encoding.
    pub(super) fn write(self, secret: &str) -> Cow<'_, str> {
        if self == PLAIN { Cow::Borrowed(secret) } else { Cow::Owned(self.output.write(self.wire.write(secret))) }
    }

    /// The encodings whose text may begin with this one, so that they match at the same place.
    pub(super) fn longer(self) -> impl Iterator<Item = Self> {
        self.wire.longer().iter().map(move |wire| Self { wire: *wire, ..self })
    }
}

#[cfg(test)]
mod tests {
    use base64::{
        Engine,
        engine::general_purpose::{STANDARD, URL_SAFE},
    };

    use super::*;

    #[test]
    fn a_secret_without_anything_to_escape_is_only_encoded() {
        let encoded = encodings("abc");
        assert_eq!(encoded, ["abc", "YWJj"]);
        assert!(encodings("f2f8c6c0b7d94bb1").len() < 8, "{:?}", encodings("f2f8c6c0b7d94bb1"));
    }

    #[test]
    fn every_encoding_is_reproducible_and_distinct() {
        for secret in ["abc", "p\"ss+w/rd", "Canary+one/7Qw&%äß!", "it's <b> & `c`_d\\\n", "f2f8c6c0b7d94bb1", "🙂🙂"]
        {
            let all = all(secret);
            for (at, (encoding, text)) in all.iter().enumerate() {
                assert_eq!(encoding.write(secret), text.as_str());
                assert!(all.iter().skip(at + 1).all(|(_, other)| other != text), "{text} is there twice");
                assert!(!encoding.wire.is_plain() || output::is_never_escaped(text), "{text} is not plain");
            }
        }
    }

    #[test]
    fn every_encoded_text_is_matched_by_a_search_key() {
        for secret in ["abc", "swordfish", "swordfish1", "p?ssw>rd~12", "Canary+one/7Qw&%äß'!", "a1b2c3d4>?"] {
            let keys = search_keys(secret);
            for (encoding, text) in all(secret) {
                let matches = |SearchKey { encoding: key, end, before }: &SearchKey| {
                    let begin = key.write(secret);
                    let longer = key.longer().any(|longer| longer.write(secret) == text.as_str());
                    begin.get(*before..) == Some(end) && (begin == text || longer && text.starts_with(&*begin))
                };
                assert!(keys.iter().any(matches), "{encoding:?}: {text} of {secret}");
            }
        }
    }

    #[test]
    fn a_token_has_few_search_keys() {
        for token in ["f2f8c6c0-b7d9-4bb1-9a3e-0242ac120002", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"] {
            assert_eq!(search_keys(token).len(), 4, "{token}");
        }
    }

    #[test]
    fn the_output_of_other_encoders_is_covered() {
        let encoded = encodings("Canary+one/7Qw&%äß'!");
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
            assert!(encoded.iter().any(|encoded| encoded == other), "{other} is none of {encoded:#?}");
        }
    }

    #[test]
    fn a_password_is_found_within_basic_credentials_after_any_login() {
        for login in ["a", "ab", "abc", "trader1"] {
            for secret in ["swordfish", "swordfish1", "swordfish12", "p?ssw>rd~12"] {
                for engine in [&STANDARD, &URL_SAFE] {
                    let credentials = engine.encode(format!("{login}:{secret}"));
                    let found = encodings(secret).into_iter().any(|encoded| credentials.contains(&encoded));
                    assert!(found, "{credentials} of {login}:{secret}");
                }
            }
        }
    }
}
