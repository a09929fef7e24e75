//! Valid and invalid changes of lifetimes.

use serde_json::json;

use crate::{
    observations::Observations,
    support::{TestClient, TestPair},
};

pub(crate) fn settings(client: &TestClient, observations: &mut Observations) {
    for (name, lifetime) in [("accessTokenLifeTime", 20), ("refreshTokenLifeTime", 21), ("ottLifeTime", 22)] {
        let access = client.pair().access;
        observations.record(client.patch(&access, &json!({name: lifetime})));
        let pair = TestPair::from_response(&observations.record(client.post_login(&client.credentials())));
        let token = client.mint();
        client.advance(18.0);
        observations.record(client.probe(&pair.access));
        client.advance(4.0);
        observations.record(client.probe(&pair.access));
        observations.record(client.refresh(&pair.refresh));
        observations.record(client.verify(&token));
    }
    let access = client.pair().access;
    observations.record(client.patch(&access, &json!({"ottLifeTime": 1})));
    observations.record(client.send(
        "GET",
        "/connectors/settings",
        &[("Authorization", &format!("Bearer {access}"))],
        b"",
    ));
}

pub(crate) fn bad_settings(client: &TestClient, observations: &mut Observations) {
    let access = client.pair().access;
    observations.record(client.send("PATCH", "/connectors/settings", &[], br#"{"accessTokenLifeTime": 44}"#));
    observations.record(client.post_login(&client.credentials()));
    observations.record(client.patch("made-up", &json!({"accessTokenLifeTime": 55})));
    for bad in [json!(0), json!(-60), json!("ten")] {
        observations.record(client.patch(&access, &json!({"accessTokenLifeTime": bad})));
        observations.record(client.post_login(&client.credentials()));
    }
    observations.record(client.send(
        "PATCH",
        "/connectors/settings",
        &[("Authorization", &format!("Bearer {access}"))],
        b"{",
    ));
}
