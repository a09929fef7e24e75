//! Changes of lifetimes, right and wrong.

use serde_json::json;

use crate::{
    sights::Sights,
    support::{Client, Pair},
};

pub(crate) fn settings(client: &Client, sights: &mut Sights) {
    for (name, lifetime) in [("accessTokenLifeTime", 20), ("refreshTokenLifeTime", 21), ("ottLifeTime", 22)] {
        let access = client.pair().access;
        sights.look(client.patch(&access, &json!({name: lifetime})));
        let pair = Pair::of(&sights.look(client.post_login(&client.credentials())));
        let token = client.mint();
        client.turn(18.0);
        sights.look(client.probe(&pair.access));
        client.turn(4.0);
        sights.look(client.probe(&pair.access));
        sights.look(client.refresh(&pair.refresh));
        sights.look(client.verify(&token));
    }
    let access = client.pair().access;
    sights.look(client.patch(&access, &json!({"ottLifeTime": 1})));
    sights.look(client.send("GET", "/connectors/settings", &[("Authorization", &format!("Bearer {access}"))], b""));
}

pub(crate) fn bad_settings(client: &Client, sights: &mut Sights) {
    let access = client.pair().access;
    sights.look(client.send("PATCH", "/connectors/settings", &[], br#"{"accessTokenLifeTime": 44}"#));
    sights.look(client.post_login(&client.credentials()));
    sights.look(client.patch("made-up", &json!({"accessTokenLifeTime": 55})));
    for bad in [json!(0), json!(-60), json!("ten")] {
        sights.look(client.patch(&access, &json!({"accessTokenLifeTime": bad})));
        sights.look(client.post_login(&client.credentials()));
    }
    sights.look(client.send("PATCH", "/connectors/settings", &[("Authorization", &format!("Bearer {access}"))], b"{"));
}
