//! A small HTTP server for unit tests. It answers each request with what a function makes of its text, and counts requests.

use std::{
    num::NonZeroU32,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::future::BoxFuture;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    Clock, Journal, Lifetimes, Schemas, Secret, Shared, Site, Target, Transport, WallClock,
    api::Api,
    target::{BaseUrl, Credentials, Dialect, Network, Pace, Probe},
};

pub(crate) struct TestServer {
    base_url: String,
    requests: Arc<AtomicUsize>,
}

impl TestServer {
    /// Serves on a free port until the test ends. `answer` gets head and body of a request. A connection that an answer keeps alive
    /// dies under the next request.
    pub(crate) async fn start(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base_url = format!("http://{}", listener.local_addr().expect("its address"));
        let (requests, answer) = (Arc::new(AtomicUsize::new(0)), Arc::new(answer));
        let counter = requests.clone();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (counter, answer) = (counter.clone(), answer.clone());
                tokio::spawn(async move {
                    let Some(request) = read(&mut client).await else { return };
                    counter.fetch_add(1, Ordering::SeqCst);
                    let answer = answer(&request);
                    // The client may have left already, as one does that refuses a long body.
                    let _ = client.write_all(answer.as_bytes()).await;
                    if answer.contains("Connection: keep-alive") && read(&mut client).await.is_some() {
                        counter.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        Self { base_url, requests }
    }

    /// Requests served so far.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// The API on a new site of this server, without pacing, on real time.
    pub(crate) fn api(&self) -> Api {
        self.api_on(Arc::new(WallClock::start()))
    }

    /// The same on another clock.
    pub(crate) fn api_on(&self, clock: Arc<dyn Clock>) -> Api {
        self.api_of(clock, |_| ())
    }

    /// The API on a new site whose target is changed first.
    pub(crate) fn api_with(&self, change: impl FnOnce(&mut Target)) -> Api {
        self.api_of(Arc::new(WallClock::start()), change)
    }

    pub(crate) fn api_of(&self, clock: Arc<dyn Clock>, change: impl FnOnce(&mut Target)) -> Api {
        let mut target = Target {
            base_url: BaseUrl::parse(&self.base_url).expect("a base URL"),
            nodes: Vec::new(),
            user: Credentials { login: "trader1".to_owned(), password: Secret::new("swordfish-1") },
            second_user: None,
            probe: Some(Probe { path: "/accounts".to_owned(), login: None }),
            one_time: None,
            dialect: Dialect::default(),
            max_wait: Duration::from_secs(60),
            margin: Duration::from_secs(1),
            short_lifetimes: None,
            may_choose_lifetimes: false,
            known_lifetimes: Lifetimes::default(),
            refresh_grace: Duration::ZERO,
            pace: Pace { per_second: None, burst: NonZeroU32::MAX },
            network: Network::default(),
            thorough: true,
            frugal: false,
        };
        change(&mut target);
        let shared = Shared {
            schemas: Arc::new(Schemas::new([]).expect("no schema")),
            snapshots: Arc::default(),
            counters: Arc::default(),
            secrets: Arc::default(),
        };
        let transport = Transport::new(&target).expect("plain HTTP");
        let site = Site::new(Arc::new(target), transport, clock, None, shared);
        Api::new(Arc::new(site), Journal::default())
    }
}

/// A clock on which time only passes when somebody waits, and that takes no time.
#[derive(Default)]
pub(crate) struct ImpatientClock(Mutex<Duration>);

impl Clock for ImpatientClock {
    fn now(&self) -> Duration {
        *self.0.lock().expect("no test panics with it")
    }

    fn pass(&self, time: Duration) -> BoxFuture<'_, ()> {
        *self.0.lock().expect("no test panics with it") += time;
        Box::pin(async {})
    }
}

/// An answer in HTTP/1.1 that ends its connection.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} x\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
}

/// A token answer in the default dialect.
pub(crate) fn token_answer(access: &str, refresh: &str) -> String {
    let body = serde_json::json!({
        "accessToken": access, "refreshToken": refresh, "accessTokenLifeTime": 300, "refreshTokenLifeTime": 3600
    });
    answer(200, "Content-Type: application/json\r\n", &body.to_string())
}

async fn read(client: &mut TcpStream) -> Option<String> {
    let (mut request, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let length = client.read(&mut part).await.ok().filter(|length| *length > 0)?;
        request.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        if body.len() >= header(head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0) {
            return Some(text.into_owned());
        }
    }
}

/// The first header of this name in a request, whose case does not matter.
pub(crate) fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    let named = |line: &&'a str| line.split(':').next().is_some_and(|known| known.eq_ignore_ascii_case(name));
    request.lines().find(named).and_then(|line| Some(line.split_once(':')?.1.trim()))
}
