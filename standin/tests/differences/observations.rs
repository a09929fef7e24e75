//! Records what a client observes, so that servers that behave alike give equal records.

use std::collections::HashMap;

use serde_json::Value;
use standin::ApiResponse;

/// The observations of a client. Tokens are replaced by their form and the order of their appearance.
#[derive(Default)]
pub(crate) struct Observations {
    pub(crate) seen: Vec<String>,
    tokens: HashMap<String, usize>,
}

impl Observations {
    /// Records a response at once, without its delay, so that requests can overlap.
    pub(crate) fn record(&mut self, response: ApiResponse) -> ApiResponse {
        let written = String::from_utf8_lossy(&response.body).split('"').map(mask_token).collect::<Vec<_>>().join("\"");
        let body = serde_json::from_slice(&response.body).map(|json| self.shape(&json)).unwrap_or_default();
        let (status, headers) = (response.status, &response.headers);
        self.seen.push(format!("{status} {headers:?} {written} {body} {:?} {}", response.delay, response.chunked));
        response
    }

    fn shape(&mut self, json: &Value) -> Value {
        match json {
            Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), self.shape(value))).collect(),
            Value::Array(items) => items.iter().map(|item| self.shape(item)).collect(),
            Value::String(text) if mask_token(text) != *text => self.token(text).into(),
            other => other.clone(),
        }
    }

    /// Records a token that was not in a response.
    pub(crate) fn record_token(&mut self, token: &str) {
        let form = self.token(token);
        self.seen.push(form);
    }

    fn token(&mut self, text: &str) -> String {
        let next = self.tokens.len();
        let number = *self.tokens.entry(text.to_owned()).or_insert(next);
        format!("{}#{number}", mask_token(text))
    }
}

/// The form of a text that is too long to be a word.
fn mask_token(text: &str) -> String {
    if text.len() <= 18 || text.contains(' ') {
        return text.to_owned();
    }
    text.replace(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_', "x")
}
