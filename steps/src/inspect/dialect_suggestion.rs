//! Suggests dialect settings for tokens and lifetimes that a token answer carries under other names. A place is suggested only
//! if its name fits and no other place does: a wrong guess would judge the server by an unrelated field.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::jwt;
use crate::target::{Dialect, LifetimeUnit, Pointer, read_moment};

/// How deep an answer is searched, and how many fields of it.
const DEEPEST: usize = 6;
const MOST_FIELDS: usize = 200;
/// Characters of the shortest text that may be a token.
const SHORTEST_TOKEN: usize = 16;
/// Ten years in seconds; a larger number is a point in time or no time at all.
const LONGEST_LIFETIME: f64 = 315_360_000.0;
/// Parts of names of lifetimes, in lower case.
const LIFETIME_NAMES: [&str; 6] = ["life", "expir", "ttl", "valid", "timeout", "duration"];
/// Names of the login and the password in the bodies of other APIs, as their answers quote them.
const LOGIN_NAMES: [&str; 6] = ["username", "userName", "user_name", "userId", "email", "loginName"];
const PASSWORD_NAMES: [&str; 5] = ["passwd", "passphrase", "userPassword", "user_password", "pwd"];

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
    /// The moment at which the access token ends.
    AccessEnd,
    RefreshEnd,
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
    let found = |(key, place, what): (&'static str, &Pointer, FieldKind)| {
        let missing = place.find(answer).is_none();
        let place = missing.then(|| only(&fields, what).or_else(|| only(&fields, what.as_end()?))).flatten()?;
        Some((key, place.to_owned()))
    };
    let mut suggested: Vec<_> = settings.into_iter().filter_map(found).collect();
    suggested.extend(suggest_unit(answer, dialect, &suggested).map(|unit| ("lifetime_unit", unit.to_owned())));
    (!suggested.is_empty()).then_some(DialectSuggestion(suggested))
}

/// The unit of the access token's lifetime, where its name, its value or the token itself shows another one.
fn suggest_unit(answer: &Value, dialect: &Dialect, suggested: &[(&'static str, String)]) -> Option<&'static str> {
    if dialect.lifetime_unit != LifetimeUnit::Seconds {
        return None;
    }
    let suggested = |key| suggested.iter().find(|(known, _)| *known == key).map(|(_, place)| place.as_str());
    let place = |key, configured: &Pointer| suggested(key).map_or_else(|| configured.to_string(), str::to_owned);
    let lifetime = place("access_lifetime", &dialect.access_lifetime);
    let value = answer.pointer(&lifetime)?;
    if read_moment(value).is_some() {
        return Some("moment");
    }
    let token = answer.pointer(&place("access_token", &dialect.access_token)).and_then(Value::as_str);
    if let Some(unit) = token.and_then(jwt::claimed_lifetime).and_then(|claimed| jwt::other_unit(value, claimed)) {
        return Some(unit);
    }
    let name = lifetime.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    if name.contains("milli") || name.ends_with("_ms") || lifetime.ends_with("Ms") || lifetime.ends_with("MS") {
        Some("milliseconds")
    } else {
        name.contains("minute").then_some("minutes")
    }
}

impl FieldKind {
    /// The kind of a lifetime that is written as its end.
    fn as_end(self) -> Option<Self> {
        match self {
            Self::AccessLifetime => Some(Self::AccessEnd),
            Self::RefreshLifetime => Some(Self::RefreshEnd),
            _ => None,
        }
    }
}

/// Suggests the names of login and password where a refused login's answer names one that it misses.
pub(super) fn suggest_login_fields(refusal: &Value, dialect: &Dialect) -> Option<DialectSuggestion> {
    let text = refusal.to_string();
    let named = |names: &[&'static str]| {
        let mut found = names.iter().filter(|name| has_word(&text, name));
        found.next().filter(|_| found.next().is_none()).copied()
    };
    // An answer that quotes the member that was sent complains about its value.
    let quoted = |sent: &str| has_word(&text, &format!("\"{sent}\""));
    let login =
        named(&LOGIN_NAMES).filter(|name| *name != dialect.wire.login_field && !quoted(&dialect.wire.login_field));
    let password = named(&PASSWORD_NAMES).filter(|name| *name != dialect.wire.password_field);
    let found: Vec<_> = [("login_field", login), ("password_field", password)]
        .into_iter()
        .filter_map(|(key, name)| Some((key, name?.to_owned())))
        .collect();
    (!found.is_empty()).then_some(DialectSuggestion(found))
}

/// Whether a text has this word between characters that are no part of names.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let after = text[at + word.len()..].chars().next();
        !text[..at].ends_with(is_part) && !after.is_some_and(is_part)
    })
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
    if read_moment(value).is_some() {
        let is_end = LIFETIME_NAMES.iter().any(|part| last.contains(part)) && !last.contains("issued");
        let kind = if place.contains("refresh") { FieldKind::RefreshEnd } else { FieldKind::AccessEnd };
        return is_end.then_some(kind);
    }
    match value {
        Value::String(text) if is_no_token(last, text) => None,
        Value::String(text) if is_token(text) && last == "token" && place.contains("refresh") => {
            Some(FieldKind::RefreshToken)
        }
        Value::String(text) if is_token(text) => token_kind(last).or_else(|| token_kind(&place)),
        Value::Number(number) if is_lifetime(last, number.as_f64()) => {
            Some(if place.contains("refresh") { FieldKind::RefreshLifetime } else { FieldKind::AccessLifetime })
        }
        _ => None,
    }
}

