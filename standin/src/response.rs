//! A response, independent of the transport.

use std::{fmt, time::Duration};

use serde_json::Value;

/// The server's response to one request.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ApiResponse {
    /// The HTTP status code.
    pub status: u16,
    /// Names and values of the headers, except framing headers, which the transport adds.
    pub headers: Vec<(String, String)>,
    /// The body, empty if there is none.
    pub body: Vec<u8>,
    /// Real time by which the transport delays the response. Only variations set it.
    pub delay: Option<Duration>,
    /// Whether the body is sent in chunks without a content length. [`crate::wire`] does not support it.
    pub chunked: bool,
}

impl ApiResponse {
    /// A response without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// A JSON response.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        // JsonStyle a JSON value into memory cannot fail.
        let body = serde_json::to_vec(body).unwrap_or_default();
        Self { status, body, ..Self::default() }.with("Content-Type", "application/json")
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Replaces the headers with this name.
    pub(crate) fn with_only(self, name: &str, value: &str) -> Self {
        self.without(name).with(name, value)
    }

    /// Removes the headers with this name.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(present, _)| !present.eq_ignore_ascii_case(name));
        self
    }

    /// The first header with this name, ignoring case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(present, _)| present.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for ApiResponse {
    /// Shows the status only: headers and body may hold tokens.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiResponse").field("status", &self.status).finish_non_exhaustive()
    }
}
