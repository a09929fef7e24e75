//! Requests that ask for a pair, right and wrong.

use serde_json::json;

use crate::{sights::Sights, support::Client};

pub(crate) fn logins(client: &Client, sights: &mut Sights) {
    for _ in 0..2 {
        sights.look(client.post_login(&client.credentials()));
    }
    let first = client.pair();
    client.turn(2.0);
    client.second_pair();
    client.pair();
    sights.look(client.probe(&first.access));
    sights.look(client.send("GET", "/auth/token", &[], client.credentials().to_string().as_bytes()));
    sights.look(client.send("PUT", "/auth/token", &[], client.credentials().to_string().as_bytes()));
    sights.look(client.send("DELETE", "/auth/token", &[], client.credentials().to_string().as_bytes()));
    sights.look(client.send("GET", "/no/such/path", &[], b""));
    sights.look(client.send("GET", "/no/such/path", &[("Authorization", "Bearer x")], b""));
    sights.look(client.send("GET", "/methods/errors?errorId=1.2.0.11", &[], b""));
    sights.look(client.send("GET", "/swagger.json", &[], b""));
}

pub(crate) fn near_passwords(client: &Client, sights: &mut Sights) {
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
        sights.look(client.post_login(&json!({"login": client.login(), "password": password})));
    }
    for login in ["nobody".to_owned(), client.login().to_uppercase(), format!(" {}", client.login())] {
        sights.look(client.post_login(&json!({"login": login, "password": client.password()})));
    }
}

pub(crate) fn bad_logins(client: &Client, sights: &mut Sights) {
    for field in ["login", "password"] {
        for bad in [json!(null), json!(""), json!(1), json!(true), json!([]), json!({})] {
            let mut credentials = client.credentials();
            credentials[field] = bad;
            sights.look(client.post_login(&credentials));
        }
        let mut credentials = client.credentials();
        credentials.as_object_mut().expect("an object").remove(field);
        sights.look(client.post_login(&credentials));
    }
    let good = client.credentials().to_string();
    let inside = [
        good[..good.len() - 1].to_owned(),
        json!([client.credentials()]).to_string(),
        json!(good).to_string(),
        good.replace('}', ",}"),
    ];
    for body in ["", "{", "7"].map(str::to_owned).into_iter().chain(inside) {
        sights.look(client.send("POST", "/auth/token", &[], body.as_bytes()));
    }
}

pub(crate) fn hostile_logins(client: &Client, sights: &mut Sights) {
    let long = "x".repeat(10_000);
    for login in ["Jürgen", "😀", "a\tb", "a\0b", "a'b", "' OR '1'='1", "%s%n", "../../etc/passwd", "<b>", &long] {
        sights.look(client.post_login(&json!({"login": login, "password": "wrong"})));
    }
}

pub(crate) fn misplaced_credentials(client: &Client, sights: &mut Sights) {
    let (login, password) = (client.login(), client.password());
    let basic = base64_of(&format!("{login}:{password}"));
    sights.look(client.send("POST", &format!("/auth/token?login={login}&password={password}"), &[], b"{}"));
    sights.look(client.send("POST", "/auth/token", &[("login", &login), ("password", &password)], b"{}"));
    sights.look(client.send("POST", "/auth/token", &[], format!("login={login}&password={password}").as_bytes()));
    sights.look(client.send("POST", "/auth/token", &[("Authorization", &format!("Basic {basic}"))], b"{}"));
}

fn base64_of(text: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    STANDARD.encode(text)
}
