//! Valid, invalid and repeated verifications of one-time tokens.

use serde_json::json;

use crate::{access::tampered, observations::Observations, support::TestClient};

pub(crate) fn one_time(client: &TestClient, observations: &mut Observations) {
    let tokens: Vec<String> = (0..3).map(|_| client.mint()).collect();
    let others = client.server.mint("qa-second").expect("a known login");
    observations.record(client.verify("made-up"));
    tokens.iter().for_each(|token| observations.record_token(token));
    for token in [&tokens[1], &tokens[1], &tokens[1], &tokens[0], &tokens[2], &others] {
        observations.record(client.verify(token));
    }
    for ahead in [16.0, 28.0, 32.0, 50.0, 1_000_000.0] {
        let late = client.mint();
        client.advance(ahead);
        observations.record(client.verify(&late));
    }
}

pub(crate) fn bad_one_time(client: &TestClient, observations: &mut Observations) {
    let (pair, token) = (client.pair(), client.mint());
    let refused = json!({"token": "x"}).to_string();
    for bad in [json!(null), json!(""), json!(1), json!(true), json!([]), json!({})] {
        observations.record(client.send(
            "POST",
            "/external/token/verify",
            &[],
            json!({"token": bad}).to_string().as_bytes(),
        ));
    }
    for body in ["", "{", "{}"] {
        observations.record(client.send("POST", "/external/token/verify", &[], body.as_bytes()));
    }
    for wrong in tampered(&token).iter().chain([&pair.access, &pair.refresh, &token]) {
        observations.record(client.verify(wrong));
    }
    for method in ["GET", "PUT", "DELETE"] {
        let body = json!({"token": client.mint()}).to_string();
        observations.record(client.send(method, "/external/token/verify", &[], body.as_bytes()));
    }
    let (asked, headed) = (client.mint(), client.mint());
    observations.record(client.send("POST", &format!("/external/token/verify?token={asked}"), &[], b"{}"));
    observations.record(client.send("POST", "/external/token/verify", &[("token", &headed)], b"{}"));
    for token in [&asked, &headed] {
        observations.record(client.verify(token));
    }
    let good = client.mint();
    for _ in 0..3 {
        observations.record(client.send("POST", "/external/token/verify", &[], refused.as_bytes()));
    }
    observations.record(client.verify(&good));
}
