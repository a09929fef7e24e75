//! Requests that meet.

use serde_json::json;

use crate::{
    sights::Sights,
    support::{Client, Pair},
};

/// Requests that meet: nobody waits for the answer before the next is sent.
pub(crate) fn races(client: &Client, sights: &mut Sights) {
    let users = client.server.users().to_vec();
    let logins = [0, 0, 1].map(|user: usize| {
        let body = json!({"login": users[user].login, "password": users[user].password});
        Pair::of(&sights.look(client.post_login(&body)))
    });
    for pair in &logins {
        sights.look(client.probe(&pair.access));
    }
    let refreshed: Vec<Pair> = (0..3).map(|_| Pair::of(&sights.look(client.refresh(&logins[2].refresh)))).collect();
    for pair in &refreshed {
        sights.look(client.probe(&pair.access));
    }
    let token = client.mint();
    for _ in 0..4 {
        sights.look(client.verify(&token));
    }
}
