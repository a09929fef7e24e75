//! What the request of a browser that followed an external link carries: a one-time token, and perhaps whose it is.

use steps::Secret;

/// Shorter segments are names of pages or users, not tokens.
const SHORTEST_IN_PATH: usize = 16;
/// Many times the longest token.
const LONGEST: usize = 16 * 1024;
/// What links call the token, the most telling name first.
const TOKEN_NAMES: [&str; 5] = ["token", "ott", "otp", "onetimetoken", "code"];
const LOGIN_NAMES: [&str; 3] = ["login", "user", "username"];

/// A visit that brings a token.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Visit {
    pub(super) token: Secret,
    /// The user, where the link names one.
    pub(super) login: Option<String>,
}

impl Visit {
    /// Reads path and query of a request: `/?token=…&login=…`, `/LOGIN?token=…` or `/LOGIN/…`.
    pub(super) fn read(path: &str, query: Option<&str>) -> Option<Self> {
        let pairs: Vec<_> = query.unwrap_or_default().split('&').filter_map(|pair| pair.split_once('=')).collect();
        let mut segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let token = named(&pairs, &TOKEN_NAMES).or_else(|| segments.pop_if(|last| last.len() >= SHORTEST_IN_PATH))?;
        let login = named(&pairs, &LOGIN_NAMES).or_else(|| segments.first().copied());
        let token = decode(token).filter(|token| !token.is_empty() && token.len() <= LONGEST)?;
        Some(Self { token: Secret::new(token), login: login.and_then(decode) })
    }
}

fn named<'a>(pairs: &[(&str, &'a str)], names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| {
        let pair = pairs.iter().find(|(key, _)| key.replace(['_', '-'], "").eq_ignore_ascii_case(name));
        pair.map(|(_, value)| *value)
    })
}

/// Undoes percent-encoding and leaves `+` alone: tokens may have it, and links put them in as they are.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => (bytes.push(byte), rest = &after[2..]),
            None => (bytes.push(first), rest = after),
        };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(target: &str) -> Option<(String, Option<String>)> {
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        Visit::read(path, query).map(|visit| (visit.token.expose().to_owned(), visit.login))
    }

    #[test]
    fn token_and_login_are_found_in_query_and_path() {
        let token = |token: &str, login: Option<&str>| Some((token.to_owned(), login.map(ToOwned::to_owned)));
        assert_eq!(read("/?token=abc"), token("abc", None));
        assert_eq!(read("/?login=trader2&One-Time-Token=abc"), token("abc", Some("trader2")));
        assert_eq!(read("/trader2?token=abc"), token("abc", Some("trader2")));
        assert_eq!(read("/trader2/eyItMjI2.4P7XssAAIAAA"), token("eyItMjI2.4P7XssAAIAAA", Some("trader2")));
        assert_eq!(read("/eyItMjI2.4P7XssAAIAAA"), token("eyItMjI2.4P7XssAAIAAA", None));
    }

    #[test]
    fn tokens_survive_the_way_through_the_link() {
        let as_is = Some(("a+b/c==".to_owned(), None));
        assert_eq!(read("/?token=a+b/c=="), as_is);
        assert_eq!(read("/?token=a%2Bb%2fc%3D%3D"), as_is);
        assert_eq!(read("/?token=50%"), Some(("50%".to_owned(), None)));
    }

    #[test]
    fn a_visit_without_a_token_brings_nothing() {
        for target in ["/", "/favicon.ico", "/?token=", "/trader2", "/?page=1", "/?token=%ff"] {
            assert_eq!(read(target), None, "{target}");
        }
    }
}
