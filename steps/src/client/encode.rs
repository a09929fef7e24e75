//! Encodes a request of the contract in the forms of the deployment: its paths, its names of members, its way to send a refresh
//! token. Every request passes here last, the malformed ones too, so that a mistake of the contract is the same mistake there.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::{
    api::{REFRESH_PATH, SETTINGS_PATH, TOKEN_PATH, VERIFY_PATH},
    message::{Body, Request},
    target::{Dialect, WireForms},
};

/// The request as this deployment expects it.
pub(super) fn encode<'a>(request: &'a Request, dialect: &Dialect) -> Cow<'a, Request> {
    let forms = &dialect.wire;
    if *forms == WireForms::default() {
        return Cow::Borrowed(request);
    }
    // The longer path goes first: a login's is where a refresh's begins.
    let paths = [
        (REFRESH_PATH, &forms.refresh_path),
        (TOKEN_PATH, &forms.token_path),
        (VERIFY_PATH, &forms.verify_path),
        (SETTINGS_PATH, &forms.settings_path),
    ];
    let mut encoded = request.clone();
    let Some((known, path, rest)) = paths.iter().find_map(|(known, path)| {
        let rest = request.path.strip_prefix(known).filter(|rest| rest.is_empty() || rest.starts_with(['?', '/', ';']));
        Some((*known, *path, rest?))
    }) else {
        return Cow::Borrowed(request);
    };
    encoded.path = format!("{path}{rest}");
    match known {
        TOKEN_PATH => encode_login(&mut encoded, forms),
        REFRESH_PATH => encode_refresh(&mut encoded, forms, &dialect.refresh_header),
        _ => {}
    }
    Cow::Owned(encoded)
}

fn encode_login(request: &mut Request, forms: &WireForms) {
    let Some(body) = request.body.as_mut().filter(|body| body.content_type.contains("json")) else { return };
    let Ok(text) = std::str::from_utf8(&body.bytes) else { return };
    let renamed = rename(&rename(text, "login", &forms.login_field), "password", &forms.password_field);
    body.bytes = with_members(renamed, &forms.login_fields).into_bytes();
}

