//! A request as the steps compose it, right or wrong on purpose. What it carries may be secret, so it cannot be shown; it names
//! the secrets that it carries, so that nothing searches its text for them.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::{Secret, redactor::percent_encode, target::Credentials};

/// A request below the base URL.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Body>,
    /// The secrets in it, wherever they are.
    pub(crate) secrets: Vec<Secret>,
}

/// What a request carries.
#[derive(Clone)]
pub(crate) struct Body {
    /// Not sent where it is empty.
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: None, secrets: Vec::new() }
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
        self.path.push_str(&format!("{joint}{name}={}", percent_encode(value)));
        self
    }

    /// Notes a secret that the request carries.
    pub(crate) fn carrying(mut self, secret: &Secret) -> Self {
        self.secrets.push(secret.clone());
        self
    }

    /// With a secret as a header.
    pub(crate) fn secret_header(self, name: impl Into<String>, secret: &Secret) -> Self {
        self.header(name, secret.expose()).carrying(secret)
    }

    /// With a secret in the query string.
    pub(crate) fn secret_query(self, name: &str, secret: &Secret) -> Self {
        self.query(name, secret.expose()).carrying(secret)
    }

    /// With the access token where the contract wants it.
    pub(crate) fn bearer(self, token: &Secret) -> Self {
        self.header("Authorization", format!("Bearer {}", token.expose())).carrying(token)
    }

    /// With a public text in the place of the access token.
    pub(crate) fn bearer_text(self, text: &str) -> Self {
        self.header("Authorization", format!("Bearer {text}"))
    }

    /// With login and password as HTTP Basic authentication.
    pub(crate) fn basic(self, user: &Credentials) -> Self {
        let pair = Secret::new(STANDARD.encode(format!("{}:{}", user.login, user.password.expose())));
        self.header("Authorization", format!("Basic {}", pair.expose())).carrying(&pair).carrying(&user.password)
    }
}
