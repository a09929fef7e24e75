//! Reads JSON out of a body that is not written as JSON has to be: after a byte order mark, behind a guard against scripts, with a
//! comment, in UTF-16. Such a body is one mistake of its server, which hides no other.

use serde_json::{Deserializer, Value};

/// What browsers are kept from running a body by.
const GUARDS: [&str; 4] = [")]}',", ")]}'", "while(1);", "for(;;);"];

/// The JSON in a body, and what is wrong with its writing.
pub(crate) fn read(body: &[u8]) -> (Option<Value>, Option<&'static str>) {
    if let Ok(json) = serde_json::from_slice(body) {
        return (Some(json), None);
    }
    let (text, mut flaw) = decode(body);
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
    fn what_is_not_json_is_not_made_json() {
        for body in ["", "<html>{}</html>", "{\"a\":1", "{\"a\":1} {\"b\":2}", "\u{feff}42", "{\"a\":1},", "null // x"]
        {
            assert_eq!(read(body.as_bytes()), (None, None), "{body}");
        }
    }
}
