//! Parses the JSON body of a request and names what is wrong with it.

use serde_json::{Map, Value};

/// Why a body is not a JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    Empty,
    Malformed,
    Text,
    List,
    Scalar,
}

/// Parses bytes as a JSON object.
pub(crate) fn parse_object(bytes: &[u8]) -> Result<Map<String, Value>, BodyError> {
    if bytes.is_empty() {
        return Err(BodyError::Empty);
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(Value::Array(_)) => Err(BodyError::List),
        Ok(Value::String(_)) => Err(BodyError::Text),
        Ok(_) => Err(BodyError::Scalar),
        Err(_) => Err(BodyError::Malformed),
    }
}

/// A required text field of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextField {
    Login,
    Password,
    Token,
}

impl TextField {
    fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Password => "password",
            Self::Token => "token",
        }
    }

    /// The text of this field, or the state that makes it unusable.
    pub(crate) fn read(self, object: &Map<String, Value>) -> Result<&str, BadField> {
        match object.get(self.name()) {
            None => Err(BadField::Missing),
            Some(Value::Null) => Err(BadField::Null),
            Some(Value::Number(_)) => Err(BadField::Number),
            Some(Value::Bool(_)) => Err(BadField::Boolean),
            Some(Value::Array(_)) => Err(BadField::List),
            Some(Value::Object(_)) => Err(BadField::Object),
            Some(Value::String(text)) if text.is_empty() => Err(BadField::Empty),
            Some(Value::String(text)) => Ok(text),
        }
    }
}

/// Why a field is not a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadField {
    Missing,
    Empty,
    Null,
    Number,
    Boolean,
    List,
    Object,
}
