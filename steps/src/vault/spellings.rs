//! The ways one secret can be written in an answer, a URL or a header.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};

/// The secret plain, as JSON writes it, URL-encoded and in base64, each spelling once.
pub(crate) fn of(secret: &str) -> Vec<String> {
    let quoted = serde_json::Value::from(secret).to_string();
    let mut spellings = vec![
        secret.to_owned(),
        quoted[1..quoted.len() - 1].to_owned(),
        url_encoded(secret),
        percent_encoded(secret, |byte| format!("%{byte:02x}")),
        STANDARD.encode(secret),
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
    ];
    spellings.sort();
    spellings.dedup();
    spellings
}

/// Percent-encoding of everything but the unreserved characters of RFC 3986.
pub(crate) fn url_encoded(text: &str) -> String {
    percent_encoded(text, |byte| format!("%{byte:02X}"))
}

fn percent_encoded(text: &str, escape: impl Fn(u8) -> String) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&escape(byte));
        }
    }
    encoded
}
