//! Every variation of the catalogue is seen by some client: a server that has it answers a fixed round of requests
//! differently from one that has none.

mod access;
mod issue;
mod one_time;
mod race;
mod refresh;
mod settings;
mod sights;
#[path = "../support/mod.rs"]
mod support;

use sights::Sights;
use standin::variations;
use support::Client;

/// One round of requests to a server of its own.
type Round = fn(&Client, &mut Sights);

const ROUNDS: [Round; 15] = [
    issue::logins,
    issue::near_passwords,
    issue::bad_logins,
    issue::hostile_logins,
    issue::misplaced_credentials,
    access::calls,
    access::expiry_of_access,
    refresh::refreshes,
    refresh::bad_refreshes,
    refresh::expiry_of_refresh,
    one_time::one_time,
    one_time::bad_one_time,
    settings::settings,
    settings::bad_settings,
    race::races,
];

fn sights_of(names: &[&str]) -> Vec<String> {
    let mut sights = Sights::default();
    ROUNDS.iter().for_each(|round| round(&Client::of(names), &mut sights));
    sights.seen
}

#[test]
fn two_servers_without_variations_are_not_told_apart() {
    assert_eq!(sights_of(&[]), sights_of(&[]));
}

#[test]
fn every_variation_is_seen() {
    let documented = sights_of(&[]);
    let all = variations::faults().iter().chain(variations::freedoms());
    let unseen: Vec<_> = all.map(|one| one.name).filter(|name| sights_of(&[name]) == documented).collect();
    assert!(unseen.is_empty(), "no request shows {unseen:?}");
}
