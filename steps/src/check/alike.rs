//! The traits of an answer by which refusals could be distinguished.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use serde_json::Value;

use crate::message::Answer;

/// Most values of an answer that are compared one by one. The text of a longer answer is compared as a whole.
const MOST_LEAVES: usize = 2_000;
/// Most characters of a value or a name that a message or a place shows.
const LONGEST: usize = 120;
/// The place of the status.
pub(super) const STATUS: &str = "the status";

pub(super) fn shown(value: Option<&String>) -> String {
    value.map_or_else(|| "missing".to_owned(), |value| format!("`{}`", bounded(value)))
}

/// Status and every leaf of the body, by place. Names from the request do not count.
pub(super) fn traits(answer: &Answer, named: &[String]) -> BTreeMap<String, String> {
    let mut traits = BTreeMap::from([(STATUS.to_owned(), answer.status.to_string())]);
    match &answer.json {
        Some(json) if count(json, MOST_LEAVES) <= MOST_LEAVES => leaves("the body", json, named, &mut traits),
        _ => drop(traits.insert("the body".to_owned(), without(&answer.text(), named))),
    }
    traits
}

fn leaves(place: &str, value: &Value, named: &[String], traits: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                leaves(&format!("{place}/{}", bounded(name)), value, named, traits);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                leaves(&format!("{place}/{at}"), item, named, traits);
            }
        }
        Value::String(text) => drop(traits.insert(place.to_owned(), without(text, named))),
        other => drop(traits.insert(place.to_owned(), other.to_string())),
    }
}

/// Values of a body, counted no further than just above `most`.
fn count(value: &Value, most: usize) -> usize {
    let below = |counted: usize, value: &Value| if counted > most { counted } else { counted + count(value, most) };
    match value {
        Value::Object(fields) => fields.values().fold(0, below),
        Value::Array(items) => items.iter().fold(0, below),
        _ => 1,
    }
}

/// The text, or the beginning of a long one with a digest that distinguishes it from others: copying a long name for each value
/// below it takes memory without end.
fn bounded(text: &str) -> Cow<'_, str> {
    if text.len() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    Cow::Owned(format!("{}… ({:x})", &text[..text.floor_char_boundary(LONGEST)], hasher.finish()))
}

fn without(text: &str, named: &[String]) -> String {
    named.iter().filter(|name| !name.is_empty()).fold(text.to_owned(), |text, name| text.replace(name, "…"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_long_key_over_many_values_is_compared_in_bounded_memory() {
        for values in [2_000, 200_000] {
            let json = json!({ "k".repeat(500_000): vec![0; values] });
            let mut traits = BTreeMap::new();
            if count(&json, MOST_LEAVES) <= MOST_LEAVES {
                leaves("the body", &json, &[], &mut traits);
            }
            let bytes: usize = traits.iter().map(|(place, value)| place.len() + value.len()).sum();
            assert!(bytes < 2_000_000, "{bytes} bytes");
        }
    }

    #[test]
    fn long_names_and_values_stay_distinct() {
        let long = |last: char| format!("{}{last}", "n".repeat(1_000));
        assert_ne!(bounded(&long('a')), bounded(&long('b')));
    }
}
