//! Registers the secrets of an answer with the redactor: the tokens in their places, and values under the names of secrets, whether
//! the body is JSON, nearly JSON, a form, XML or a page.

use serde_json::Value;

use crate::{Secret, Site, redactor::SecretKind};

/// Most values of one answer that are learned by their names; an answer with more is not judged.
pub(super) const MOST_SECRETS: usize = 1000;
/// Characters of the shortest value that is learned by its name.
const SHORTEST: usize = 8;
/// Most bytes of a body other than JSON in which names are searched for: more than is recorded.
const MOST_TEXT: usize = 64 * 1024;

/// Learns the secrets of headers and body; `json` is the body, if it is JSON.
pub(super) fn learn(site: &Site, headers: &[(String, String)], body: &[u8], json: Option<&Value>) {
    for (name, value) in headers {
        learn_header(site, name, value);
    }
    match json {
        Some(answer) => {
            learn_known_places(site, answer);
            learn_by_name(site, answer);
        }
        None => learn_from_text(site, &String::from_utf8_lossy(&body[..body.len().min(MOST_TEXT)]).replace('\0', "")),
    }
}

/// Whether the answer has more values under the names of secrets than are learned.
pub(super) fn exceeds_budget(answer: &Value) -> bool {
    named_values(answer).nth(MOST_SECRETS).is_some()
}

fn learn_header(site: &Site, name: &str, value: &str) {
    if name.eq_ignore_ascii_case("set-cookie") {
        let cookie = value.split(';').next().unwrap_or(value);
        learn_value(site, SecretKind::Unknown, cookie.split_once('=').map_or(cookie, |(_, content)| content));
    } else if is_credential_header(name) {
        // A scheme such as `Bearer` is public.
        value.split([' ', ',', ';', '"']).for_each(|part| learn_value(site, SecretKind::Unknown, part));
    }
}

fn is_credential_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("authorization")
        || name.contains("auth-")
        || name.contains("api-key")
        || kind_by_name(&name).is_some()
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
fn learn_by_name(site: &Site, answer: &Value) {
    named_values(answer).take(MOST_SECRETS).for_each(|(kind, text)| learn_value(site, kind, text));
}

/// The texts of members with the name of a secret, those in lists and objects below them included.
fn named_values(answer: &Value) -> impl Iterator<Item = (SecretKind, &str)> {
    let mut open = vec![(None, answer)];
    std::iter::from_fn(move || {
        while let Some((kind, value)) = open.pop() {
            match value {
                Value::Object(fields) => {
                    open.extend(fields.iter().map(|(name, value)| (kind_by_name(name).or(kind), value)));
                }
                Value::Array(items) => open.extend(items.iter().map(|item| (kind, item))),
                Value::String(text) if text.len() >= SHORTEST => {
                    if let Some(kind) = kind {
                        return Some((kind, text.as_str()));
                    }
                }
                _ => {}
            }
        }
        None
    })
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

/// Values after the name of a secret: `"accessToken": "…"`, `access_token=…`, `<accessToken>…`.
fn learn_from_text(site: &Site, text: &str) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let joins = |c: char| " \t\r\n\\\"'".contains(c);
    let mut rest = text;
    for _ in 0..MOST_SECRETS {
        let Some((kind, after)) = next_name(rest, is_name) else { return };
        let value = after.trim_start_matches(joins);
        if let Some(value) = value.strip_prefix([':', '=', '>']) {
            let value = value.trim_start_matches(joins);
            let end = value.find(|c: char| c.is_whitespace() || "\"'<>&,;)}]".contains(c)).unwrap_or(value.len());
            learn_value(site, kind, &value[..end]);
        }
        rest = after;
    }
}

/// The next name of a secret, and what follows it.
fn next_name(text: &str, is_name: impl Fn(char) -> bool) -> Option<(SecretKind, &str)> {
    let mut rest = text;
    while let Some(begin) = rest.find(&is_name) {
        let from = &rest[begin..];
        let end = from.find(|c| !is_name(c)).unwrap_or(from.len());
        let (name, after) = from.split_at(end);
        if let Some(kind) = kind_by_name(name) {
            return Some((kind, after));
        }
        rest = after;
    }
    None
}

/// A word under the name of a secret is a kind or a level, such as `Bearer` or `FullTrading`, and masking it would garble reports.
fn learn_value(site: &Site, kind: SecretKind, value: &str) {
    let is_word = value.len() < 32 && value.bytes().all(|byte| byte.is_ascii_alphabetic() || b"-_. ".contains(&byte));
    if value.len() >= SHORTEST && !(is_word && crate::redactor::is_ordinary(value)) {
        site.redactor.suspect(&Secret::new(value), kind);
    }
}
