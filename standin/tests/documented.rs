//! A server without variations behaves as documented.

mod support;

use serde_json::json;
use support::{TestClient, TestPair, json_of};

#[test]
fn a_login_returns_a_pair_and_both_lifetimes() {
    let client = TestClient::with_variations(&[]);
    let response = client.post_login(&client.credentials());
    let answer = json_of(&response);
    assert_eq!((response.status, response.header("content-type")), (200, Some("application/json")));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert_eq!((&answer["accessTokenLifeTime"], &answer["refreshTokenLifeTime"]), (&json!(300), &json!(3600)));
    let pair = TestPair::from_response(&response);
    assert_eq!((pair.access.split('.').count(), pair.refresh.split('.').count()), (2, 2));
    assert!(pair.access.len() > 100 && pair.access != pair.refresh);
}

#[test]
fn wrong_password_and_unknown_login_are_refused_alike() {
    let client = TestClient::with_variations(&[]);
    let wrong = client.post_login(&json!({"login": client.login(), "password": "wrong"}));
    let unknown = client.post_login(&json!({"login": "unknown", "password": "wrong"}));
    assert_eq!((wrong.status, &wrong), (401, &unknown));
    assert_eq!(json_of(&wrong)["errorId"], "1.2.0.11");
}

#[test]
fn a_login_needs_both_fields_as_texts() {
    let client = TestClient::with_variations(&[]);
    for field in ["login", "password"] {
        for bad in [json!(null), json!(""), json!(1), json!(true), json!([]), json!({})] {
            let mut credentials = client.credentials();
            credentials[field] = bad.clone();
            let response = client.post_login(&credentials);
            assert_eq!((response.status, &json_of(&response)["errorId"]), (406, &json!("1.6.2.2")), "{field} {bad}");
        }
    }
}

#[test]
fn a_body_other_than_a_json_object_is_a_bad_request() {
    let client = TestClient::with_variations(&[]);
    for body in ["", "{", "[]", "1", "null", "\"text\"", "login=a&password=b"] {
        assert_eq!(client.send("POST", "/auth/token", &[], body.as_bytes()).status, 400, "{body}");
    }
    assert_eq!(client.send("POST", "/auth/token", &[], &vec![b' '; 2_000_000]).status, 400);
}

#[test]
fn credentials_outside_the_body_are_ignored() {
    let client = TestClient::with_variations(&[]);
    let (login, password) = (client.login(), client.password());
    let query = format!("/auth/token?login={login}&password={password}");
    let form = format!("login={login}&password={password}");
    assert_eq!(client.send("POST", &query, &[], b"").status, 400);
    assert_eq!(client.send("POST", "/auth/token", &[("login", &login), ("password", &password)], b"").status, 400);
    assert_eq!(client.send("POST", "/auth/token", &[], form.as_bytes()).status, 400);
}

#[test]
fn an_access_token_returns_its_owners_accounts_until_it_expires() {
    let client = TestClient::with_variations(&[]);
    let (first, second) = (client.pair(), client.second_pair());
    assert_eq!(json_of(&client.probe(&first.access))[0]["owner"], "qa-certifier");
    assert_eq!(json_of(&client.probe(&second.access))[0]["owner"], "qa-second");
    client.advance(299.9);
    assert_eq!(client.probe(&first.access).status, 200);
    client.advance(0.1);
    assert_eq!(client.probe(&first.access).status, 401);
}

#[test]
fn a_protected_call_without_a_valid_token_gets_a_challenge() {
    let client = TestClient::with_variations(&[]);
    let pair = client.pair();
    let bare = client.send("GET", "/accounts", &[("Authorization", &pair.access)], b"");
    let refused =
        [client.send("GET", "/accounts", &[], b""), client.probe("made-up"), client.probe(&pair.refresh), bare];
    for response in refused {
        assert_eq!((response.status, response.header("www-authenticate")), (401, Some("Bearer")));
    }
}

