//! The dialect of a deployment: its names and places of fields. The vendor's page names none, so they are settings of the target;
//! the defaults are those that public clients of real servers read.

use std::fmt;

use serde_json::Value;
use thiserror::Error;

use super::{lifetime_unit::LifetimeUnit, wire_forms::WireForms};

/// The names and places of one deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Where a token answer carries the access token.
    pub access_token: Pointer,
    /// Where a token answer carries the refresh token.
    pub refresh_token: Pointer,
    /// Where a token answer announces the access token's lifetime.
    pub access_lifetime: Pointer,
    /// Where a token answer announces the refresh token's lifetime.
    pub refresh_lifetime: Pointer,
    /// How a token answer writes lifetimes.
    pub lifetime_unit: LifetimeUnit,
    /// Where a one-time-token answer names the user.
    pub ott_login: Pointer,
    /// Where an error carries its dotted code; `None`: wherever a dotted code is found.
    pub error_code: Option<Pointer>,
    /// The request header that carries the refresh token.
    pub refresh_header: String,
    /// The setting of the access token's lifetime: its name, or the JSON pointer of one inside other objects.
    pub settings_access_lifetime: String,
    /// The setting of the refresh token's lifetime.
    pub settings_refresh_lifetime: String,
    /// The setting of the one-time token's lifetime.
    pub settings_ott_lifetime: String,
    /// The forms of requests.
    pub wire: WireForms,
}

impl Default for Dialect {
    fn default() -> Self {
        Self {
            access_token: Pointer("/accessToken".to_owned()),
            refresh_token: Pointer("/refreshToken".to_owned()),
            access_lifetime: Pointer("/accessTokenLifeTime".to_owned()),
            refresh_lifetime: Pointer("/refreshTokenLifeTime".to_owned()),
            lifetime_unit: LifetimeUnit::Seconds,
            ott_login: Pointer("/login".to_owned()),
            error_code: None,
            refresh_header: "token".to_owned(),
            settings_access_lifetime: "accessTokenLifeTime".to_owned(),
            settings_refresh_lifetime: "refreshTokenLifeTime".to_owned(),
            settings_ott_lifetime: "ottLifeTime".to_owned(),
            wire: WireForms::default(),
        }
    }
}

impl Dialect {
    /// The body that changes the setting of this name, or of this JSON pointer, to a value that is JSON already.
    #[must_use]
    pub fn settings_body(name: &str, json: &str) -> String {
        let steps: Vec<_> = match name.strip_prefix('/') {
            Some(pointer) => pointer.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect(),
            None => vec![name.to_owned()],
        };
        steps.iter().rev().fold(json.to_owned(), |inner, step| format!("{{{}:{inner}}}", Value::from(step.as_str())))
    }

    /// The value of the setting of this name or JSON pointer.
    pub(crate) fn find_setting<'a>(name: &str, settings: &'a Value) -> Option<&'a Value> {
        if name.starts_with('/') { settings.pointer(name) } else { settings.get(name) }
    }
}

/// A place in a JSON answer (RFC 6901).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer(String);

/// Why a text is not a JSON pointer.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("`{0}` is not a JSON pointer; it begins with a slash, like `/accessToken` or `/0/owner`")]
pub struct PointerError(String);

impl Pointer {
    /// Reads a JSON pointer.
    ///
    /// # Errors
    /// When the text does not begin with a slash.
    pub fn parse(text: &str) -> Result<Self, PointerError> {
        if text.len() > 1 && text.starts_with('/') {
            Ok(Self(text.to_owned()))
        } else {
            Err(PointerError(text.to_owned()))
        }
    }

    /// What an answer has at this place.
    #[must_use]
    pub fn find<'a>(&self, answer: &'a Value) -> Option<&'a Value> {
        match (answer, self.field()) {
            (Value::Object(fields), Some(name)) => fields.get(name),
            _ => answer.pointer(&self.0),
        }
    }

    /// The field that it names, if it has a single step: a fast path for nearly every look-up.
    fn field(&self) -> Option<&str> {
        self.0.strip_prefix('/').filter(|name| !name.contains(['/', '~']))
    }

    /// The same, to put something else there.
    pub(crate) fn find_mut<'a>(&self, answer: &'a mut Value) -> Option<&'a mut Value> {
        answer.pointer_mut(&self.0)
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pointer_follows_rfc_6901() {
        let answer = json!({ "token": 1, "a/b": 2, "m~n": 3, "data": [{ "token": 4 }], "": 5 });
        for (pointer, found) in [("/token", 1), ("/a~1b", 2), ("/m~0n", 3), ("/data/0/token", 4)] {
            assert_eq!(Pointer::parse(pointer).as_ref().map(|pointer| pointer.find(&answer)), Ok(Some(&json!(found))));
        }
        let first = Pointer("/0".to_owned());
        assert_eq!((first.find(&answer), first.find(&answer["data"])), (None, Some(&json!({ "token": 4 }))));
    }

    #[test]
    fn a_setting_may_be_inside_other_objects() {
        assert_eq!(Dialect::settings_body("ttl", "4"), r#"{"ttl":4}"#);
        assert_eq!(Dialect::settings_body("/auth/a~1b", "4"), r#"{"auth":{"a/b":4}}"#);
        let settings = json!({ "auth": { "ttl": 4 }, "a": 5 });
        let found = |name| Dialect::find_setting(name, &settings).cloned();
        assert_eq!((found("/auth/ttl"), found("a"), found("ttl")), (Some(json!(4)), Some(json!(5)), None));
    }

    #[test]
    fn a_pointer_begins_with_a_slash() {
        assert!(Pointer::parse("/data/0/token").is_ok());
        assert_eq!(Pointer::parse("accessToken"), Err(PointerError("accessToken".to_owned())));
    }
}
