use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::{BASE_PATH, options::StandInOptions};

fn service_with(options: ServiceOptions) -> Service {
    Service::new(StandIn::new(StandInOptions::default()), options, None)
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> ApiRequest {
    ApiRequest {
        method: method.to_owned(),
        path: path.to_owned(),
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: if body.is_null() { Vec::new() } else { body.to_string().into_bytes() },
        ..ApiRequest::default()
    }
}

fn api(service: &Service, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> ApiResponse {
    service.respond(&request(method, &format!("{BASE_PATH}{path}"), headers, body)).expect("it is answered")
}

fn control(service: &Service, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let headers = [("Host", "127.0.0.1:9000"), ("Content-Type", "application/json")];
    let response =
        Control::new(service.clone()).respond(&request(method, path, &headers, body)).expect("it is answered");
    (response.status, serde_json::from_slice(&response.body).expect("it is JSON"))
}

fn log_in(service: &Service, password: &str) -> ApiResponse {
    api(service, "POST", "/auth/token", &[], &json!({"login": "qa-certifier", "password": password}))
}

fn right_password(service: &Service) -> String {
    service.server().users()[0].password.clone()
}

fn field(response: &ApiResponse, name: &str) -> String {
    let body: Value = serde_json::from_slice(&response.body).expect("it is JSON");
    body[name].as_str().expect("the field is there").to_owned()
}

#[test]
fn browsers_are_permitted_the_origins_that_are_named() {
    let origins = AllowedOrigins::new(["http://localhost:3000/".to_owned()]);
    let service = service_with(ServiceOptions { origins, ..ServiceOptions::default() });
    let asked = ("Access-Control-Request-Method", "GET");
    let headers = ("Access-Control-Request-Headers", "authorization,token");
    let preflight = |origin| api(&service, "OPTIONS", "/accounts", &[("Origin", origin), asked, headers], &Value::Null);
    let permitted = preflight("http://localhost:3000");
    assert_eq!(
        (permitted.status, permitted.header("access-control-allow-headers")),
        (204, Some("authorization,token"))
    );
    assert_eq!(permitted.header("access-control-allow-origin"), Some("http://localhost:3000"));
    assert_eq!(preflight("http://evil.example").header("access-control-allow-origin"), None);
    let refused = api(&service, "GET", "/accounts", &[("Origin", "http://localhost:3000")], &Value::Null);
    assert_eq!((refused.status, refused.header("access-control-allow-origin")), (401, Some("http://localhost:3000")));
}

#[test]
fn without_permissions_no_header_of_them_is_sent() {
    let service = service_with(ServiceOptions::default());
    let response = api(&service, "GET", "/accounts", &[("Origin", "http://localhost:3000")], &Value::Null);
    assert!(!response.headers.iter().any(|(name, _)| name.starts_with("Access-Control") || name == "Vary"));
}

#[test]
fn too_many_requests_are_refused_and_a_token_that_goes_on_is_blocked() {
    let limit = RateLimit { per_second: 2.0, burst: 3, block: Duration::from_secs(30) };
    let service = service_with(ServiceOptions { rate_limit: Some(limit), ..ServiceOptions::default() });
    let access = field(&log_in(&service, &right_password(&service)), "accessToken");
    let bearer = format!("Bearer {access}");
    let call = || api(&service, "GET", "/accounts", &[("Authorization", &bearer)], &Value::Null);
    assert_eq!([(); 4].map(|()| call().status), [200, 200, 200, 429]);
    let refused = call();
    assert_eq!((field(&refused, "errorId").as_str(), refused.header("retry-after")), ("2.147.1.27", Some("1")));
    service.server().clock().advance(Duration::from_secs(1));
    assert_eq!(call().status, 200, "a client that waits as it is asked to is answered");
    assert_eq!([(); 4].map(|()| call().status), [200, 429, 429, 429]);
    service.server().clock().advance(Duration::from_secs(29));
    assert_eq!(call().header("retry-after"), Some("1"), "it is blocked");
    assert_eq!(log_in(&service, &right_password(&service)).status, 200, "others are not");
    service.server().clock().advance(Duration::from_secs(1));
    assert_eq!(call().status, 200);
}

#[test]
fn failed_logins_in_a_row_lock_a_user_out() {
    let lockout = Some(Lockout { after: 3, time: Duration::from_secs(60) });
    let service = service_with(ServiceOptions { lockout, ..ServiceOptions::default() });
    let right = right_password(&service);
    assert_eq!(["no", "no", &right, "no", "no"].map(|word| log_in(&service, word).status), [401, 401, 200, 401, 401]);
    assert_eq!(log_in(&service, "no"), log_in(&service, &right), "a locked user is refused like a wrong password");
    service.server().clock().advance(Duration::from_secs(60));
    assert_eq!(log_in(&service, &right).status, 200);
    (0..3).for_each(|_| drop(log_in(&service, "no")));
    assert_eq!(log_in(&service, &right).status, 401);
    control(&service, "POST", "/unlock", &json!({"login": "qa-certifier"}));
    assert_eq!(log_in(&service, &right).status, 200);
}

#[test]
fn the_log_names_tokens_by_number_and_shows_no_secret() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let kept = lines.clone();
    let sink: LogSink = Arc::new(move |entry| kept.lock().expect("it is free").push(entry.to_string()));
    let server = StandIn::new(StandInOptions::default());
    let service = Service::new(server, ServiceOptions::default(), Some(sink));
    let password = right_password(&service);
    let pair = log_in(&service, &password);
    let (access, refresh) = (field(&pair, "accessToken"), field(&pair, "refreshToken"));
    api(&service, "GET", "/auth/token/refresh", &[("token", &refresh)], &Value::Null);
    api(&service, "GET", "/auth/token/refresh", &[("token", &refresh)], &Value::Null);
    service.server().clock().advance(Duration::from_secs(301));
    api(&service, "GET", "/accounts", &[("Authorization", &format!("Bearer {access}"))], &Value::Null);
    let lines = lines.lock().expect("it is free");
    assert!(lines[0].starts_with("200 POST   /proftrading/rest/auth/token ("), "{}", lines[0]);
    assert!(lines[0].ends_with("login qa-certifier; gives access token #1; gives refresh token #2"), "{}", lines[0]);
    assert!(lines[2].contains("token: #2 (refresh token of qa-certifier, spent)"), "{}", lines[2]);
    assert!(lines[3].contains("#1 (access token of qa-certifier, expired); 1.2.0.12"), "{}", lines[3]);
    assert!(![password, access, refresh].iter().any(|secret| lines.concat().contains(secret.as_str())));
}

#[test]
fn the_control_address_turns_the_clock_and_makes_spends_and_ends_tokens() {
    let service = service_with(ServiceOptions::default());
    let (status, minted) = control(&service, "POST", "/mint", &json!({"login": "qa-second"}));
    assert_eq!((status, &minted["lifetimeSeconds"]), (200, &json!(30.0)));
    let verify = |token: &Value| api(&service, "POST", "/external/token/verify", &[], &json!({"token": token})).status;
    assert_eq!(control(&service, "POST", "/spend", &json!({"token": minted["token"]})).1["isSpent"], true);
    assert_eq!(verify(&minted["token"]), 401);
    let pair = log_in(&service, &right_password(&service));
    let bearer = format!("Bearer {}", field(&pair, "accessToken"));
    let call = || api(&service, "GET", "/accounts", &[("Authorization", &bearer)], &Value::Null).status;
    assert_eq!(call(), 200);
    assert_eq!(control(&service, "POST", "/revoke", &json!({"login": "qa-certifier"})).0, 200);
    assert_eq!(call(), 401);
    let later = control(&service, "POST", "/mint", &json!({"login": "qa-second"})).1;
    assert_eq!(control(&service, "POST", "/clock", &json!({"advance": 30.5})).1["now"], 30.5);
    assert_eq!(verify(&later["token"]), 401);
}

#[test]
fn the_control_address_seeds_faults_and_failing_answers() {
    let service = service_with(ServiceOptions::default());
    let call = || service.respond(&request("GET", &format!("{BASE_PATH}/accounts"), &[], &Value::Null));
    let status = || call().map(|response| response.status);
    assert_eq!(
        control(&service, "POST", "/faults", &json!({"names": ["use-open-to-all"]})).1["seeded"],
        json!(["use-open-to-all"])
    );
    assert_eq!(status(), Some(200));
    assert_eq!(control(&service, "POST", "/faults", &json!({"names": ["no-such"]})).0, 400);
    assert_eq!(control(&service, "DELETE", "/faults", &Value::Null).1["seeded"], json!([]));
    let asked = json!({"status": 503, "path": "/accounts", "times": 2, "retryAfter": 7});
    assert_eq!(control(&service, "POST", "/failures", &asked).1["failuresWaiting"], 2);
    assert_eq!(log_in(&service, "no").status, 401, "another path does not fail");
    assert_eq!(call().expect("it is answered").header("retry-after"), Some("7"));
    assert_eq!([status(), status()], [Some(503), Some(401)]);
    control(&service, "POST", "/failures", &json!({"lost": true}));
    assert_eq!([status(), status()], [None, Some(401)]);
}

#[test]
fn the_control_address_refuses_web_pages() {
    let service = service_with(ServiceOptions::default());
    let json = ("Content-Type", "application/json");
    let ask = |headers: &[(&str, &str)]| {
        let asked = request("POST", "/clock", headers, &json!({"advance": 1}));
        Control::new(service.clone()).respond(&asked).expect("it is answered").status
    };
    assert_eq!(ask(&[("Host", "localhost:1"), json]), 200);
    assert_eq!(ask(&[("Host", "rebound.example"), json]), 403);
    assert_eq!(ask(&[("Host", "localhost:1"), ("Origin", "http://evil.example"), json]), 403);
    assert_eq!(ask(&[("Host", "localhost:1"), ("Content-Type", "text/plain")]), 415);
}

#[test]
fn the_page_escapes_logins_and_shows_no_password() {
    let user = crate::User { login: "<b>{users}".to_owned(), password: "swordfish".to_owned() };
    let server = StandIn::new(StandInOptions { users: vec![user], ..StandInOptions::default() });
    let origin = "http://127.0.0.1:8080".to_owned();
    let service = Service::new(server, ServiceOptions { origin, ..ServiceOptions::default() }, None);
    let page = service.respond(&request("GET", "/", &[], &Value::Null)).expect("it is answered");
    let text = String::from_utf8(page.body).expect("it is text");
    assert!(text.contains("&lt;b&gt;{users}") && text.contains("http://127.0.0.1:8080/proftrading/rest"), "{text}");
    assert!(!text.contains("swordfish") && !text.contains("<b>"));
}
