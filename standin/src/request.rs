//! A request as it came from the wire, whatever the transport: bytes and texts, nothing believed yet.

use std::fmt;

/// A request to the server.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The method, in upper case as sent: `GET`, `POST`.
    pub method: String,
    /// The path from its first slash, without the query.
    pub path: String,
    /// What follows the question mark, still percent-encoded.
    pub query: Option<String>,
    /// Names and values of the headers in their order; bytes that are no text are replaced.
    pub headers: Vec<(String, String)>,
    /// The body, all of it.
    pub body: Vec<u8>,
}

impl Request {
    /// The first header of this name, in whatever case it was sent.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query, decoded.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        parameter_of(self.query.as_deref()?, name)
    }

    /// A field of a form sent as the body, decoded.
    #[must_use]
    pub fn form_field(&self, name: &str) -> Option<String> {
        parameter_of(std::str::from_utf8(&self.body).ok()?, name)
    }
}

impl fmt::Debug for Request {
    /// Shows where it goes; query, headers and body may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("method", &self.method).field("path", &self.path).finish_non_exhaustive()
    }
}

fn parameter_of(encoded: &str, name: &str) -> Option<String> {
    encoded.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, v)| decoded(v))
}

/// Takes percent signs and pluses back; what is no proper escape stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = (*first == b'%').then(|| tail.get(..2)).flatten().and_then(hex_byte);
        bytes.push(escaped.unwrap_or(if *first == b'+' { b' ' } else { *first }));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u8::from_str_radix(text, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_query(query: &str) -> Request {
        Request { query: Some(query.to_owned()), ..Request::default() }
    }

    #[test]
    fn parameters_are_decoded() {
        let request = with_query("a=1&login=J%C3%BCrgen+K&b=%2");
        assert_eq!(request.parameter("login").as_deref(), Some("Jürgen K"));
        assert_eq!(request.parameter("b").as_deref(), Some("%2"));
        assert_eq!(request.parameter("c"), None);
    }

    #[test]
    fn headers_are_found_in_any_case() {
        let request = Request { headers: vec![("ToKeN".to_owned(), "x".to_owned())], ..Request::default() };
        assert_eq!(request.header("token"), Some("x"));
    }

    #[test]
    fn debug_shows_neither_query_nor_body() {
        let request = Request { body: b"swordfish".to_vec(), ..with_query("password=swordfish") };
        assert!(!format!("{request:?}").contains("swordfish"));
    }
}
