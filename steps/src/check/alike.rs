//! Whether refusals are distinguishable. The refusal in question is compared with one before and one after it; what differs
//! between those two, such as a time or a request number, does not count.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{Mismatch, message::Answer};

/// Compares the middle one of three answers with the outer two.
///
/// # Errors
/// Names the place that differs.
pub(crate) fn indistinguishable(answers: [&Answer; 3], named: &[String]) -> Result<(), Mismatch> {
    let [first, subject, last] = answers.map(|answer| traits(answer, named));
    let unstable: BTreeSet<&String> =
        first.keys().chain(last.keys()).filter(|place| first.get(*place) != last.get(*place)).collect();
    let places = first.keys().chain(subject.keys()).filter(|place| !unstable.contains(place));
    for place in places {
        if first.get(place) != subject.get(place) {
            let (there, here) = (shown(first.get(place)), shown(subject.get(place)));
            return Err(Mismatch::new(
                "refusals that cannot be distinguished",
                format!("{place} is {here} in one case and {there} in the other"),
            )
            .at(answers[1].exchange));
        }
    }
    Ok(())
}

fn shown(value: Option<&String>) -> String {
    value.map_or_else(|| "missing".to_owned(), |value| format!("`{value}`"))
}

/// Status and every leaf of the body, by place. Names from the request do not count.
fn traits(answer: &Answer, named: &[String]) -> BTreeMap<String, String> {
    let mut traits = BTreeMap::from([("the status".to_owned(), answer.status.to_string())]);
    match &answer.json {
        Some(json) => leaves("the body", json, named, &mut traits),
        None => drop(traits.insert("the body".to_owned(), without(&answer.text(), named))),
    }
    traits
}

fn leaves(place: &str, value: &Value, named: &[String], traits: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                leaves(&format!("{place}/{name}"), value, named, traits);
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

fn without(text: &str, named: &[String]) -> String {
    named.iter().filter(|name| !name.is_empty()).fold(text.to_owned(), |text, name| text.replace(name, "…"))
}
