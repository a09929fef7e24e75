//! Finds a secret in the parts of a request, plain or in an encoding that clients use.

use base64::{Engine, engine::general_purpose::STANDARD};
use standin::ApiRequest;
use steps::percent_encode;

/// Whether the path or the query holds it.
pub(super) fn in_url(request: &ApiRequest, secret: &str) -> bool {
    let texts = [Some(request.path.as_str()), request.query.as_deref()];
    texts.into_iter().flatten().any(|text| text.contains(secret) || text.contains(&percent_encode(secret)))
}

/// Whether a header holds it, plain or as the second half of HTTP Basic authentication.
pub(super) fn in_headers(request: &ApiRequest, secret: &str) -> bool {
    request
        .headers
        .iter()
        .any(|(_, value)| value.contains(secret) || basic_password(value).is_some_and(|it| it == secret))
}

fn basic_password(value: &str) -> Option<String> {
    let encoded = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"))?.1;
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    Some(decoded.split_once(':')?.1.to_owned())
}

/// Whether the body holds it.
pub(super) fn in_body(request: &ApiRequest, secret: &str) -> bool {
    let body = String::from_utf8_lossy(&request.body);
    body.contains(secret) || body.contains(&percent_encode(secret)) || body.contains(&json_escaped(secret))
}

fn json_escaped(secret: &str) -> String {
    serde_json::to_string(secret).unwrap_or_default().trim_matches('"').to_owned()
}

/// Whether any part holds it.
pub(super) fn anywhere(request: &ApiRequest, secret: &str) -> bool {
    in_url(request, secret) || in_headers(request, secret) || in_body(request, secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_part_and_nowhere_else() {
        let mut request = ApiRequest { path: "/x".to_owned(), ..ApiRequest::default() };
        assert!(!anywhere(&request, "p/w"));
        request.query = Some("a=p%2Fw".to_owned());
        assert!(in_url(&request, "p/w"));
        request.headers.push(("Authorization".to_owned(), format!("Basic {}", STANDARD.encode("me:p/w"))));
        assert!(in_headers(&request, "p/w") && !in_headers(&request, "p/x"));
        request.body = br#"{"a":"p\"w"}"#.to_vec();
        assert!(in_body(&request, "p\"w") && !in_body(&request, "p/w"));
    }
}
