//! A request as the steps compose it, right or wrong on purpose. What it carries may be secret, so it cannot be shown.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{Secret, redactor::url_encoded, target::Credentials};

/// A request below the base URL.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Body>,
}

/// What a request carries.
#[derive(Clone)]
pub(crate) struct Body {
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: None }
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.text("application/json", body.to_string())
    }

    pub(crate) fn text(self, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: Some(Body { content_type, bytes: body.into() }), ..self }
    }

    pub(crate) fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        let joint = if self.path.contains('?') { '&' } else { '?' };
        self.path.push_str(&format!("{joint}{name}={}", url_encoded(value)));
        self
    }

    /// Everything in it as one text.
    pub(crate) fn said(&self) -> String {
        let headers = self.headers.iter().map(|(_, value)| value.as_str());
        let body = self.body.iter().map(|body| String::from_utf8_lossy(&body.bytes));
        let mut said = self.path.clone();
        headers.for_each(|value| said.extend(["\n", value]));
        body.for_each(|text| said.extend(["\n", &text]));
        said
    }

    /// With the access token where the contract wants it.
    pub(crate) fn bearer(self, token: &Secret) -> Self {
        self.header("Authorization", format!("Bearer {}", token.expose()))
    }

    /// With login and password as HTTP Basic authentication.
    pub(crate) fn basic(self, user: &Credentials) -> Self {
        let pair = format!("{}:{}", user.login, user.password.expose());
        self.header("Authorization", format!("Basic {}", STANDARD.encode(pair)))
    }
}
