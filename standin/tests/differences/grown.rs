//! Near misses, other spellings and lifetimes of refreshed tokens.

use serde_json::json;

use crate::{
    observations::Observations,
    support::{TestClient, TestPair},
};

pub(crate) fn near_misses(client: &TestClient, observations: &mut Observations) {
    let (login, password) = (client.login(), client.password());
    let other_end = format!("{}\u{1}", &password[..password.len() - 1]);
    let encoded: String = password.bytes().map(|byte| format!("%{byte:02x}")).collect();
    for tried in [other_end, format!("{password}\0"), encoded] {
        observations.record(client.post_login(&json!({"login": login, "password": tried})));
    }
    for word in ["null", "undefined", &login] {
        observations.record(client.probe(word));
    }
    let access = client.pair().access;
    observations.record(client.send("GET", "/accounts", &[("Authorization", &format!("Basic {access}"))], b""));
    for path in ["/accounts/", "//accounts", "/%61ccounts", "/ACCOUNTS", "/accounts;x=1", "/accounts.json"] {
        observations.record(client.send("GET", path, &[], b""));
    }
    let refresh = client.pair().refresh;
    observations.record(client.send("GET", &format!("/auth/token/refresh?token={refresh}"), &[], b""));
}

pub(crate) fn refreshed_lifetimes(client: &TestClient, observations: &mut Observations) {
    for (before, after) in [(10.0, 310.0), (1800.0, 2000.0), (10.0, 3610.0)] {
        let old = client.pair();
        client.advance(before);
        let new = TestPair::from_response(&observations.record(client.refresh(&old.refresh)));
        client.advance(after);
        observations.record(client.probe(&new.access));
        observations.record(client.refresh(&new.refresh));
    }
}

pub(crate) fn odd_settings(client: &TestClient, observations: &mut Observations) {
    let bearer = format!("Bearer {}", client.pair().access);
    let text = json!(r#"{"accessTokenLifeTime":71}"#).to_string();
    let bodies =
        ["", r#"[{"accessTokenLifeTime":72}]"#, &text, r#"{"accessTokenLifeTime":73,"refreshTokenLifeTime":-1}"#];
    for body in bodies {
        observations.record(client.send(
            "PATCH",
            "/connectors/settings",
            &[("Authorization", &bearer)],
            body.as_bytes(),
        ));
        observations.record(client.post_login(&client.credentials()));
    }
}
