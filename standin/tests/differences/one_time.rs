//! Verifications of one-time tokens, right, wrong and repeated.

use serde_json::json;

use crate::{access::tampered, sights::Sights, support::Client};

pub(crate) fn one_time(client: &Client, sights: &mut Sights) {
    let tokens: Vec<String> = (0..3).map(|_| client.mint()).collect();
    let others = client.server.mint("qa-second").expect("a known login");
    sights.look(client.verify("made-up"));
    tokens.iter().for_each(|token| sights.notice(token));
    for token in [&tokens[1], &tokens[1], &tokens[1], &tokens[0], &tokens[2], &others] {
        sights.look(client.verify(token));
    }
    for ahead in [16.0, 28.0, 32.0, 50.0, 1_000_000.0] {
        let late = client.mint();
        client.turn(ahead);
        sights.look(client.verify(&late));
    }
}

pub(crate) fn bad_one_time(client: &Client, sights: &mut Sights) {
    let (pair, token) = (client.pair(), client.mint());
    let refused = json!({"token": "x"}).to_string();
    for bad in [json!(null), json!(""), json!(1), json!(true), json!([]), json!({})] {
        sights.look(client.send("POST", "/external/token/verify", &[], json!({"token": bad}).to_string().as_bytes()));
    }
    for body in ["", "{", "{}"] {
        sights.look(client.send("POST", "/external/token/verify", &[], body.as_bytes()));
    }
    for wrong in tampered(&token).iter().chain([&pair.access, &pair.refresh, &token]) {
        sights.look(client.verify(wrong));
    }
    for method in ["GET", "PUT", "DELETE"] {
        let body = json!({"token": client.mint()}).to_string();
        sights.look(client.send(method, "/external/token/verify", &[], body.as_bytes()));
    }
    let (asked, headed) = (client.mint(), client.mint());
    sights.look(client.send("POST", &format!("/external/token/verify?token={asked}"), &[], b"{}"));
    sights.look(client.send("POST", "/external/token/verify", &[("token", &headed)], b"{}"));
    for token in [&asked, &headed] {
        sights.look(client.verify(token));
    }
    let good = client.mint();
    for _ in 0..3 {
        sights.look(client.send("POST", "/external/token/verify", &[], refused.as_bytes()));
    }
    sights.look(client.verify(&good));
}
