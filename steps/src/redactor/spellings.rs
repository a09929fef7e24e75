//! The ways one secret can be written: as it goes over the wire, and as a page writes what came over the wire.

use std::borrow::Cow;

mod page;
mod wire;

use page::Page;
pub(crate) use wire::url_encoded;
use wire::{Wire, is_unreserved};

/// One way of writing a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spelling {
    wire: Wire,
    page: Page,
}

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
    PARTS[0],
    PARTS[1],
    PARTS[2],
    PARTS[3],
    PARTS[4],
    PARTS[5],
];

const PARTS: [Wire; 6] = [
    Wire::WithinBase64(0),
    Wire::WithinBase64(1),
    Wire::WithinBase64(2),
    Wire::WithinBase64Url(0),
    Wire::WithinBase64Url(1),
    Wire::WithinBase64Url(2),
];

/// Every way of writing a secret that gives another text, with that text.
fn all(secret: &str) -> Vec<(Spelling, String)> {
    written(secret, &ENCODINGS)
}

/// A spelling to look for.
pub(super) struct Telling {
    pub(super) spelling: Spelling,
    /// What it writes, or the end of it.
    pub(super) end: String,
    /// Bytes of what it writes that stand before this end.
    pub(super) before: usize,
}

/// Characters of a long text in base64 that are written to be looked for. All others are compared only where these stand.
const ENOUGH: usize = 64;

/// As few of them as need be looked for: every other one is among the [`Spelling::longer`] ones of one of these.
pub(super) fn telling(secret: &str) -> Vec<Telling> {
    let in_parts = wire::has_part(secret);
    let alike = wire::is_alike_in_both_alphabets(secret);
    let encodings: &[Wire] = match (in_parts, alike) {
        (true, true) => &[],
        (true, false) => &PARTS,
        (false, _) => &ENCODINGS,
    };
    let whole = |(spelling, end)| Telling { spelling, end, before: 0 };
    let mut telling: Vec<_> = written(secret, encodings).into_iter().map(whole).collect();
    if in_parts && alike {
        telling.extend((0..3).map(|after| {
            let (end, before) = wire::end_of_part_in_base64(secret, after, ENOUGH);
            Telling { spelling: Spelling { wire: Wire::WithinBase64(after), page: Page::AsItIs }, end, before }
        }));
    }
    telling
}

fn written(secret: &str, encodings: &[Wire]) -> Vec<(Spelling, String)> {
    let mut spellings = vec![(PLAIN, secret.to_owned())];
    // Forms escape `~` too.
    let nothing_to_escape = secret.bytes().all(|byte| is_unreserved(byte) && byte != b'~');
    let escapes: &[Wire] = if nothing_to_escape { &[] } else { &ESCAPES };
    for wire in escapes.iter().chain(encodings).copied() {
        push(&mut spellings, Spelling { wire, page: Page::AsItIs }, wire.write(secret));
    }
    for at in 0..spellings.len() {
        let (Spelling { wire, .. }, text) = &spellings[at];
        if wire.is_plain() || page::all_write_as_it_is(text) {
            continue;
        }
        let (wire, text) = (*wire, text.clone());
        for page in Page::that_escape(&text) {
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

impl Spelling {
    /// The secret written like this.
    pub(super) fn write(self, secret: &str) -> Cow<'_, str> {
        if self == PLAIN { Cow::Borrowed(secret) } else { Cow::Owned(self.page.write(self.wire.write(secret))) }
    }

    /// Those that may begin with this one, so that they stand where it stands.
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
                assert!(!spelling.wire.is_plain() || page::all_write_as_it_is(text), "{text} is not plain");
            }
        }
    }

    #[test]
    fn whatever_can_be_written_begins_with_what_is_looked_for_or_is_it() {
        for secret in ["abc", "swordfish", "swordfish1", "p?ssw>rd~12", "Canary+one/7Qw&%äß'!", "a1b2c3d4>?"] {
            let telling = telling(secret);
            for (spelling, text) in all(secret) {
                let tells = |Telling { spelling: looked_for, end, before }: &Telling| {
                    let begin = looked_for.write(secret);
                    let longer = looked_for.longer().any(|longer| longer.write(secret) == text.as_str());
                    begin.get(*before..) == Some(end) && (begin == text || longer && text.starts_with(&*begin))
                };
                assert!(telling.iter().any(tells), "{spelling:?}: {text} of {secret}");
            }
        }
    }

    #[test]
    fn a_token_is_looked_for_in_few_spellings() {
        for token in ["f2f8c6c0-b7d9-4bb1-9a3e-0242ac120002", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"] {
            assert_eq!(telling(token).len(), 4, "{token}");
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
