//! Overlapping requests.

use serde_json::json;

use crate::{
    observations::Observations,
    support::{TestClient, TestPair},
};

/// Sends requests without waiting for delayed responses.
pub(crate) fn races(client: &TestClient, observations: &mut Observations) {
    let users = client.server.users().to_vec();
    let logins = [0, 0, 1].map(|user: usize| {
        let body = json!({"login": users[user].login, "password": users[user].password});
        TestPair::from_response(&observations.record(client.post_login(&body)))
    });
    for pair in &logins {
        observations.record(client.probe(&pair.access));
    }
    let refreshed: Vec<TestPair> =
        (0..3).map(|_| TestPair::from_response(&observations.record(client.refresh(&logins[2].refresh)))).collect();
    for pair in &refreshed {
        observations.record(client.probe(&pair.access));
    }
    let token = client.mint();
    for _ in 0..4 {
        observations.record(client.verify(&token));
    }
}