#[test]
fn a_refresh_spends_its_token_and_keeps_the_old_access_token_valid() {
    let client = TestClient::with_variations(&[]);
    let old = client.pair();
    client.advance(200.0);
    let new = TestPair::from_response(&client.refresh(&old.refresh));
    assert_eq!(client.refresh(&old.refresh).status, 401);
    assert_eq!((client.probe(&old.access).status, client.probe(&new.access).status), (200, 200));
    client.advance(200.0);
    assert_eq!((client.probe(&old.access).status, client.probe(&new.access).status), (401, 200));
    assert_eq!(client.refresh(&new.refresh).status, 200);
}

#[test]
fn a_refresh_token_expires_and_other_tokens_are_refused() {
    let client = TestClient::with_variations(&[]);
    let pair = client.pair();
    assert_eq!(client.refresh(&pair.access).status, 401);
    assert_eq!(client.refresh(&client.mint()).status, 401);
    assert_eq!(client.send("GET", "/auth/token/refresh", &[], b"").status, 406);
    client.advance(3600.0);
    assert_eq!(client.refresh(&pair.refresh).status, 401);
}

#[test]
fn a_one_time_token_names_its_user_once() {
    let client = TestClient::with_variations(&[]);
    let (first, second) = (client.mint(), client.server.mint("qa-second").expect("a known login"));
    assert_eq!(json_of(&client.verify(&first)), json!({"login": "qa-certifier"}));
    assert_eq!(json_of(&client.verify(&second)), json!({"login": "qa-second"}));
    let (used, unknown) = (client.verify(&first), client.verify("made-up"));
    assert_eq!((used.status, &used), (401, &unknown));
    let unused = client.mint();
    client.advance(30.0);
    assert_eq!(client.verify(&unused), unknown);
    assert_eq!(client.server.mint("unknown"), None);
}

#[test]
fn a_settings_change_applies_to_later_tokens_only() {
    let client = TestClient::with_variations(&[]);
    let before = client.pair();
    let response = client.patch(&before.access, &json!({"accessTokenLifeTime": 7}));
    let all = json!({"accessTokenLifeTime": 7, "refreshTokenLifeTime": 3600, "ottLifeTime": 30});
    assert_eq!((response.status, json_of(&response)), (200, all));
    let after = client.pair();
    client.advance(7.0);
    assert_eq!((client.probe(&before.access).status, client.probe(&after.access).status), (200, 401));
}

#[test]
fn a_bad_change_of_settings_changes_nothing() {
    let client = TestClient::with_variations(&[]);
    let access = client.pair().access;
    for bad in [json!(0), json!(-60), json!("ten"), json!(null), json!(1.5), json!(u64::MAX)] {
        let both = json!({"refreshTokenLifeTime": 60, "accessTokenLifeTime": bad});
        assert_eq!(client.patch(&access, &both).status, 406, "{bad}");
    }
    assert_eq!(client.patch("made-up", &json!({"accessTokenLifeTime": 7})).status, 401);
    let answer = json_of(&client.post_login(&client.credentials()));
    assert_eq!((&answer["accessTokenLifeTime"], &answer["refreshTokenLifeTime"]), (&json!(300), &json!(3600)));
}

#[test]
fn unknown_paths_and_wrong_methods_have_different_statuses() {
    let client = TestClient::with_variations(&[]);
    assert_eq!(client.send("GET", "/no/such/path", &[], b"").status, 404);
    let wrong = client.send("GET", "/auth/token", &[], b"");
    assert_eq!((wrong.status, wrong.header("allow")), (405, Some("POST, OPTIONS")));
    let options = client.send("OPTIONS", "/auth/token/refresh", &[], b"");
    assert_eq!((options.status, options.header("allow")), (204, Some("GET, HEAD, OPTIONS")));
    let head = client.send("HEAD", "/swagger.json", &[], b"");
    assert_eq!((head.status, head.body.is_empty()), (200, true));
}

#[test]
fn error_codes_are_explained() {
    let client = TestClient::with_variations(&[]);
    let explained = client.send("GET", "/methods/errors?errorId=1.2.0.11", &[], b"");
    assert_eq!(json_of(&explained)["message"], "Wrong login or password");
    assert_eq!(client.send("GET", "/methods/errors?errorId=9.9.9.9", &[], b"").status, 404);
}
