//! Records an exchange, masked. Registers the tokens of the answer with the redactor first.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::{body::RawAnswer, trouble::Trouble};
use crate::{
    Masked, Secret, Site,
    journal::{AnswerRecord, ExchangeRecord},
    message::Request,
    redactor::SecretKind,
};

/// Longest body kept in the record, in bytes.
const LONGEST_RECORD: usize = 16 * 1024;

/// When and how an exchange took place.
pub(super) struct Recording {
    pub(super) began: Instant,
    pub(super) took: Duration,
    pub(super) paced: Duration,
    pub(super) race: bool,
}

impl Recording {
    /// The record of what was received; `json` is its body, if it is JSON.
    pub(super) fn masked(
        self,
        site: &Site,
        request: &Request,
        received: &Result<RawAnswer, Trouble>,
        json: Option<&Value>,
    ) -> ExchangeRecord {
        if let Ok((_, headers, body)) = received {
            learn(site, headers, body, json);
        }
        let shown = |headers: &[(String, String)]| -> Vec<(Masked, Masked)> {
            headers.iter().map(|(name, value)| (site.redactor.mask(name), site.redactor.mask(value))).collect()
        };
        ExchangeRecord {
            step: 0,
            sent: self.began,
            took: self.took,
            paced: self.paced,
            race: self.race,
            method: request.method,
            url: site.redactor.mask(&site.target.base_url.join(&request.path)),
            request_headers: shown(&request.headers),
            request_body: request.body.as_ref().map(|body| shown_body(site, &body.bytes)),
            answer: match received {
                Ok((status, headers, body)) => {
                    Ok(AnswerRecord { status: *status, headers: shown(headers), body: shown_body(site, body) })
                }
                Err(trouble) => Err(site.redactor.mask(&trouble.to_string())),
            },
            judged: None,
        }
    }
}

/// Masks before it cuts: a cut within a secret would leave a part that is not recognised.
fn shown_body(site: &Site, body: &[u8]) -> Masked {
    site.redactor.mask(&String::from_utf8_lossy(body)).shortened(LONGEST_RECORD)
}

fn learn(site: &Site, headers: &[(String, String)], body: &[u8], json: Option<&Value>) {
    for (_, value) in headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")) {
        let cookie = value.split(';').next().unwrap_or(value);
        let content = cookie.split_once('=').map_or(cookie, |(_, content)| content);
        site.redactor.suspect(&Secret::new(content), SecretKind::Unknown);
    }
    match json {
        Some(answer) => {
            learn_known_places(site, answer);
            learn_by_name(site, "", answer);
        }
        None => learn_from_text(site, &String::from_utf8_lossy(body)),
    }
}

fn learn_known_places(site: &Site, answer: &Value) {
    let dialect = &site.target.dialect;
    for (place, kind) in
        [(&dialect.access_token, SecretKind::AccessToken), (&dialect.refresh_token, SecretKind::RefreshToken)]
    {
        if let Some(token) = place.find(answer).and_then(Value::as_str) {
            site.redactor.keep(&Secret::new(token), kind);
        }
    }
}

/// A deployment may put a token in a place that no setting names, so every field with the name of a secret counts as one.
fn learn_by_name(site: &Site, name: &str, value: &Value) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| learn_by_name(site, name, value)),
        Value::Array(items) => items.iter().for_each(|item| learn_by_name(site, name, item)),
        Value::String(text) if text.len() >= 8 => {
            if let Some(kind) = kind_by_name(name).or_else(|| is_long_and_random(text).then_some(SecretKind::Unknown)) {
                site.redactor.suspect(&Secret::new(text.as_str()), kind);
            }
        }
        _ => {}
    }
}

fn kind_by_name(name: &str) -> Option<SecretKind> {
    let name = name.to_ascii_lowercase();
    if name.contains("password") {
        Some(SecretKind::Password)
    } else if name.contains("refresh") {
        Some(SecretKind::RefreshToken)
    } else if name.contains("access") {
        Some(SecretKind::AccessToken)
    } else {
        ["token", "secret", "jwt", "session", "cookie"]
            .iter()
            .any(|part| name.contains(part))
            .then_some(SecretKind::Unknown)
    }
}

fn learn_from_text(site: &Site, text: &str) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.~+/=".contains(c);
    for word in text.split(|c| !is_part(c)).filter(|word| is_long_and_random(word)) {
        site.redactor.suspect(&Secret::new(word), SecretKind::Unknown);
    }
}

/// At least 40 characters of a token's alphabet, with digits and both cases.
fn is_long_and_random(text: &str) -> bool {
    text.len() >= 40
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~+/=".contains(&b))
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().any(|b| b.is_ascii_lowercase())
        && text.bytes().any(|b| b.is_ascii_uppercase())
}
