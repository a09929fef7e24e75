//! Faults that need more than one request to be seen do what their line in the catalogue says, and no more.

mod support;

use std::{thread::sleep, time::Duration};

use serde_json::json;
use support::{Client, Pair, json_of};

/// Longer than any server holds a decision back.
const SETTLED: Duration = Duration::from_millis(60);

#[test]
fn verifications_that_meet_all_succeed_and_one_after_the_other_do_not() {
    let client = Client::of(&["race-verified-by-all"]);
    let token = client.mint();
    let met: Vec<u16> = (0..3).map(|_| client.verify(&token).status).collect();
    sleep(SETTLED);
    assert_eq!((met, client.verify(&token).status), (vec![200; 3], 401));
}

#[test]
fn of_verifications_that_meet_two_succeed() {
    let client = Client::of(&["race-verified-by-two"]);
    let token = client.mint();
    let met: Vec<u16> = (0..4).map(|_| client.verify(&token).status).collect();
    assert_eq!(met.iter().filter(|status| **status == 200).count(), 2, "{met:?}");
}

#[test]
fn a_login_that_waits_for_its_answer_meets_nobody() {
    for name in ["race-logins-share-pair", "race-logins-lose-updates", "race-logins-collide", "race-users-share-pair"] {
        let client = Client::of(&[name]);
        let pairs: Vec<Pair> = (0..2)
            .map(|_| {
                let response = client.post_login(&client.credentials());
                sleep(response.delay.expect("it is held back"));
                Pair::of(&response)
            })
            .collect();
        assert_ne!(pairs[0], pairs[1], "{name}");
        assert!(pairs.iter().all(|pair| client.probe(&pair.access).status == 200), "{name}");
    }
}

#[test]
fn a_refresh_that_waits_for_its_answer_meets_nobody() {
    let names =
        ["race-refreshes-collide", "race-refreshed-pairs-die", "race-last-refresh-wins", "race-refresh-revokes-family"];
    for name in names {
        let client = Client::of(&[name]);
        let old = client.pair();
        let response = client.refresh(&old.refresh);
        sleep(response.delay.expect("it is held back"));
        let new = Pair::of(&response);
        assert_eq!(client.refresh(&old.refresh).status, 401, "{name}");
        assert_eq!(client.probe(&new.access).status, 200, "{name}");
        assert_eq!(client.refresh(&new.refresh).status, 200, "{name}");
    }
}

#[test]
fn of_refreshes_that_meet_some_pair_does_not_work() {
    for name in ["race-refreshed-pairs-die", "race-last-refresh-wins", "race-refresh-revokes-family"] {
        let client = Client::of(&[name]);
        let old = client.pair();
        let met: Vec<_> = (0..3).map(|_| client.refresh(&old.refresh)).filter(|one| one.status == 200).collect();
        let dead = met.iter().filter(|one| client.probe(&Pair::of(one).access).status == 401).count();
        assert!(dead > 0, "{name}");
    }
}

#[test]
fn use_prolongs_an_access_token_and_disuse_does_not() {
    let client = Client::of(&["expiry-use-prolongs"]);
    let (used, unused) = (client.pair(), client.pair());
    client.turn(200.0);
    assert_eq!(client.probe(&used.access).status, 200);
    client.turn(200.0);
    assert_eq!((client.probe(&used.access).status, client.probe(&unused.access).status), (200, 401));
}

#[test]
fn an_inherited_lifetime_ends_with_the_old_one() {
    let client = Client::of(&["refresh-lifetime-inherited"]);
    let old = client.pair();
    client.turn(200.0);
    let new = Pair::of(&client.refresh(&old.refresh));
    client.turn(99.0);
    assert_eq!(client.probe(&new.access).status, 200);
    client.turn(1.0);
    assert_eq!(client.probe(&new.access).status, 401);
}

#[test]
fn a_replay_ends_the_session_unless_it_is_a_second_try() {
    let client = Client::of(&["session-replay-ends-session"]);
    let old = client.pair();
    let new = Pair::of(&client.refresh(&old.refresh));
    client.refresh(&old.refresh);
    assert_eq!(client.probe(&new.access).status, 200);
    client.turn(6.0);
    client.refresh(&old.refresh);
    assert_eq!((client.probe(&new.access).status, client.refresh(&new.refresh).status), (401, 401));
}

#[test]
fn a_lifetime_that_is_only_told_is_not_kept() {
    let client = Client::of(&["settings-access-only-told"]);
    let access = client.pair().access;
    client.patch(&access, &json!({"accessTokenLifeTime": 7}));
    let response = client.post_login(&client.credentials());
    assert_eq!(json_of(&response)["accessTokenLifeTime"], 7);
    client.turn(60.0);
    assert_eq!(client.probe(&Pair::of(&response).access).status, 200);
}

#[test]
fn faults_can_be_combined() {
    let client = Client::of(&["issue-password-null", "one-time-reusable", "refusal-nested"]);
    assert_eq!(client.post_login(&json!({"login": client.login(), "password": null})).status, 200);
    let token = client.mint();
    assert_eq!((client.verify(&token).status, client.verify(&token).status), (200, 200));
    assert_eq!(json_of(&client.verify("made-up"))["error"]["code"], "1.2.0.14");
}
