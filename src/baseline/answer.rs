//! The facts of one answer: the headers that clients use, the shape of the body, and the values that stay the same. Values of a
//! success are the server's data and are not recorded, except booleans and what clients read of a token answer.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    body,
    facts::{SnapshotFacts, join_values},
    redaction::redacted,
};
use crate::results::{RecordedAnswer, RecordedExchange, RecordedRequest};

/// The endpoints of the contract. Successful answers of other calls are data of the deployment.
const CONTRACT: [&str; 4] = ["/auth/token", "/auth/token/refresh", "/external/token/verify", "/methods/errors"];
/// The endpoint of settings. The contract leaves the answer to a successful change open.
const SETTINGS: &str = "/connectors/settings";

/// The facts of an answer, without its status.
pub(super) fn facts(exchange: &RecordedExchange, answer: &RecordedAnswer) -> SnapshotFacts {
    let mut facts = SnapshotFacts::new();
    if answer.status < 300 && path(&exchange.request.url).ends_with(SETTINGS) {
        return facts;
    }
    headers(answer, &mut facts);
    body_facts(exchange, answer, &mut facts);
    token_facts(exchange, &mut facts);
    facts
}

fn headers(answer: &RecordedAnswer, facts: &mut SnapshotFacts) {
    let mut put = |what: &str, value: String| drop(facts.insert(what.to_owned(), value));
    let content_type = joined(answer, "content-type", str::to_owned);
    let (media, parameters) = content_type.split_once(';').unwrap_or((&content_type, ""));
    put("content type", if media.is_empty() { "none".to_owned() } else { media.trim().to_ascii_lowercase() });
    if let Some((_, charset)) = parameters.split_once("charset=") {
        put("charset", charset.trim_matches('"').to_ascii_lowercase());
    }
    for (name, reduced) in [
        ("cache-control", lower as fn(&str) -> String),
        ("pragma", lower),
        ("www-authenticate", scheme),
        ("allow", upper),
    ] {
        let value = joined(answer, name, reduced);
        if !value.is_empty() {
            put(&format!("header {name}"), value);
        }
    }
    let cookies: BTreeSet<String> = named(answer, "set-cookie").map(cookie).collect();
    if !cookies.is_empty() {
        put("header set-cookie", cookies.into_iter().collect::<Vec<_>>().join(", "));
    }
    if let Some(to) = named(answer, "location").next() {
        put("header location", path(to).to_owned());
    }
    if named(answer, "retry-after").next().is_some() {
        put("header retry-after", "present".to_owned());
    }
}

/// The parts of a header that is a list, sorted, since their order means nothing.
fn joined(answer: &RecordedAnswer, name: &str, reduced: impl Fn(&str) -> String) -> String {
    let parts: BTreeSet<String> =
        named(answer, name).flat_map(|value| value.split(',')).map(|part| reduced(part.trim())).collect();
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn named<'a>(answer: &'a RecordedAnswer, name: &str) -> impl Iterator<Item = &'a str> {
    answer.headers.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn lower(part: &str) -> String {
    part.to_ascii_lowercase()
}

fn upper(part: &str) -> String {
    part.to_ascii_uppercase()
}

/// The scheme of a challenge; a part like `error="…"` belongs to the one before it.
fn scheme(part: &str) -> String {
    let word = part.split(' ').next().unwrap_or_default();
    if word.contains('=') { String::new() } else { word.to_owned() }
}

fn cookie(value: &str) -> String {
    value.split('=').next().unwrap_or_default().trim().to_owned()
}

/// A URL without scheme, host, port and query.
pub(super) fn path(url: &str) -> &str {
    let after_host = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => url,
    };
    after_host.split(['?', '#']).next().unwrap_or_default()
}

fn body_facts(exchange: &RecordedExchange, answer: &RecordedAnswer, facts: &mut SnapshotFacts) {
    let (kind, value) = body::kind(&answer.body);
    facts.insert("body".to_owned(), kind.to_owned());
    let ours = CONTRACT.iter().any(|end| path(&exchange.request.url).ends_with(end));
    let refused = answer.status >= 400;
    let Some(value) = value.filter(|_| ours || refused) else { return };
    let shown = |at: &str, value: &Value| shown(at, value, refused, &exchange.request);
    for (at, values) in body::places(&value, &shown) {
        facts.insert(format!("body {at}"), join_values(&values));
    }
    if refused && !matches!(value, Value::Object(_) | Value::Array(_)) {
        facts.insert("body".to_owned(), shown("", &value));
    }
}

fn shown(at: &str, value: &Value, refused: bool, request: &RecordedRequest) -> String {
    let name = at.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_code = ["code", "status", "error"].iter().any(|part| name.contains(part));
    match value {
        Value::Bool(value) => value.to_string(),
        Value::String(text) if refused => format!("text “{}”", redacted(text, request)),
        Value::Number(number) if refused && is_code => format!("{} {number}", body::type_of(value)),
        other => body::type_of(other).to_owned(),
    }
}

fn token_facts(exchange: &RecordedExchange, facts: &mut SnapshotFacts) {
    let Some(reading) = &exchange.judged else { return };
    let values = [
        ("access lifetime", reading.access_lifetime.map(|lifetime| lifetime.to_string())),
        ("refresh lifetime", reading.refresh_lifetime.map(|lifetime| lifetime.to_string())),
        ("refresh token", reading.rotated.map(|other| if other { "another one" } else { "the same one" }.to_owned())),
        ("error code", reading.error_code.clone().map(String::from)),
    ];
    for (what, value) in values {
        facts.extend(value.map(|value| (what.to_owned(), value)));
    }
}
