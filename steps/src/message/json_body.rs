//! Reads JSON out of a body that is not written as JSON has to be: after a byte order mark, behind a guard against scripts, with a
//! comment, in UTF-16. Such a body is one mistake of its server, which hides no other. Of a very large body only the first values are
//! kept; its text stays whole.

use std::{borrow::Cow, collections::HashSet};

use serde_json::{Deserializer, Value};

/// What browsers are kept from running a body by.
const GUARDS: [&str; 4] = [")]}',", ")]}'", "while(1);", "for(;;);"];

/// Most values of a body that are kept: an answer is kept until its scenario ends, and a value takes many times the memory of its text.
const MOST_VALUES: usize = 3_000;

/// The JSON in a body, and what is wrong with its writing.
pub(crate) fn read(body: &[u8]) -> (Option<Value>, Option<&'static str>) {
    let (mut json, flaw) = parse(body);
    if let Some(json) = json.as_mut().filter(|_| body.len() > MOST_VALUES) {
        keep_first(json, MOST_VALUES);
    }
    (json, flaw)
}

/// Drops what comes after so many values. Returns how many more could be kept.
fn keep_first(value: &mut Value, most: usize) -> usize {
    let mut left = most.saturating_sub(1);
    match value {
        Value::Array(items) => {
            let kept = items.iter_mut().map_while(|item| keep_next(item, &mut left).then_some(())).count();
            items.truncate(kept);
            items.shrink_to_fit();
        }
        Value::Object(fields) => {
            let mut members: Vec<_> =
                fields.iter_mut().map(|(name, value)| (count(value), name.clone(), value)).collect();
            // A long list never hides a token beside it.
            members.sort_by_key(|(values, ..)| *values);
            let is_dropped = |(_, name, value)| (!keep_next(value, &mut left)).then_some(name);
            let dropped: HashSet<String> = members.into_iter().filter_map(is_dropped).collect();
            fields.retain(|name, _| !dropped.contains(name));
        }
        _ => {}
    }
    left
}

fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(count).sum::<usize>() + 1,
        Value::Object(fields) => fields.values().map(count).sum::<usize>() + 1,
        _ => 1,
    }
}

fn keep_next(value: &mut Value, left: &mut usize) -> bool {
    let is_kept = *left > 0;
    if is_kept {
        *left = keep_first(value, *left);
    }
    is_kept
}

fn parse(body: &[u8]) -> (Option<Value>, Option<&'static str>) {
    if let Ok(json) = serde_json::from_slice(body) {
        return (Some(json), None);
    }
    let (text, mut flaw) = decode(body);
    let text = replace_lone_surrogates(&text);
    if let (Cow::Owned(text), None) = (&text, flaw)
        && let Ok(json) = serde_json::from_str(text)
    {
        return (Some(json), None);
    }
    let mut text = text.trim_start();
    if let Some(rest) = GUARDS.iter().find_map(|guard| text.strip_prefix(guard)) {
        flaw = flaw.or(Some("begins with a guard against scripts"));
        text = rest;
    }
    if let Some(rest) = after_comment(text) {
        flaw = flaw.or(Some("begins with a comment"));
        text = rest;
    }
    let mut values = Deserializer::from_str(text).into_iter::<Value>();
    let Some(Ok(json)) = values.next() else { return (None, None) };
    let rest = text[values.byte_offset()..].trim();
    if is_comment(rest) {
        flaw = flaw.or(Some("has a comment after the JSON"));
    } else if !rest.is_empty() {
        return (None, None);
    }
    if json.is_object() || json.is_array() { (Some(json), flaw) } else { (None, None) }
}

fn decode(body: &[u8]) -> (String, Option<&'static str>) {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        (text, Some("is UTF-16 and not UTF-8"))
    };
    match body {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [b'{' | b'[', 0, ..] => utf16(body, u16::from_le_bytes),
        [0, b'{' | b'[', ..] => utf16(body, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            (String::from_utf8_lossy(rest).into_owned(), Some("begins with a byte order mark"))
        }
        _ => (String::from_utf8_lossy(body).into_owned(), None),
    }
}

