//! What a client sees of a server, written so that two servers that behave alike look alike.

use std::collections::HashMap;

use serde_json::Value;
use standin::Response;

/// What a client has seen, with tokens as their looks and the order in which they came.
#[derive(Default)]
pub(crate) struct Sights {
    pub(crate) seen: Vec<String>,
    tokens: HashMap<String, usize>,
}

impl Sights {
    /// Looks at an answer, at once: nobody waits for one that is held back, so requests of a round may meet.
    pub(crate) fn look(&mut self, response: Response) -> Response {
        let written = String::from_utf8_lossy(&response.body).split('"').map(looks).collect::<Vec<_>>().join("\"");
        let body = serde_json::from_slice(&response.body).map(|json| self.shape(&json)).unwrap_or_default();
        let (status, headers) = (response.status, &response.headers);
        self.seen.push(format!("{status} {headers:?} {written} {body} {:?} {}", response.delay, response.chunked));
        response
    }

    fn shape(&mut self, json: &Value) -> Value {
        match json {
            Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), self.shape(value))).collect(),
            Value::Array(items) => items.iter().map(|item| self.shape(item)).collect(),
            Value::String(text) if looks(text) != *text => self.token(text).into(),
            other => other.clone(),
        }
    }

    /// Looks at a token that came on another way.
    pub(crate) fn notice(&mut self, token: &str) {
        let looks = self.token(token);
        self.seen.push(looks);
    }

    fn token(&mut self, text: &str) -> String {
        let next = self.tokens.len();
        let number = *self.tokens.entry(text.to_owned()).or_insert(next);
        format!("{}#{number}", looks(text))
    }
}

/// What a text looks like that is too long to be a word.
fn looks(text: &str) -> String {
    if text.len() <= 18 || text.contains(' ') {
        return text.to_owned();
    }
    text.replace(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_', "x")
}
