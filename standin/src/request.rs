//! A request as it arrives, independent of the transport and unvalidated.

use std::fmt;

/// A request to the server.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ApiRequest {
    /// The method, in upper case as sent: `GET`, `POST`.
    pub method: String,
    /// The path from the first slash, without the query.
    pub path: String,
    /// The part after the question mark, still percent-encoded.
    pub query: Option<String>,
    /// Names and values of the headers in order; bytes that are not UTF-8 are replaced.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl ApiRequest {
    /// The first header with this name, ignoring case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query, decoded.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<String> {
        find_parameter(self.query.as_deref()?, name)
    }

    /// A field of a form sent as the body, decoded.
    #[must_use]
    pub fn form_field(&self, name: &str) -> Option<String> {
        find_parameter(std::str::from_utf8(&self.body).ok()?, name)
    }
}

impl fmt::Debug for ApiRequest {
    /// Shows method and path only: query, headers and body may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiRequest").field("method", &self.method).field("path", &self.path).finish_non_exhaustive()
    }
}

/// Headers as texts; bytes that are not UTF-8 are replaced.
pub(crate) fn text_headers<'a>(headers: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<(String, String)> {
    headers.map(|(name, value)| (name.to_owned(), String::from_utf8_lossy(value).into_owned())).collect()
}

fn find_parameter(encoded: &str, name: &str) -> Option<String> {
    encoded
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, v)| percent_decode(v))
}

/// Decodes percent escapes and pluses; invalid escapes stay unchanged.
pub(crate) fn percent_decode(text: &str) -> String {
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

    fn with_query(query: &str) -> ApiRequest {
        ApiRequest { query: Some(query.to_owned()), ..ApiRequest::default() }
    }

    #[test]
    fn parameters_are_percent_decoded() {
        let request = with_query("a=1&login=J%C3%BCrgen+K&b=%2");
        assert_eq!(request.parameter("login").as_deref(), Some("Jürgen K"));
        assert_eq!(request.parameter("b").as_deref(), Some("%2"));
        assert_eq!(request.parameter("c"), None);
    }

    #[test]
    fn header_names_ignore_case() {
        let request = ApiRequest { headers: vec![("ToKeN".to_owned(), "x".to_owned())], ..ApiRequest::default() };
        assert_eq!(request.header("token"), Some("x"));
    }

    #[test]
    fn debug_shows_neither_query_nor_body() {
        let request = ApiRequest { body: b"swordfish".to_vec(), ..with_query("password=swordfish") };
        assert!(!format!("{request:?}").contains("swordfish"));
    }
}
