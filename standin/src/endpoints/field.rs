//! A field of a request that has to be a text, and everything that it can be instead.

use serde_json::{Map, Value};

/// A field that a request must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Field {
    Login,
    Password,
    Token,
}

impl Field {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Password => "password",
            Self::Token => "token",
        }
    }

    /// The text in this field, or what is there instead.
    pub(crate) fn of(self, object: &Map<String, Value>) -> Result<&str, FieldState> {
        match object.get(self.name()) {
            None => Err(FieldState::Missing),
            Some(Value::Null) => Err(FieldState::Null),
            Some(Value::Number(_)) => Err(FieldState::Number),
            Some(Value::Bool(_)) => Err(FieldState::Boolean),
            Some(Value::Array(_)) => Err(FieldState::List),
            Some(Value::Object(_)) => Err(FieldState::Object),
            Some(Value::String(text)) if text.is_empty() => Err(FieldState::Empty),
            Some(Value::String(text)) => Ok(text),
        }
    }
}

/// What a field is that should be a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldState {
    Missing,
    Empty,
    Null,
    Number,
    Boolean,
    List,
    Object,
}
