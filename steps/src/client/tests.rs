//! The client against a small server: repetition after 429, bounds, and what it records.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::{hindrance::MOST_REPEATS, *};
use crate::test_server::{TestServer, answer, token_answer};

const AT_ONCE: &str = "Retry-After: 0\r\n";

async fn send(api: &crate::api::Api) -> Result<Answer, Trouble> {
    api.client.send(Call::Other, Request::new("GET", "/anything")).await
}

#[tokio::test]
async fn a_request_is_repeated_until_the_server_stops_answering_429() {
    let refusals = AtomicUsize::new(0);
    let server = TestServer::start(move |_| match refusals.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => answer(429, AT_ONCE, ""),
        _ => answer(200, "", "{}"),
    })
    .await;
    let api = server.api();
    assert_eq!(send(&api).await.map(|answer| answer.status).ok(), Some(200));
    let statuses = |exchange: &crate::ExchangeRecord| exchange.answer.as_ref().map(|answer| answer.status).ok();
    let recorded: Vec<_> = api.client.journal.take().exchanges.iter().map(statuses).collect();
    assert_eq!(recorded, [Some(429), Some(429), Some(200)]);
}

#[tokio::test]
async fn a_server_that_keeps_answering_429_is_trouble() {
    let server = TestServer::start(|_| answer(429, AT_ONCE, "")).await;
    assert!(matches!(send(&server.api()).await, Err(Trouble::Hindered { status: 429, .. })));
    assert_eq!(server.requests(), MOST_REPEATS as usize + 1);
}

#[tokio::test]
async fn an_answer_longer_than_the_limit_is_trouble() {
    for (length, accepted) in [(LONGEST_ANSWER, true), (LONGEST_ANSWER + 1, false)] {
        let server = TestServer::start(move |_| answer(200, "", &"x".repeat(length))).await;
        match send(&server.api()).await {
            Ok(answer) => assert!(accepted && answer.body.len() == length),
            Err(trouble) => assert!(!accepted && matches!(trouble, Trouble::TooLong(LONGEST_ANSWER)), "{trouble}"),
        }
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_trouble() {
    let server = TestServer::start(|_| "HTTP/1.1 200 x\r\nContent-Length: 100\r\n\r\nhalf".to_owned()).await;
    assert!(matches!(send(&server.api()).await, Err(Trouble::Broken(_))));
}

#[tokio::test]
async fn an_aborted_run_sends_nothing() {
    let server = TestServer::start(|_| answer(200, "", "")).await;
    let api = server.api();
    api.site.shared.counters.abort();
    assert!(matches!(send(&api).await, Err(Trouble::GivenUp)));
    assert_eq!(server.requests(), 0);
}

#[tokio::test]
async fn only_requests_of_a_race_are_recorded_as_such() {
    let server = TestServer::start(|_| answer(200, "", "{}")).await;
    let api = server.api();
    send(&api).await.expect("an answer");
    let answers = api.client.race(Call::Other, vec![Request::new("GET", "/anything"); 2]).await;
    assert!(answers.iter().all(Result::is_ok));
    let race: Vec<bool> = api.client.journal.take().exchanges.iter().map(|exchange| exchange.race).collect();
    assert_eq!(race, [false, true, true]);
}

#[tokio::test]
async fn records_mask_tokens_on_first_sight_and_answers_keep_the_secrets_of_their_request() {
    let server = TestServer::start(|_| token_answer("access-1-of-trader1", "refresh-1-of-trader1")).await;
    let api = server.api();
    let pair = api.fresh_pair().await.expect("a pair");
    let used = api.use_token(&pair.access).await.expect("an answer");
    assert_eq!(used.asked, [pair.access]);
    let exchanges = api.client.journal.take().exchanges;
    let [login, _] = exchanges.as_slice() else { panic!("two exchanges: {exchanges:?}") };
    let body = &login.answer.as_ref().expect("an answer").body;
    assert!(body.contains("‹access token #1›") && body.contains("‹refresh token #1›"), "{body}");
    for secret in ["access-1-of-trader1", "refresh-1-of-trader1", "swordfish-1"] {
        assert!(!format!("{exchanges:?}").contains(secret), "{exchanges:?}");
    }
}

const KEPT: &str = "HTTP/1.1 200 x\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}";

#[tokio::test]
async fn a_request_on_a_kept_connection_that_dies_is_sent_once_more_on_a_new_one() {
    let server = TestServer::start(|_| KEPT.to_owned()).await;
    let api = server.api();
    for expected in [1, 3, 4] {
        assert_eq!(send(&api).await.map(|answer| answer.status).ok(), Some(200));
        assert_eq!(server.requests(), expected);
    }
    assert!(api.client.journal.progress().late().is_none());
}

#[tokio::test]
async fn a_request_that_may_have_spent_a_token_is_not_repeated() {
    let server = TestServer::start(|_| KEPT.to_owned()).await;
    let api = server.api();
    send(&api).await.expect("an answer");
    let verification = || api.client.send(Call::Verify, Request::new("POST", "/external/token/verify"));
    assert!(matches!(verification().await, Err(Trouble::Broken(_))));
    assert_eq!(server.requests(), 2);
    let late = api.client.journal.progress().late().unwrap_or_default();
    assert!(late.contains("a connection died under a request that may have spent a token"), "{late}");
    assert!(verification().await.is_ok(), "later requests take new connections");
}
