//! Valid, invalid, late and repeated refreshes.

use serde_json::json;

use crate::{
    access::tampered,
    observations::Observations,
    support::{TestClient, TestPair},
};

pub(crate) fn refreshes(client: &TestClient, observations: &mut Observations) {
    let old = client.pair();
    client.second_pair();
    client.advance(100.0);
    let new = TestPair::from_response(&observations.record(client.refresh(&old.refresh)));
    for access in [&old.access, &new.access] {
        observations.record(client.probe(access));
    }
    for _ in 0..2 {
        observations.record(client.refresh(&old.refresh));
    }
    client.advance(70.0);
    observations.record(client.refresh(&old.refresh));
    observations.record(client.probe(&new.access));
    client.advance(140.0);
    observations.record(client.probe(&new.access));
    let mut latest = new.refresh;
    for _ in 0..3 {
        latest = TestPair::from_response(&observations.record(client.refresh(&latest))).refresh;
    }
}

pub(crate) fn bad_refreshes(client: &TestClient, observations: &mut Observations) {
    let pair = client.pair();
    observations.record(client.send("GET", "/auth/token/refresh", &[], b""));
    observations.record(client.refresh(""));
    for wrong in tampered(&pair.refresh).into_iter().chain([pair.access.clone(), client.mint()]) {
        observations.record(client.refresh(&wrong));
    }
    for method in ["POST", "PUT", "DELETE"] {
        let token = client.pair().refresh;
        observations.record(client.send(method, "/auth/token/refresh", &[("token", &token)], b""));
    }
    let body = json!({"token": client.pair().refresh}).to_string();
    observations.record(client.send("GET", "/auth/token/refresh", &[], body.as_bytes()));
}

pub(crate) fn expiry_of_refresh(client: &TestClient, observations: &mut Observations) {
    for ahead in [302.0, 2000.0, 3598.0, 3602.0, 5000.0, 1_000_000.0] {
        let client = TestClient { server: client.server.clone() };
        let pair = client.pair();
        client.advance(ahead);
        observations.record(client.refresh(&pair.refresh));
    }
}
