//! Removes from recorded texts what changes with every answer: tokens, times, ids, counters, addresses, and values that the
//! server repeats from the request.

use std::sync::LazyLock;

use regex::Regex;

use crate::results::RecordedRequest;

/// Longest text that is kept, in characters; what a client shows or looks up is shorter.
const LONGEST: usize = 200;
/// Shortest word that could be something of the request's own.
const SHORTEST_WORD: usize = 4;

/// Patterns in order of precedence, each with its replacement.
static PATTERNS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    [
        ("‹([a-z][a-z -]*) #[0-9]+›", "‹$1›"),
        (r"https?://[!-;=?-~]+", "‹address›"),
        (
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?",
            "‹time›",
        ),
        (r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}", "‹id›"),
        (r"[0-9A-Fa-f]*[0-9][0-9A-Fa-f]{7,}[0-9A-Fa-f]*", "‹id›"),
        (r"[0-9]{4,}", "‹number›"),
    ]
    .into_iter()
    .filter_map(|(pattern, instead)| Some((Regex::new(pattern).ok()?, instead)))
    .collect()
});

/// The text without what changes.
pub(super) fn redacted(text: &str, request: &RecordedRequest) -> String {
    let mut text = without_the_sent(text, request);
    for (pattern, instead) in PATTERNS.iter() {
        text = pattern.replace_all(&text, *instead).into_owned();
    }
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text,
    }
}

/// The text without words that the request has sent.
fn without_the_sent(text: &str, request: &RecordedRequest) -> String {
    let sent = sent(request);
    let mut kept = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| !is_part(c)) {
        let bare = word.trim_end_matches(|c: char| !is_part(c));
        let rest = &word[bare.len()..];
        let repeated = bare.chars().count() >= SHORTEST_WORD && sent.iter().any(|value| value == bare);
        kept.push_str(if repeated { "‹sent›" } else { bare });
        kept.push_str(rest);
    }
    kept
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || "-_@.".contains(c)
}

/// The values of a request's JSON body and of its query.
fn sent(request: &RecordedRequest) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(body) = request.body.as_deref().and_then(|body| serde_json::from_str(body).ok()) {
        texts(&body, &mut found);
    }
    let query = request.url.split_once('?').map_or("", |(_, query)| query);
    found.extend(query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value.to_owned()));
    found
}

fn texts(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        serde_json::Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        serde_json::Value::String(text) => found.push(text.clone()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let body = Some("{\"login\":\"nobody-x7\",\"password\":\"‹password #3›\"}".into());
        let url = "http://127.0.0.1:4711/auth/token?errorId=1.2.0.11".into();
        redacted(text, &RecordedRequest { method: "POST".to_owned(), url, headers: Vec::new(), body })
    }

    #[test]
    fn changing_parts_are_redacted_and_the_rest_stays() {
        for (text, expected) in [
            ("Login or password is wrong", "Login or password is wrong"),
            ("nobody-x7 is unknown", "‹sent› is unknown"),
            ("got ‹access token #12›", "got ‹access token›"),
            ("at 2026-11-24T08:00:00.123Z", "at ‹time›"),
            ("trace 0f8fad5b-d9cb-469f-a165-70867728950e", "trace ‹id›"),
            ("request 1195238", "request ‹number›"),
            ("see https://bo.example:8443/help?x=1 for more", "see ‹address› for more"),
            ("1.2.0.11", "‹sent›"),
            ("1.2.0.12 in 300 s", "1.2.0.12 in 300 s"),
        ] {
            assert_eq!(shown(text), expected);
        }
        assert_eq!(shown(&"ab ".repeat(100)).chars().count(), LONGEST + 2);
    }
}
