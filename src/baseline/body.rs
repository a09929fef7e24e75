//! The shape of a JSON body: the types by pointer; lists by the shape of their elements.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Renders a value at a pointer; the caller decides what of it is kept.
pub(super) type ShownBody<'a> = &'a dyn Fn(&str, &Value) -> String;

/// The kind of a body, and its value if it is JSON.
pub(super) fn kind(body: &str) -> (&'static str, Option<Value>) {
    if body.trim().is_empty() {
        return ("empty", None);
    }
    match serde_json::from_str::<Value>(body) {
        Ok(value) => (type_of(&value), Some(value)),
        Err(_) => ("no JSON", None),
    }
}

/// The values by JSON pointer, with `*` for the elements of a list.
pub(super) fn places(value: &Value, shown: ShownBody<'_>) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    collect(value, "", shown, &mut found);
    found
}

fn collect(value: &Value, at: &str, shown: ShownBody<'_>, found: &mut BTreeMap<String, BTreeSet<String>>) {
    if !at.is_empty() {
        found.entry(at.to_owned()).or_default().insert(shown(at, value));
    }
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| collect(value, &format!("{at}/{name}"), shown, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, &format!("{at}/*"), shown, found)),
        _ => {}
    }
}

/// The type in a word. Whether a number is whole matters to clients that read it as one.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number with a fraction",
        Value::Number(_) => "whole number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_are_shown_by_the_shape_of_their_elements() {
        let found =
            places(&json!({"a": [{"b": 1}, {"b": "x", "c": null}], "d": 1.5}), &|_, value| type_of(value).to_owned());
        let shapes: Vec<String> = found.iter().map(|(at, types)| format!("{at} {types:?}")).collect();
        assert_eq!(
            shapes,
            [
                "/a {\"list\"}",
                "/a/* {\"object\"}",
                "/a/*/b {\"text\", \"whole number\"}",
                "/a/*/c {\"null\"}",
                "/d {\"number with a fraction\"}"
            ]
        );
    }
}
