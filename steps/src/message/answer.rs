//! An answer as the checks read it. It carries tokens, so it cannot be shown; the journal has the masked copy.

use std::time::Duration;

use serde_json::Value;

use crate::Secret;

/// The answer to one request.
#[derive(Clone)]
pub(crate) struct Answer {
    /// The call that the request made, which decides what the answer means.
    pub(crate) call: Call,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The body, where it is JSON.
    pub(crate) json: Option<Value>,
    /// What is wrong with how the JSON is written.
    pub(crate) flaw: Option<&'static str>,
    /// The secrets that the request carried.
    pub(crate) asked: Vec<Secret>,
    /// On the target's clock: when the request was sent and the answer complete.
    pub(crate) sent: Duration,
    pub(crate) received: Duration,
    /// Position in the scenario's journal.
    pub(crate) exchange: usize,
}

/// The call of the API that a request makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Call {
    /// `POST /auth/token`, or an attempt at it.
    Issue,
    /// `GET /auth/token/refresh`, or an attempt at it.
    Refresh,
    /// `POST /external/token/verify`, or an attempt at it.
    Verify,
    /// `PATCH /connectors/settings`.
    Settings,
    /// The configured protected GET.
    Probe,
    /// Anything else.
    Other,
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Whether it comes from something in between that got no answer from the server.
    pub(crate) fn is_from_gateway(&self) -> bool {
        matches!(self.status, 502 | 504 | 520..=527 | 530)
    }

    pub(crate) fn is_client_error(&self) -> bool {
        (400..500).contains(&self.status)
    }

    /// The first header of this name; names are compared without case.
    pub(crate) fn header<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.headers_named(name).next()
    }

    /// All headers of this name.
    pub(crate) fn headers_named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body as text; invalid UTF-8 is replaced.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The media type without its parameters.
    pub(crate) fn media_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        Some(value.split(';').next().unwrap_or(value).trim().to_ascii_lowercase())
    }

    /// Whether the request carried this text as a secret, or as a part of one.
    pub(crate) fn was_asked_with(&self, text: &str) -> bool {
        self.asked.iter().any(|secret| secret.expose().contains(text))
    }

    /// The status for the text of a failure.
    pub(crate) fn status_text(&self) -> String {
        format!("the answer is {}", self.status)
    }
}
