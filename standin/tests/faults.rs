//! Faults that take several requests to observe have exactly the effect of their catalogue entry.

mod support;

use std::{thread::sleep, time::Duration};

use serde_json::json;
use support::{TestClient, TestPair, json_of};

/// Longer than any race delay.
const AFTER_RACE: Duration = Duration::from_millis(60);

#[test]
fn overlapping_verifications_all_succeed_and_later_ones_fail() {
    let client = TestClient::with_variations(&["race-verified-by-all"]);
    let token = client.mint();
    let responses: Vec<u16> = (0..3).map(|_| client.verify(&token).status).collect();
    sleep(AFTER_RACE);
    assert_eq!((responses, client.verify(&token).status), (vec![200; 3], 401));
}

#[test]
fn of_overlapping_verifications_two_succeed() {
    let client = TestClient::with_variations(&["race-verified-by-two"]);
    let token = client.mint();
    let responses: Vec<u16> = (0..4).map(|_| client.verify(&token).status).collect();
    assert_eq!(responses.iter().filter(|status| **status == 200).count(), 2, "{responses:?}");
}

#[test]
fn sequential_logins_do_not_overlap() {
    for name in ["race-logins-share-pair", "race-logins-lose-updates", "race-logins-collide", "race-users-share-pair"] {
        let client = TestClient::with_variations(&[name]);
        let pairs: Vec<TestPair> = (0..2)
            .map(|_| {
                let response = client.post_login(&client.credentials());
                sleep(response.delay.expect("it is delayed"));
                TestPair::from_response(&response)
            })
            .collect();
        assert_ne!(pairs[0], pairs[1], "{name}");
        assert!(pairs.iter().all(|pair| client.probe(&pair.access).status == 200), "{name}");
    }
}

#[test]
fn sequential_refreshes_do_not_overlap() {
    let names =
        ["race-refreshes-collide", "race-refreshed-pairs-die", "race-last-refresh-wins", "race-refresh-revokes-family"];
    for name in names {
        let client = TestClient::with_variations(&[name]);
        let old = client.pair();
        let response = client.refresh(&old.refresh);
        sleep(response.delay.expect("it is delayed"));
        let new = TestPair::from_response(&response);
        assert_eq!(client.refresh(&old.refresh).status, 401, "{name}");
        assert_eq!(client.probe(&new.access).status, 200, "{name}");
        assert_eq!(client.refresh(&new.refresh).status, 200, "{name}");
    }
}

#[test]
fn of_overlapping_refreshes_some_pair_does_not_work() {
    for name in ["race-refreshed-pairs-die", "race-last-refresh-wins", "race-refresh-revokes-family"] {
        let client = TestClient::with_variations(&[name]);
        let old = client.pair();
        let responses: Vec<_> = (0..3).map(|_| client.refresh(&old.refresh)).filter(|one| one.status == 200).collect();
        let dead =
            responses.iter().filter(|one| client.probe(&TestPair::from_response(one).access).status == 401).count();
        assert!(dead > 0, "{name}");
    }
}

#[test]
fn only_use_prolongs_an_access_token() {
    let client = TestClient::with_variations(&["expiry-use-prolongs"]);
    let (used, unused) = (client.pair(), client.pair());
    client.advance(200.0);
    assert_eq!(client.probe(&used.access).status, 200);
    client.advance(200.0);
    assert_eq!((client.probe(&used.access).status, client.probe(&unused.access).status), (200, 401));
}

#[test]
fn an_inherited_lifetime_ends_with_the_old_token() {
    let client = TestClient::with_variations(&["refresh-lifetime-inherited"]);
    let old = client.pair();
    client.advance(200.0);
    let new = TestPair::from_response(&client.refresh(&old.refresh));
    client.advance(99.0);
    assert_eq!(client.probe(&new.access).status, 200);
    client.advance(1.0);
    assert_eq!(client.probe(&new.access).status, 401);
}

#[test]
fn a_replay_ends_the_session_unless_it_is_a_retry() {
    let client = TestClient::with_variations(&["session-replay-ends-session"]);
    let old = client.pair();
    let new = TestPair::from_response(&client.refresh(&old.refresh));
    client.refresh(&old.refresh);
    assert_eq!(client.probe(&new.access).status, 200);
    client.advance(6.0);
    client.refresh(&old.refresh);
    assert_eq!((client.probe(&new.access).status, client.refresh(&new.refresh).status), (401, 401));
}

#[test]
fn a_lifetime_that_is_only_announced_is_not_applied() {
    let client = TestClient::with_variations(&["settings-access-only-told"]);
    let access = client.pair().access;
    client.patch(&access, &json!({"accessTokenLifeTime": 7}));
    let response = client.post_login(&client.credentials());
    assert_eq!(json_of(&response)["accessTokenLifeTime"], 7);
    client.advance(60.0);
    assert_eq!(client.probe(&TestPair::from_response(&response).access).status, 200);
}

#[test]
fn faults_can_be_combined() {
    let client = TestClient::with_variations(&["issue-password-null", "one-time-reusable", "refusal-nested"]);
    assert_eq!(client.post_login(&json!({"login": client.login(), "password": null})).status, 200);
    let token = client.mint();
    assert_eq!((client.verify(&token).status, client.verify(&token).status), (200, 200));
    assert_eq!(json_of(&client.verify("made-up"))["error"]["code"], "1.2.0.14");
}