/// Half of a surrogate pair as an escape is JSON by its grammar (RFC 8259, section 8.2), but no text in Rust. Servers write it where they repeat what
/// they were sent.
fn replace_lone_surrogates(text: &str) -> Cow<'_, str> {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        let length = match (surrogate(escape), escape.get(6..).and_then(surrogate)) {
            (Some(Surrogate::High), Some(Surrogate::Low)) => 12,
            (Some(_), _) => {
                replaced.push_str(before);
                replaced.push(char::REPLACEMENT_CHARACTER);
                rest = &escape[6..];
                continue;
            }
            (None, _) => escape.char_indices().nth(2).map_or(escape.len(), |(end, _)| end),
        };
        replaced.push_str(before);
        replaced.push_str(&escape[..length]);
        rest = &escape[length..];
    }
    if rest.len() == text.len() { Cow::Borrowed(text) } else { Cow::Owned(replaced + rest) }
}

enum Surrogate {
    High,
    Low,
}

/// Which half of a surrogate pair a text begins with, written as an escape.
fn surrogate(text: &str) -> Option<Surrogate> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some(Surrogate::High),
        0xdc00..=0xdfff => Some(Surrogate::Low),
        _ => None,
    }
}

fn after_comment(text: &str) -> Option<&str> {
    let rest = match text.strip_prefix("/*") {
        Some(comment) => comment.split_once("*/")?.1,
        None => text.strip_prefix("//")?.split_once('\n')?.1,
    };
    Some(rest.trim_start())
}

fn is_comment(rest: &str) -> bool {
    ["//", "/*", "<!--", "#"].iter().any(|mark| rest.starts_with(mark))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn json_is_read_out_of_a_body_that_is_not_written_as_json() {
        let object = r#"{"accessToken":"ä"}"#;
        for (body, flaw) in [
            (format!("\u{feff}{object}").into_bytes(), "begins with a byte order mark"),
            (format!(")]}}',\n{object}").into_bytes(), "begins with a guard against scripts"),
            (format!("while(1);{object}").into_bytes(), "begins with a guard against scripts"),
            (format!("/* node 3 */ {object}").into_bytes(), "begins with a comment"),
            (format!("{object}\n<!-- 3 ms -->").into_bytes(), "has a comment after the JSON"),
            (format!("{object} // node 3").into_bytes(), "has a comment after the JSON"),
            (utf16(object), "is UTF-16 and not UTF-8"),
            (utf16(&format!("\u{feff}{object}")), "is UTF-16 and not UTF-8"),
        ] {
            assert_eq!(read(&body), (Some(json!({ "accessToken": "ä" })), Some(flaw)));
        }
        assert_eq!(read(object.as_bytes()).1, None);
    }

    #[test]
    fn half_of_a_surrogate_pair_as_an_escape_is_json() {
        for (body, text) in [
            (r#"{"login":"a\ud800b"}"#, "a\u{fffd}b"),
            (r#"{"login":"\uDFFF"}"#, "\u{fffd}"),
            (r#"{"login":"\ud83d\ude00\ud83d"}"#, "\u{1f600}\u{fffd}"),
            (r#"{"login":"\\ud800\ud800"}"#, "\\ud800\u{fffd}"),
        ] {
            assert_eq!(read(body.as_bytes()), (Some(json!({ "login": text })), None));
        }
    }

    #[test]
    fn of_a_large_body_the_first_values_are_kept() {
        let row = json!({ "name": "x", "roles": [1, 2, 3] });
        let rows = json!({ "rows": vec![row.clone(); 50_000], "session": { "token": "x" } });
        let (kept, _) = read(rows.to_string().as_bytes());
        let kept = kept.unwrap_or_default();
        assert_eq!(kept["rows"][0], row);
        assert_eq!(kept["rows"].as_array().map(Vec::len), Some(MOST_VALUES / 6));
        assert_eq!(kept["session"]["token"], "x");
        let small = json!({ "rows": vec![row; 400] });
        assert_eq!(read(small.to_string().as_bytes()).0, Some(small));
    }

    #[test]
    fn what_is_not_json_is_not_made_json() {
        for body in ["", "<html>{}</html>", "{\"a\":1", "{\"a\":1} {\"b\":2}", "\u{feff}42", "{\"a\":1},", "null // x"]
        {
            assert_eq!(read(body.as_bytes()), (None, None), "{body}");
        }
    }
}
