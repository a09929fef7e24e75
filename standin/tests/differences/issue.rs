//! Valid and invalid logins.

use serde_json::json;

use crate::{observations::Observations, support::TestClient};

pub(crate) fn logins(client: &TestClient, observations: &mut Observations) {
    for _ in 0..2 {
        observations.record(client.post_login(&client.credentials()));
    }
    let first = client.pair();
    client.advance(2.0);
    client.second_pair();
    client.pair();
    observations.record(client.probe(&first.access));
    observations.record(client.send("GET", "/auth/token", &[], client.credentials().to_string().as_bytes()));
    observations.record(client.send("PUT", "/auth/token", &[], client.credentials().to_string().as_bytes()));
    observations.record(client.send("DELETE", "/auth/token", &[], client.credentials().to_string().as_bytes()));
    observations.record(client.send("GET", "/no/such/path", &[], b""));
    observations.record(client.send("GET", "/no/such/path", &[("Authorization", "Bearer x")], b""));
    observations.record(client.send("GET", "/methods/errors?errorId=1.2.0.11", &[], b""));
    observations.record(client.send("GET", "/swagger.json", &[], b""));
}

pub(crate) fn near_passwords(client: &TestClient, observations: &mut Observations) {
    let password = client.password();
    let near = [
        "wrong".to_owned(),
        password[..password.len() - 3].to_owned(),
        format!("{password}x"),
        password.to_ascii_uppercase(),
        format!(" {password}"),
        format!("{password} "),
        format!("{}xxxxxxx", &password[..8]),
        format!("x{password}x"),
        client.server.users()[1].password.clone(),
    ];
    for password in near {
        observations.record(client.post_login(&json!({"login": client.login(), "password": password})));
    }
    for login in ["unknown".to_owned(), client.login().to_uppercase(), format!(" {}", client.login())] {
        observations.record(client.post_login(&json!({"login": login, "password": client.password()})));
    }
}

pub(crate) fn bad_logins(client: &TestClient, observations: &mut Observations) {
    for field in ["login", "password"] {
        for bad in [json!(null), json!(""), json!(1), json!(true), json!([]), json!({})] {
            let mut credentials = client.credentials();
            credentials[field] = bad;
            observations.record(client.post_login(&credentials));
        }
        let mut credentials = client.credentials();
        credentials.as_object_mut().expect("an object").remove(field);
        observations.record(client.post_login(&credentials));
    }
    let good = client.credentials().to_string();
    let inside = [
        good[..good.len() - 1].to_owned(),
        json!([client.credentials()]).to_string(),
        json!(good).to_string(),
        good.replace('}', ",}"),
    ];
    for body in ["", "{", "7"].map(str::to_owned).into_iter().chain(inside) {
        observations.record(client.send("POST", "/auth/token", &[], body.as_bytes()));
    }
}

pub(crate) fn hostile_logins(client: &TestClient, observations: &mut Observations) {
    let long = "x".repeat(10_000);
    for login in ["Jürgen", "😀", "a\tb", "a\0b", "a'b", "' OR '1'='1", "%s%n", "../../etc/passwd", "<b>", &long] {
        observations.record(client.post_login(&json!({"login": login, "password": "wrong"})));
    }
}

pub(crate) fn misplaced_credentials(client: &TestClient, observations: &mut Observations) {
    let (login, password) = (client.login(), client.password());
    let basic = to_base64(&format!("{login}:{password}"));
    observations.record(client.send("POST", &format!("/auth/token?login={login}&password={password}"), &[], b"{}"));
    observations.record(client.send("POST", "/auth/token", &[("login", &login), ("password", &password)], b"{}"));
    observations.record(client.send(
        "POST",
        "/auth/token",
        &[],
        format!("login={login}&password={password}").as_bytes(),
    ));
    observations.record(client.send("POST", "/auth/token", &[("Authorization", &format!("Basic {basic}"))], b"{}"));
}

fn to_base64(text: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(text)
}