/// Renames a member wherever the text has it, so that duplicate members and text other than JSON stay as they are.
fn rename(text: &str, from: &str, to: &str) -> String {
    if from == to {
        return text.to_owned();
    }
    let (name, new_name) = (format!("\"{from}\""), Value::from(to).to_string());
    let (mut renamed, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(&name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let is_member = !before.ends_with('\\') && after.trim_start().starts_with(':');
        renamed.push_str(before);
        renamed.push_str(if is_member { &new_name } else { &name });
        rest = after;
    }
    renamed + rest
}

/// With further members at the beginning of the first object.
fn with_members(text: String, members: &[(String, Value)]) -> String {
    let Some((before, inside)) = text.split_once('{').filter(|_| !members.is_empty()) else { return text };
    let members: Vec<_> = members.iter().map(|(name, value)| format!("{}:{value}", json!(name))).collect();
    let joint = if inside.trim_start().starts_with('}') { "" } else { "," };
    format!("{before}{{{}{joint}{inside}", members.join(","))
}

fn encode_refresh(request: &mut Request, forms: &WireForms, header: &str) {
    // The methods change places, so that a wrong one stays wrong.
    if request.method == "GET" {
        request.method = forms.refresh_method;
    } else if request.method == forms.refresh_method {
        request.method = "GET";
    }
    let is_token = |name: &str| name.eq_ignore_ascii_case(header);
    for (_, value) in request.headers.iter_mut().filter(|(name, _)| is_token(name)) {
        *value = format!("{}{value}", forms.refresh_prefix);
    }
    let Some(member) = forms.refresh_body.as_ref().filter(|_| request.body.is_none()) else { return };
    let token = request.headers.iter().position(|(name, _)| is_token(name)).map(|at| request.headers.remove(at).1);
    let body = token.map_or_else(|| json!({}), |token| json!({ member.as_str(): token }));
    request.body = Some(Body { content_type: "application/json", bytes: body.to_string().into_bytes() });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Secret,
        test_server::{TestServer, answer, header},
    };

    fn dialect(wire: WireForms) -> Dialect {
        Dialect { wire, refresh_header: "Authorization".to_owned(), ..Dialect::default() }
    }

    fn login(text: &str, wire: WireForms) -> String {
        let request = Request::new("POST", TOKEN_PATH).text("application/json", text);
        let encoded = encode(&request, &dialect(wire)).into_owned();
        String::from_utf8(encoded.body.expect("it has a body").bytes).expect("it is text")
    }

    fn refresh(request: Request, wire: WireForms) -> Request {
        encode(&request, &dialect(wire)).into_owned()
    }

    #[test]
    fn members_of_a_login_are_renamed_in_malformed_text_too() {
        let renamed = |text| {
            let forms =
                WireForms { login_field: "user".to_owned(), password_field: "pass".to_owned(), ..WireForms::default() };
            login(text, forms)
        };
        assert_eq!(renamed(r#"{"login":"login","password":"\"login\":"}"#), r#"{"user":"login","pass":"\"login\":"}"#);
        assert_eq!(renamed(r#"{"login" : 1,"login":2"#), r#"{"user" : 1,"user":2"#);
        assert_eq!(renamed("let me in"), "let me in");
    }

    #[test]
    fn a_login_gets_its_further_members() {
        let more = |text| {
            let fields = vec![("tenant".to_owned(), json!("main")), ("remember".to_owned(), json!(false))];
            login(text, WireForms { login_fields: fields, ..WireForms::default() })
        };
        assert_eq!(more(r#"{"login":"a"}"#), r#"{"tenant":"main","remember":false,"login":"a"}"#);
        assert_eq!(more("{}"), r#"{"tenant":"main","remember":false}"#);
        assert_eq!(more("42"), "42");
    }

    #[test]
    fn a_refresh_token_goes_where_the_deployment_expects_it() {
        let token = Secret::new("t-1");
        let request = || Request::new("GET", REFRESH_PATH).secret_header("Authorization", &token);
        let headers = |request: &Request| request.headers.clone();
        let prefixed = refresh(request(), WireForms { refresh_prefix: "Bearer ".to_owned(), ..WireForms::default() });
        assert_eq!(headers(&prefixed), [("Authorization".to_owned(), "Bearer t-1".to_owned())]);

        let posted = || WireForms {
            refresh_method: "POST",
            refresh_path: "/renew".to_owned(),
            refresh_body: Some("refresh".to_owned()),
            ..WireForms::default()
        };
        let sent = refresh(request(), posted());
        assert_eq!((sent.method, sent.path.as_str(), headers(&sent).len()), ("POST", "/renew", 0));
        assert_eq!(sent.body.map(|body| body.bytes), Some(br#"{"refresh":"t-1"}"#.to_vec()));
        let wrong = refresh(Request { method: "POST", ..request() }, posted());
        assert_eq!(wrong.method, "GET");
        let without = refresh(Request::new("GET", REFRESH_PATH), posted());
        assert_eq!(without.body.map(|body| body.bytes), Some(b"{}".to_vec()));
    }

    #[test]
    fn only_the_paths_of_the_four_calls_are_replaced() {
        let forms = WireForms { token_path: "/login".to_owned(), ..WireForms::default() };
        let path = |path: &str| encode(&Request::new("GET", path), &dialect(forms.clone())).into_owned().path;
        assert_eq!(path("/auth/token?login=a"), "/login?login=a");
        assert_eq!(path("/auth/token/refresh"), "/auth/token/refresh");
        assert_eq!(path("/auth/tokens"), "/auth/tokens");
        assert_eq!(path("/accounts"), "/accounts");
    }

    #[tokio::test]
    async fn every_request_carries_the_headers_of_the_target_and_the_record_shows_no_value() {
        let server = TestServer::start(|request| {
            let key = header(request, "x-api-key").unwrap_or("none");
            answer(200, "Content-Type: application/json\r\n", &format!("{{\"key\":\"{key}\"}}"))
        })
        .await;
        let api = server.api_with(|target| {
            target.network.headers.push(("X-Api-Key".to_owned(), Secret::new("gateway-key-4711")));
        });
        let sent = api.call(Request::new("GET", "/anything")).await;
        let sent = sent.map_err(|trouble| trouble.to_string()).expect("an answer");
        assert_eq!(sent.json, Some(json!({ "key": "gateway-key-4711" })));
        let masked = api.site.redactor.mask(&sent.text());
        assert!(!masked.contains("4711"), "{masked}");
    }
}
