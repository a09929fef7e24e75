//! Calls with access tokens, right, spoilt and too old.

use crate::{sights::Sights, support::Client};

pub(crate) fn calls(client: &Client, sights: &mut Sights) {
    let pair = client.pair();
    for _ in 0..6 {
        sights.look(client.probe(&pair.access));
    }
    sights.look(client.send("GET", "/accounts", &[], b""));
    for wrong in tampered(&pair.access).into_iter().chain([pair.refresh.clone(), client.mint()]) {
        sights.look(client.probe(&wrong));
    }
    for header in [pair.access.clone(), format!("bearer {}", pair.access)] {
        sights.look(client.send("GET", "/accounts", &[("Authorization", &header)], b""));
    }
    sights.look(client.send("GET", "/accounts", &[("X-Auth-Token", &pair.access)], b""));
    for name in ["access_token", "accessToken", "token"] {
        sights.look(client.send("GET", &format!("/accounts?{name}={}", pair.access), &[], b""));
    }
    client.second_pair();
    sights.look(client.probe(&pair.access));
}

pub(crate) fn expiry_of_access(client: &Client, sights: &mut Sights) {
    client.turn(0.4);
    let pair = client.pair();
    for ahead in [160.0, 138.5, 1.1, 0.6, 3.0, 250.0, 100_000.0] {
        client.turn(ahead);
        sights.look(client.probe(&pair.access));
    }
}

/// A token as somebody may have changed it, in each of its parts and as a whole.
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
