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

/// Which ways of writing are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All, so that each can be replaced whole.
    All,
    /// Those without which one would not be found: a text in base64 contains its own inner part.
    ToFind,
}

/// Every way of writing a secret that gives another text, with that text.
pub(super) fn all(secret: &str, wanted: Wanted) -> Vec<(Spelling, String)> {
    let mut spellings = vec![(PLAIN, secret.to_owned())];
    // Forms escape `~` too.
    let nothing_to_escape = secret.bytes().all(|byte| is_unreserved(byte) && byte != b'~');
    let escapes: &[Wire] = if nothing_to_escape { &[] } else { &ESCAPES };
    let encodings = if wanted == Wanted::ToFind && wire::has_part(secret) { &PARTS } else { &ENCODINGS[..] };
    for wire in escapes.iter().chain(encodings).copied() {
        push(&mut spellings, Spelling { wire, page: Page::AsItIs }, wire.write(secret));
    }
    for at in 0..spellings.len() {
        if page::all_write_as_it_is(&spellings[at].1) {
            continue;
        }
        let (Spelling { wire, .. }, text) = spellings[at].clone();
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
    all(secret, Wanted::All).into_iter().map(|(_, text)| text).collect()
}

impl Spelling {
    /// The secret written like this.
    pub(super) fn write(self, secret: &str) -> Cow<'_, str> {
        if self == PLAIN { Cow::Borrowed(secret) } else { Cow::Owned(self.page.write(self.wire.write(secret))) }
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
            let all = all(secret, Wanted::All);
            for (at, (spelling, text)) in all.iter().enumerate() {
                assert_eq!(spelling.write(secret), text.as_str());
                assert!(all.iter().skip(at + 1).all(|(_, other)| other != text), "{text} is there twice");
            }
        }
    }

    #[test]
    fn whatever_can_be_written_contains_what_is_searched_for() {
        for secret in ["abc", "swordfish", "swordfish1", "p?ssw>rd~12", "Canary+one/7Qw&%äß'!"] {
            let searched = all(secret, Wanted::ToFind);
            for spelling in of(secret) {
                assert!(searched.iter().any(|(_, text)| spelling.contains(text.as_str())), "{spelling} of {secret}");
            }
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
