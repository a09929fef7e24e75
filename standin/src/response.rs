//! An answer before it meets a transport.

use std::{fmt, time::Duration};

use serde_json::Value;

/// The server's answer to one request.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status code.
    pub status: u16,
    /// Names and values of the headers, framing headers excepted: those are the transport's.
    pub headers: Vec<(String, String)>,
    /// The body, empty for none.
    pub body: Vec<u8>,
    /// Real time to hold the answer back. Only variations ask for it.
    pub delay: Option<Duration>,
    /// Whether to send the body in chunks of unannounced length. [`crate::wire`] cannot, and announces the length.
    pub chunked: bool,
}

impl Response {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// An answer in JSON.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        // Writing a JSON value into memory cannot fail.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self { status, body, ..Self::default() }.with("Content-Type", "application/json")
    }

    /// The same answer with another header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same answer with this header in the place of whatever it had by that name.
    pub(crate) fn with_only(self, name: &str, value: &str) -> Self {
        self.without(name).with(name, value)
    }

    /// The same answer without the headers of this name.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(present, _)| !present.eq_ignore_ascii_case(name));
        self
    }

    /// The first header of this name, in whatever case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(present, _)| present.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Response {
    /// Shows the status; headers and body may hold tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}
