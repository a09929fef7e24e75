//! Credentials as servers issue them and people choose them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::draw::Draw;

/// A secret that is valid at the server.
#[derive(Clone)]
pub(super) struct Credential {
    pub(super) text: String,
    pub(super) is_password: bool,
    /// Whether a part of it is ordinary text: words, or a number.
    pub(super) is_ordinary_in_parts: bool,
}

const HEX: &str = "0123456789abcdef";
const DIGITS: &str = "0123456789";
const ALPHANUMERIC: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE64URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const WORDS: [&str; 8] = ["alpha", "bravo", "harbour", "velvet", "sunrise", "meadow", "copper", "lantern"];
const PASSWORDS: [&str; 7] = [
    "Canary+one/7Qw&%äß!",
    "Canary two\"9Zx<'>#?",
    "Sommer2026!Frankfurt",
    "correct-horse-7-battery",
    "P@ssw0rd$For%QA",
    "tr4der;evolution=ok",
    "Zürich & Genève 1291",
];

impl Credential {
    /// The credentials of one server: a few tokens of each form, and two passwords.
    pub(super) fn some(draw: &mut Draw) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for _ in 0..3 {
            all.extend(tokens(draw).into_iter().map(|text| {
                let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
                let is_ordinary_in_parts = is_number || WORDS.iter().any(|word| text.starts_with(word));
                Self { text, is_password: false, is_ordinary_in_parts }
            }));
        }
        let first = draw.below(PASSWORDS.len());
        for password in [PASSWORDS[first], PASSWORDS[(first + 3) % PASSWORDS.len()]] {
            all.extend((0..3).map(|_| Self {
                text: password.to_owned(),
                is_password: true,
                is_ordinary_in_parts: true,
            }));
        }
        all
    }
}

fn tokens(draw: &mut Draw) -> Vec<String> {
    let uuid = [8, 4, 4, 4, 12].map(|length| draw.text(HEX, length)).join("-");
    let payload =
        format!("{{\"sub\":\"trader1\",\"jti\":\"{}\",\"exp\":17950{}}}", draw.text(HEX, 12), draw.text(DIGITS, 5));
    let jwt = [r#"{"alg":"HS256","typ":"JWT"}"#, payload.as_str()].map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
    let words: Vec<&str> = (0..4).map(|_| WORDS[draw.below(WORDS.len())]).collect();
    vec![
        uuid,
        draw.text(HEX, 32),
        draw.text(HEX, 64),
        draw.text(BASE64URL, 43),
        draw.text(ALPHANUMERIC, 24),
        draw.text(ALPHANUMERIC, 16),
        format!("{}==", draw.text(BASE64, 22)),
        format!("{jwt}.{}", draw.text(BASE64URL, 43)),
        format!("tok_live_{}", draw.text(ALPHANUMERIC, 22)),
        format!("{}:{}", draw.text(UPPER, 8), draw.text(UPPER, 12)),
        draw.text(DIGITS, 24),
        format!("{}-{}", words.join("-"), draw.text(DIGITS, 4)),
    ]
}
