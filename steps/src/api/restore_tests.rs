//! Lifetimes are restored although a few requests are hindered, and a server that never lets it happen is reported.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use crate::{
    Clock, NotRestored, OriginalLifetime,
    lifetimes::{LifetimeKind, Lifetimes},
    test_server::{ImpatientClock, TestServer, answer},
};

/// Instead of an answer: the connection is closed. The client repeats what a gateway answers, as 503, in real time by itself, so that
/// here only this can stand for a server that is away for minutes.
const CLOSED: &str = "";

/// A server whose access lifetime is 4 s and was 300 s, and that answers some requests, chosen by number and time, with `hindrance`.
struct ShortenedServer {
    server: TestServer,
    access: Arc<AtomicUsize>,
    clock: Arc<ImpatientClock>,
}

impl ShortenedServer {
    async fn start(hindered: impl Fn(usize, Duration) -> bool + Send + Sync + 'static, hindrance: String) -> Self {
        let (access, served) = (Arc::new(AtomicUsize::new(4)), AtomicUsize::new(0));
        let clock = Arc::new(ImpatientClock::default());
        let (now, time) = (access.clone(), clock.clone());
        let server = TestServer::start(move |request| {
            if hindered(served.fetch_add(1, Ordering::SeqCst), time.now()) {
                return hindrance.clone();
            }
            if request.starts_with("PATCH") {
                let (_, wanted) = request.rsplit_once(':').expect("a body");
                now.store(wanted.trim_end_matches('}').parse().expect("a number"), Ordering::SeqCst);
                return answer(204, "", "");
            }
            let body = serde_json::json!({
                "accessToken": "a", "refreshToken": "r",
                "accessTokenLifeTime": now.load(Ordering::SeqCst), "refreshTokenLifeTime": 3600
            });
            answer(200, "Content-Type: application/json\r\n", &body.to_string())
        })
        .await;
        Self { server, access, clock }
    }

    async fn restore(&self) -> (Vec<NotRestored>, Duration) {
        let api = self.server.api_on(self.clock.clone());
        let original = OriginalLifetime { setting: Some(Duration::from_secs(300)), announced: None };
        let prior = Lifetimes { access: original, ..Lifetimes::default() };
        (api.restore_all([LifetimeKind::Access], &prior).await, self.clock.now())
    }

    fn access(&self) -> usize {
        self.access.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn one_hindered_request_is_repeated() {
    for hindrance in [answer(500, "", "<html>"), answer(401, "", ""), CLOSED.to_owned()] {
        for number in 0..3 {
            let server = ShortenedServer::start(move |served, _| served == number, hindrance.clone()).await;
            let (left, _) = server.restore().await;
            assert_eq!((left.len(), server.access()), (0, 300), "{hindrance:?} to request {number}: {left:?}");
        }
    }
}

#[tokio::test]
async fn a_server_that_is_away_for_two_minutes_gets_its_lifetimes_back() {
    let server = ShortenedServer::start(|_, now| now < Duration::from_secs(120), CLOSED.to_owned()).await;
    let (left, waited) = server.restore().await;
    assert!(left.is_empty() && server.access() == 300, "{left:?}");
    assert!(waited >= Duration::from_secs(120), "{waited:?}");
}

#[tokio::test]
async fn a_server_that_stays_away_is_reported_after_some_minutes() {
    let server = ShortenedServer::start(|_, _| true, CLOSED.to_owned()).await;
    let (left, waited) = server.restore().await;
    assert_eq!(left.len(), 1);
    assert!(waited > Duration::from_secs(180) && waited <= Duration::from_secs(240), "{waited:?}");
    let text = left[0].to_string();
    assert!(text.starts_with("the access lifetime was 300 s and is not known to be restored: "), "{text}");
}

#[tokio::test]
async fn a_refusal_is_not_repeated_for_minutes() {
    let server = ShortenedServer::start(|served, _| served % 2 == 1, answer(403, "", "")).await;
    let (left, waited) = server.restore().await;
    assert_eq!((left.len(), server.access()), (1, 4));
    assert!(waited < Duration::from_secs(10), "{waited:?}");
}
