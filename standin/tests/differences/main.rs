//! Every variation of the catalogue is observable: a server with it answers a fixed series of requests differently from a
//! server without variations.

mod access;
mod grown;
mod issue;
mod observations;
mod one_time;
mod race;
mod refresh;
mod settings;
#[path = "../support/mod.rs"]
mod support;

use observations::Observations;
use standin::{ApiArea, Variation, variations};
use support::TestClient;

/// A series of requests to a new server.
type DifferenceRound = fn(&TestClient, &mut Observations);

const ROUNDS: [DifferenceRound; 18] = [
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
    grown::near_misses,
    grown::refreshed_lifetimes,
    grown::odd_settings,
];

fn observe_server(names: &[&str]) -> Vec<String> {
    let mut observations = Observations::default();
    ROUNDS.iter().for_each(|round| round(&TestClient::with_variations(names), &mut observations));
    observations.seen
}

#[test]
fn two_servers_without_variations_behave_alike() {
    assert_eq!(observe_server(&[]), observe_server(&[]));
}

#[test]
fn every_variation_is_observable() {
    let documented = observe_server(&[]);
    // The self-test shows what narrow faults do, and that of several nodes needs several servers.
    let is_here = |one: &&Variation| one.area != ApiArea::Cluster && !variations::is_narrow(one);
    let all = variations::faults().iter().chain(variations::variants()).filter(is_here);
    let unseen: Vec<_> = all.map(|one| one.name).filter(|name| observe_server(&[name]) == documented).collect();
    assert!(unseen.is_empty(), "no request distinguishes {unseen:?}");
}
