//! Refreshes, right, wrong, too late and repeated.

use serde_json::json;

use crate::{
    access::tampered,
    sights::Sights,
    support::{Client, Pair},
};

pub(crate) fn refreshes(client: &Client, sights: &mut Sights) {
    let old = client.pair();
    client.second_pair();
    client.turn(100.0);
    let new = Pair::of(&sights.look(client.refresh(&old.refresh)));
    for access in [&old.access, &new.access] {
        sights.look(client.probe(access));
    }
    for _ in 0..2 {
        sights.look(client.refresh(&old.refresh));
    }
    client.turn(70.0);
    sights.look(client.refresh(&old.refresh));
    sights.look(client.probe(&new.access));
    client.turn(140.0);
    sights.look(client.probe(&new.access));
    let mut latest = new.refresh;
    for _ in 0..3 {
        latest = Pair::of(&sights.look(client.refresh(&latest))).refresh;
    }
}

pub(crate) fn bad_refreshes(client: &Client, sights: &mut Sights) {
    let pair = client.pair();
    sights.look(client.send("GET", "/auth/token/refresh", &[], b""));
    sights.look(client.refresh(""));
    for wrong in tampered(&pair.refresh).into_iter().chain([pair.access.clone(), client.mint()]) {
        sights.look(client.refresh(&wrong));
    }
    for method in ["POST", "PUT", "DELETE"] {
        let token = client.pair().refresh;
        sights.look(client.send(method, "/auth/token/refresh", &[("token", &token)], b""));
    }
    let body = json!({"token": client.pair().refresh}).to_string();
    sights.look(client.send("GET", "/auth/token/refresh", &[], body.as_bytes()));
}

pub(crate) fn expiry_of_refresh(client: &Client, sights: &mut Sights) {
    for ahead in [302.0, 2000.0, 3598.0, 3602.0, 5000.0, 1_000_000.0] {
        let client = Client { server: client.server.clone() };
        let pair = client.pair();
        client.turn(ahead);
        sights.look(client.refresh(&pair.refresh));
    }
}
