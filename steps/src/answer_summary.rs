//! The summary of an answer: what a client reads from it, such as lifetimes and error code, and the form of its tokens without
//! their characters. Made from the unmasked answer, kept in the journal beside the masked one.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Masked, Redactor,
    message::{Answer, Call},
    target::{Dialect, LifetimeUnit, Pointer},
};

/// What a client reads from one answer; `None` for what the answer does not have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerSummary {
    /// The form of its access token.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub access_token: Option<TokenForm>,
    /// The form of its refresh token.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refresh_token: Option<TokenForm>,
    /// The lifetime of the access token in seconds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub access_lifetime: Option<f64>,
    /// The lifetime of the refresh token in seconds.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub refresh_lifetime: Option<f64>,
    /// After a refresh: whether the new refresh token differs from the presented one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rotated: Option<bool>,
    /// The error code, if it is a dotted one or the dialect names its place.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error_code: Option<Masked>,
}

/// The form of a token, which does not identify it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenForm {
    /// Number of parts joined by dots.
    pub parts: usize,
    /// Characters in all.
    pub characters: usize,
    /// The smallest alphabet that contains all of them.
    pub alphabet: TextAlphabet,
}

/// The characters a token is made of, from the smallest set to the largest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextAlphabet {
    /// Hexadecimal digits of one case, and hyphens as in a UUID.
    Hexadecimal,
    /// Letters, digits, `-` and `_`.
    Base64url,
    /// What a header may carry after `Bearer` (RFC 6750, section 2.1): also `.`, `~`, `+`, `/` and `=`.
    Bearer,
    /// Visible characters that no bearer token may have.
    Visible,
    /// Blanks, control characters or anything beyond ASCII, which no header carries.
    Other,
}

impl AnswerSummary {
    pub(crate) fn from_answer(answer: &Answer, dialect: &Dialect, redactor: &Redactor) -> Self {
        let Some(json) = &answer.json else { return Self::default() };
        let text = |place: &Pointer| place.find(json).and_then(Value::as_str).filter(|text| !text.is_empty());
        let number = |place: &Pointer| match dialect.lifetime_unit {
            LifetimeUnit::Seconds => place.find(json).and_then(Value::as_f64),
            unit => Some(unit.read(place.find(json)?, answer.header("date"))?.as_secs_f64()),
        };
        Self {
            access_token: text(&dialect.access_token).map(TokenForm::from_token),
            refresh_token: text(&dialect.refresh_token).map(TokenForm::from_token),
            access_lifetime: number(&dialect.access_lifetime),
            refresh_lifetime: number(&dialect.refresh_lifetime),
            rotated: (answer.call == Call::Refresh)
                .then(|| {
                    text(&dialect.refresh_token).map(|token| answer.asked.iter().all(|sent| sent.expose() != token))
                })
                .flatten(),
            error_code: (!answer.is_success())
                .then(|| error_code(json, dialect))
                .flatten()
                .map(|code| redactor.mask(&code)),
        }
    }
}

impl TokenForm {
    fn from_token(token: &str) -> Self {
        // The dots join parts and belong to none.
        let within = token.bytes().filter(|byte| *byte != b'.').map(TextAlphabet::containing).max();
        Self {
            parts: token.split('.').count(),
            characters: token.chars().count(),
            alphabet: within.unwrap_or(TextAlphabet::Bearer),
        }
    }
}

impl TextAlphabet {
    fn containing(byte: u8) -> Self {
        match byte {
            b'0'..=b'9' | b'a'..=b'f' | b'-' => Self::Hexadecimal,
            b'A'..=b'Z' | b'g'..=b'z' | b'_' => Self::Base64url,
            b'~' | b'+' | b'/' | b'=' => Self::Bearer,
            0x21..=0x7e => Self::Visible,
            _ => Self::Other,
        }
    }
}

/// The code of an error: at the place that the dialect names, else the first dotted code like `1.2.0.11`.
pub(crate) fn error_code(json: &Value, dialect: &Dialect) -> Option<String> {
    match &dialect.error_code {
        Some(place) => place.find(json)?.as_str().map(str::to_owned),
        None => find_code(json),
    }
}

fn find_code(value: &Value) -> Option<String> {
    match value {
        Value::Object(fields) => fields.values().find_map(find_code),
        Value::Array(items) => items.iter().find_map(find_code),
        Value::String(text) => is_dotted_code(text).then(|| text.clone()),
        _ => None,
    }
}

fn is_dotted_code(text: &str) -> bool {
    let numbers: Vec<&str> = text.split('.').collect();
    numbers.len() >= 3 && numbers.iter().all(|n| !n.is_empty() && n.len() <= 5 && n.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_dotted_code_is_found_at_any_depth() {
        let error = json!({"error": {"reason": ["x", {"id": "1.2.0.11"}]}});
        assert_eq!(find_code(&error), Some("1.2.0.11".to_owned()));
        assert_eq!(find_code(&json!({"version": "1.2", "host": "10.0.0.host"})), None);
    }

    #[test]
    fn the_form_of_a_token_has_parts_length_and_alphabet() {
        for (token, parts, alphabet) in [
            ("0f8fad5b-d9cb-469f-a165-70867728950e", 1, TextAlphabet::Hexadecimal),
            ("eyItMjI2.4P7Xss_-", 2, TextAlphabet::Base64url),
            ("zzzz+/==", 1, TextAlphabet::Bearer),
            ("a\"b", 1, TextAlphabet::Visible),
            ("abc def", 1, TextAlphabet::Other),
            ("grün", 1, TextAlphabet::Other),
        ] {
            assert_eq!(
                TokenForm::from_token(token),
                TokenForm { parts, characters: token.chars().count(), alphabet },
                "{token}"
            );
        }
    }
}
