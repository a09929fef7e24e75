//! What a server does where the contract leaves it open, and the announced lifetimes: learned in the first round, or read from the
//! state of an earlier watch. A difference counts once two rounds in succession show it; what comes and goes, as with unlike nodes,
//! is learned instead.

use std::collections::BTreeMap;

use serde_json::Value;
use steps::OperatorAnswer;

use super::server::header;

/// The most values of one fact that are known.
const MOST_VALUES: usize = 8;

/// Seconds by which a lifetime may be announced short (`floor(expiry - now)`).
const ROUNDING: f64 = 2.0;

/// The longest text of a fact, in characters.
const LONGEST: usize = 300;

/// A fact that differs from the baseline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProfileChange {
    pub(crate) fact: String,
    pub(crate) before: String,
    pub(crate) now: String,
}

/// The known facts, and what differs from them.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServerFacts {
    known: BTreeMap<String, Vec<String>>,
    /// Differences of the last round, and whether they have been reported.
    differing: BTreeMap<String, (String, bool)>,
}

impl ServerFacts {
    pub(crate) fn new(known: BTreeMap<String, Vec<String>>) -> Self {
        Self { known, differing: BTreeMap::new() }
    }

    pub(crate) fn known(&self) -> &BTreeMap<String, Vec<String>> {
        &self.known
    }

    /// How many facts differ from the baseline, as reported.
    pub(crate) fn changed(&self) -> usize {
        self.differing.values().filter(|(_, told)| *told).count()
    }

    /// Compares what a round showed. The change, once it has shown twice.
    pub(crate) fn observe(&mut self, fact: &str, value: &str) -> Option<ProfileChange> {
        let value: String = value.chars().take(LONGEST).collect();
        let Some(known) = self.known.get_mut(fact) else {
            self.known.insert(fact.to_owned(), vec![value]);
            return None;
        };
        if known.iter().any(|known| is_same(known, &value)) {
            if let Some((seen, false)) = self.differing.remove(fact)
                && known.len() < MOST_VALUES
            {
                known.push(seen);
            }
            return None;
        }
        match self.differing.get_mut(fact) {
            Some((seen, told)) if is_same(seen, &value) => {
                let is_news = !std::mem::replace(told, true);
                is_news.then(|| ProfileChange { fact: fact.to_owned(), before: known.join(", or "), now: value })
            }
            _ => {
                self.differing.insert(fact.to_owned(), (value, false));
                None
            }
        }
    }
}

fn is_same(one: &str, other: &str) -> bool {
    let numbers = one
        .strip_suffix(" s")
        .and_then(|one| one.parse::<f64>().ok())
        .zip(other.strip_suffix(" s").and_then(|other| other.parse::<f64>().ok()));
    one == other || numbers.is_some_and(|(one, other)| (one - other).abs() <= ROUNDING)
}

/// What of an answer is the same every time: status, media type, challenge, the names and types of the fields, dotted codes.
pub(super) fn describe_answer(answer: &OperatorAnswer) -> String {
    let mut parts = vec![answer.status.to_string()];
    let media_type = header(answer, "content-type").and_then(|value| value.split(';').next()).map(str::trim);
    parts.extend(media_type.map(str::to_ascii_lowercase));
    let scheme = header(answer, "www-authenticate").and_then(|value| value.split_whitespace().next());
    parts.extend(scheme.map(|scheme| format!("challenge {}", plain(scheme))));
    parts.extend(answer.json.as_ref().map(describe_json));
    parts.join(", ")
}

/// Names and types of the fields, sorted. The values of other fields than codes may be secrets.
fn describe_json(json: &Value) -> String {
    match json {
        Value::Object(fields) => {
            let described = fields.iter().map(|(name, value)| match value.as_str().filter(|text| is_code(text)) {
                Some(code) => format!("{} {code}", plain(name)),
                None => format!("{}: {}", plain(name), type_of(value)),
            });
            let mut described: Vec<String> = described.take(20).collect();
            described.sort();
            format!("{{{}}}", described.join("; "))
        }
        other => type_of(other).to_owned(),
    }
}

/// Whether a text is a dotted code like `1.2.0.11`.
fn is_code(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.len() < 6 && part.bytes().all(|byte| byte.is_ascii_digit());
    text.len() < 24 && text.contains('.') && text.split('.').all(is_number)
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

/// A name that a server chose, if it looks like one.
fn plain(name: &str) -> &str {
    let is_plain = name.len() <= 40 && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if is_plain { name } else { "(odd name)" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_once_when_it_has_shown_twice() {
        let mut facts = ServerFacts::default();
        let told: Vec<bool> =
            ["a", "b", "b", "b", "a", "b", "b"].map(|value| facts.observe("fact", value).is_some()).to_vec();
        assert_eq!(told, [false, false, true, false, false, false, true]);
        assert_eq!(facts.changed(), 1);
    }

    #[test]
    fn what_comes_and_goes_is_learned() {
        let mut facts = ServerFacts::default();
        assert!(["a", "b", "a", "b", "b", "b", "a"].iter().all(|value| facts.observe("node", value).is_none()));
    }

    #[test]
    fn a_lifetime_announced_a_second_short_is_no_change() {
        let mut facts = ServerFacts::default();
        assert!(["300 s", "299 s", "298 s", "300 s"].iter().all(|value| facts.observe("life", value).is_none()));
        assert_eq!(
            [facts.observe("life", "30 s"), facts.observe("life", "29 s")].map(|it| it.is_some()),
            [false, true]
        );
    }
}
