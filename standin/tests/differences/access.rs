//! Calls with valid, modified and expired access tokens.

use crate::{observations::Observations, support::TestClient};

pub(crate) fn calls(client: &TestClient, observations: &mut Observations) {
    let pair = client.pair();
    for _ in 0..6 {
        observations.record(client.probe(&pair.access));
    }
    observations.record(client.send("GET", "/accounts", &[], b""));
    for wrong in tampered(&pair.access).into_iter().chain([pair.refresh.clone(), client.mint()]) {
        observations.record(client.probe(&wrong));
    }
    for header in [pair.access.clone(), format!("bearer {}", pair.access)] {
        observations.record(client.send("GET", "/accounts", &[("Authorization", &header)], b""));
    }
    observations.record(client.send("GET", "/accounts", &[("X-Auth-Token", &pair.access)], b""));
    for name in ["access_token", "accessToken", "token"] {
        observations.record(client.send("GET", &format!("/accounts?{name}={}", pair.access), &[], b""));
    }
    client.second_pair();
    observations.record(client.probe(&pair.access));
}

pub(crate) fn expiry_of_access(client: &TestClient, observations: &mut Observations) {
    client.advance(0.4);
    let pair = client.pair();
    for ahead in [160.0, 138.5, 1.1, 0.6, 3.0, 250.0, 100_000.0] {
        client.advance(ahead);
        observations.record(client.probe(&pair.access));
    }
}

/// Modifications of a token, in each part and as a whole.
pub(crate) fn tampered(token: &str) -> Vec<String> {
    let (first, second) = token.split_once('.').unwrap_or((token, ""));
    vec![
        format!("!{}.{second}", first.get(1..).unwrap_or_default()),
        format!("{first}.!{}", second.get(1..).unwrap_or_default()),
        first.to_owned(),
        second.to_owned(),
        token[..token.len() / 2].to_owned(),
        format!("{token}xyz"),
        token.to_ascii_uppercase(),
        "a-made-up.token-of.three-parts".to_owned(),
        "a-made-up-token-without-any-part".to_owned(),
        "short".to_owned(),
    ]
}
