//! Suggests dialect settings for tokens and lifetimes that a token answer carries under other names. A place is suggested only
//! if its name fits and no other place does: a wrong guess would judge the server by an unrelated field.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::target::Dialect;

/// How deep an answer is searched, and how many fields of it.
const DEEPEST: usize = 6;
const MOST_FIELDS: usize = 200;
/// Characters of the shortest text that may be a token.
const SHORTEST_TOKEN: usize = 16;
/// Ten years in seconds; a larger number is a point in time or no time at all.
const LONGEST_LIFETIME: f64 = 315_360_000.0;
/// Parts of names of lifetimes, in lower case.
const LIFETIME_NAMES: [&str; 6] = ["life", "expir", "ttl", "valid", "timeout", "duration"];

/// Settings of the dialect for places that were found, in the order of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DialectSuggestion(pub Vec<(&'static str, String)>);

/// As lines of TOML.
impl fmt::Display for DialectSuggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (key, place)) in self.0.iter().enumerate() {
            let end = if position + 1 < self.0.len() { "\n" } else { "" };
            // A string of JSON is one of TOML.
            write!(f, "{key} = {}{end}", Value::from(place.as_str()))?;
        }
        Ok(())
    }
}

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FieldKind {
    AccessToken,
    RefreshToken,
    AccessLifetime,
    RefreshLifetime,
}

/// Suggests places for what the answer does not have where the dialect expects it.
pub(super) fn suggest(answer: &Value, dialect: &Dialect) -> Option<DialectSuggestion> {
    let mut fields = Vec::new();
    collect(answer, String::new(), DEEPEST, &mut fields);
    let settings = [
        ("access_token", &dialect.access_token, FieldKind::AccessToken),
        ("refresh_token", &dialect.refresh_token, FieldKind::RefreshToken),
        ("access_lifetime", &dialect.access_lifetime, FieldKind::AccessLifetime),
        ("refresh_lifetime", &dialect.refresh_lifetime, FieldKind::RefreshLifetime),
    ];
    let taken: Vec<String> = settings.iter().map(|(_, place, _)| place.to_string()).collect();
    fields.retain(|(place, _)| !taken.contains(place));
    let found = |(key, place, what): (&'static str, &crate::target::Pointer, FieldKind)| {
        let missing = place.find(answer).is_none();
        let place = missing.then(|| only(&fields, what)).flatten()?;
        Some((key, place.to_owned()))
    };
    let suggested: Vec<_> = settings.into_iter().filter_map(found).collect();
    (!suggested.is_empty()).then_some(DialectSuggestion(suggested))
}

/// The only field of this kind.
fn only<'a>(fields: &'a [(String, &Value)], what: FieldKind) -> Option<&'a str> {
    let mut places = fields.iter().filter(|(place, value)| kind(place, value) == Some(what));
    let (place, _) = places.next()?;
    places.next().is_none().then_some(place)
}

/// Every text and number with its place.
fn collect<'a>(value: &'a Value, place: String, deeper: usize, fields: &mut Vec<(String, &'a Value)>) {
    match value {
        _ if fields.len() >= MOST_FIELDS => {}
        Value::Object(inner) if deeper > 0 => {
            for (name, value) in inner {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(value, format!("{place}/{name}"), deeper - 1, fields);
            }
        }
        Value::Array(items) if deeper > 0 => {
            for (position, value) in items.iter().enumerate() {
                collect(value, format!("{place}/{position}"), deeper - 1, fields);
            }
        }
        Value::String(_) | Value::Number(_) => fields.push((place, value)),
        _ => {}
    }
}

fn kind(place: &str, value: &Value) -> Option<FieldKind> {
    let place = place.to_ascii_lowercase();
    let last = place.rsplit('/').next().unwrap_or_default();
    match value {
        Value::String(text) if is_token(text) => token_kind(last).or_else(|| token_kind(&place)),
        Value::Number(number) if is_lifetime(last, number.as_f64()) => {
            Some(if place.contains("refresh") { FieldKind::RefreshLifetime } else { FieldKind::AccessLifetime })
        }
        _ => None,
    }
}

fn is_token(text: &str) -> bool {
    text.len() >= SHORTEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn token_kind(name: &str) -> Option<FieldKind> {
    if name.contains("refresh") {
        Some(FieldKind::RefreshToken)
    } else if ["access", "bearer", "jwt"].iter().any(|part| name.contains(part)) || name == "token" {
        Some(FieldKind::AccessToken)
    } else {
        None
    }
}

fn is_lifetime(name: &str, seconds: Option<f64>) -> bool {
    let fits = seconds.is_some_and(|seconds| seconds > 0.0 && seconds < LONGEST_LIFETIME);
    fits && LIFETIME_NAMES.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ONE: &str = "eyItMjI2.AIAAA-4P7Xss";
    const TWO: &str = "QmFzZTY0.dXJs_4P7Xss";

    fn suggested(answer: &Value) -> String {
        suggest(answer, &Dialect::default()).map(|suggestion| suggestion.to_string()).unwrap_or_default()
    }

    #[test]
    fn other_names_are_suggested_as_toml() {
        let flat =
            json!({ "tokenType": "bearer", "access": ONE, "refresh": TWO, "expiresIn": 300, "refreshExpiresIn": 3600 });
        assert_eq!(
            suggested(&flat),
            "access_token = \"/access\"\nrefresh_token = \"/refresh\"\naccess_lifetime = \"/expiresIn\"\n\
             refresh_lifetime = \"/refreshExpiresIn\""
        );
        let nested =
            json!({ "data": [{ "access": { "value": ONE, "ttl": 300 }, "refresh": { "value": TWO, "ttl": 3600 } }] });
        assert_eq!(
            suggested(&nested),
            "access_token = \"/data/0/access/value\"\nrefresh_token = \"/data/0/refresh/value\"\n\
             access_lifetime = \"/data/0/access/ttl\"\nrefresh_lifetime = \"/data/0/refresh/ttl\""
        );
    }

    #[test]
    fn an_answer_that_fits_the_dialect_needs_no_suggestion() {
        let usual = json!({ "accessToken": ONE, "refreshToken": TWO, "accessTokenLifeTime": 300,
                            "refreshTokenLifeTime": 3600, "access": ONE, "expiresIn": 5 });
        assert_eq!(suggested(&usual), "");
    }

    #[test]
    fn omissions_and_mistakes_of_a_server_give_no_suggestion() {
        let without_access = json!({ "refreshToken": TWO, "accessTokenLifeTime": 300, "refreshTokenLifeTime": 3600 });
        assert_eq!(suggested(&without_access), "");
        let without_lifetime = json!({ "accessToken": ONE, "refreshToken": TWO, "refreshTokenLifeTime": 3600 });
        assert_eq!(suggested(&without_lifetime), "");
        let as_text =
            json!({ "accessToken": ONE, "refreshToken": TWO, "accessTokenLifeTime": "300", "expiresIn": 300 });
        assert_eq!(suggested(&as_text), "");
    }

    #[test]
    fn ambiguous_names_give_no_suggestion() {
        let two = json!({ "accessKey": ONE, "bearer": TWO });
        assert_eq!(suggested(&two), "");
        let moment = json!({ "expiresAt": 1_790_000_000 });
        assert_eq!(suggested(&moment), "");
    }

    #[test]
    fn names_with_slashes_stay_one_step_of_the_pointer() {
        assert_eq!(suggested(&json!({ "a/access~": ONE })), "access_token = \"/a~1access~0\"");
    }
}