/// Ends of names of what goes with a token, in lower case.
const BESIDE_TOKENS: [&str; 11] = ["id", "type", "url", "uri", "scope", "level", "name", "time", "date", "until", "at"];

/// A time in any form, an address, or what its name says goes with a token.
fn is_no_token(name: &str, text: &str) -> bool {
    let is_time = |c: char| c.is_ascii_digit() || "-:.,/+TZ".contains(c);
    text.chars().all(is_time) || text.contains("://") || BESIDE_TOKENS.iter().any(|end| name.ends_with(end))
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
        let moment = json!({ "issuedAt": 1_790_000_000, "accessIssued": "2026-11-25T09:05:00.000Z" });
        assert_eq!(suggested(&moment), "");
    }

    #[test]
    fn a_moment_is_an_end_and_never_a_token() {
        let moments = json!({ "result": { "session": {
            "access": { "token": ONE, "expires_at": "2026-11-25T09:05:00.000Z" },
            "refresh": { "token": TWO, "expires_at": "2026-11-25T10:05:00.000Z" }, "accessedAt": "2026-11-25T09:00:00.000Z"
        } } });
        let [access, refresh] = ["access", "refresh"].map(|kind| format!("/result/session/{kind}"));
        assert_eq!(
            suggested(&moments),
            format!(
                "access_token = \"{access}/token\"\nrefresh_token = \"{refresh}/token\"\naccess_lifetime = \
                 \"{access}/expires_at\"\nrefresh_lifetime = \"{refresh}/expires_at\"\nlifetime_unit = \"moment\""
            )
        );
        let both = json!({ "accessToken": ONE, "refreshToken": TWO, "expiresIn": 300, "expiresAt": 1_790_000_000 });
        assert_eq!(suggested(&both), "access_lifetime = \"/expiresIn\"");
    }

    #[test]
    fn what_goes_with_a_token_is_none() {
        for (name, value) in [
            ("accessTime", "2026-11-25T09:05:00"),
            ("accessEnd", "20261125T090500.000+0100"),
            ("accessMicros", "1790000000000000"),
            ("accessUrl", "https://bo.example/rest"),
            ("accessTokenType", "urn:ietf:params:oauth:token-type:jwt"),
            ("accessTokenId", "550e8400-e29b-41d4-a716-446655440000"),
            ("accessLevel", "ROLE_ADMINISTRATOR"),
        ] {
            assert_eq!(suggested(&json!({ name: value })), "", "{name}");
            let beside = json!({ name: value, "accessKey": ONE });
            assert_eq!(suggested(&beside), "access_token = \"/accessKey\"", "{name}");
        }
    }

    #[test]
    fn another_unit_is_suggested_where_name_or_token_shows_it() {
        let usual = |lifetime: Value, access: &str| {
            suggested(&json!({ "accessToken": access, "refreshToken": TWO, "accessTokenLifeTime": lifetime,
                               "refreshTokenLifeTime": 3600 }))
        };
        // Claims {"iat":1790000000,"exp":1790000300}: five minutes.
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE3OTAwMDAwMDAsImV4cCI6MTc5MDAwMDMwMH0.c2ln";
        assert_eq!(usual(json!(300), jwt), "");
        assert_eq!(usual(json!(300_000), jwt), "lifetime_unit = \"milliseconds\"");
        assert_eq!(usual(json!(5), jwt), "lifetime_unit = \"minutes\"");
        assert_eq!(usual(json!(5), ONE), "");
        assert_eq!(usual(json!("2026-11-25T09:05:00Z"), ONE), "lifetime_unit = \"moment\"");
        let named = json!({ "accessToken": ONE, "refreshToken": TWO, "expiresInMs": 300_000 });
        assert_eq!(suggested(&named), "access_lifetime = \"/expiresInMs\"\nlifetime_unit = \"milliseconds\"");
    }

    #[test]
    fn names_that_a_refusal_misses_are_suggested() {
        let suggested = |refusal: &Value| {
            suggest_login_fields(refusal, &Dialect::default()).map(|found| found.to_string()).unwrap_or_default()
        };
        let misses = json!({ "errors": [{ "field": "username", "message": "must not be null" }] });
        assert_eq!(suggested(&misses), "login_field = \"username\"");
        let both = json!({ "detail": [{ "loc": ["body", "user_name"] }, { "loc": ["body", "passwd"] }] });
        assert_eq!(suggested(&both), "login_field = \"user_name\"\npassword_field = \"passwd\"");
        for other in [json!({ "message": "wrong login or password" }), json!({ "message": "no usernames" }), json!({})]
        {
            assert_eq!(suggested(&other), "");
        }
    }

    #[test]
    fn names_with_slashes_stay_one_step_of_the_pointer() {
        assert_eq!(suggested(&json!({ "a/access~": ONE })), "access_token = \"/a~1access~0\"");
    }
}
