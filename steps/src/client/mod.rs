//! The client: sends requests and returns answers. Paces them, bounds them, counts them, and records them masked. Knows HTTP; the
//! checks decide what an answer means.

mod body;
mod recording;
mod trouble;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::join_all;
use reqwest::Method;

pub(crate) use trouble::Trouble;

use crate::{
    Journal, Site,
    message::{Answer, Call, Request},
    pacer,
};

/// Most bytes of an answer that are read; a token answer has a few kB.
const LONGEST_ANSWER: usize = 1 << 20;
/// How often a request is sent while the server answers 429.
const MOST_ATTEMPTS: u32 = 5;

/// The client of one scenario.
#[derive(Clone)]
pub(crate) struct Client {
    site: Arc<Site>,
    pub(crate) journal: Journal,
}

/// Which connection a request takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    /// One that is open, where there is one.
    Kept,
    /// A new one.
    Fresh,
}

impl Client {
    pub(crate) fn new(site: Arc<Site>, journal: Journal) -> Self {
        Self { site, journal }
    }

    /// Sends a request over an open connection.
    pub(crate) async fn send(&self, call: Call, request: Request) -> Result<Answer, Trouble> {
        self.send_over(Connection::Kept, call, request).await
    }

    /// Sends a request; while the server answers 429, pauses and sends it again.
    pub(crate) async fn send_over(&self, over: Connection, call: Call, request: Request) -> Result<Answer, Trouble> {
        let transport = &self.site.transport;
        let http = if over == Connection::Kept { transport.kept() } else { transport.fresh() };
        for attempt in 0..MOST_ATTEMPTS {
            let asked = Instant::now();
            self.turn(1).await?;
            let answer = self.exchange(http, call, &request, asked.elapsed(), false).await?;
            if answer.status != 429 {
                return Ok(answer);
            }
            self.site.pacer.pause(pacer::pause_after(answer.header("retry-after"), attempt)).await;
        }
        Err(Trouble::Throttled(MOST_ATTEMPTS))
    }

    /// Sends all requests at one moment, over connections opened before. The caller keeps to the target's `burst`. The answers
    /// come in the order of the requests.
    pub(crate) async fn race(&self, call: Call, requests: Vec<Request>) -> Vec<Result<Answer, Trouble>> {
        let http = match self.site.transport.gated(requests.len()) {
            Ok(http) => http,
            Err(error) => return vec![Err(Trouble::Connect(error.to_string()))],
        };
        let asked = Instant::now();
        if let Err(trouble) = self.turn(u32::try_from(requests.len()).unwrap_or(u32::MAX)).await {
            return vec![Err(trouble)];
        }
        let paced = asked.elapsed();
        join_all(requests.iter().map(|request| self.exchange(&http, call, request, paced, true))).await
    }

    /// Waits until this many requests may go, or the run is aborted.
    async fn turn(&self, requests: u32) -> Result<(), Trouble> {
        tokio::select! {
            biased;
            () = self.site.shared.counters.aborted() => Err(Trouble::GivenUp),
            () = self.site.pacer.turn(requests) => Ok(()),
        }
    }

    async fn exchange(
        &self,
        http: &reqwest::Client,
        call: Call,
        request: &Request,
        paced: Duration,
        race: bool,
    ) -> Result<Answer, Trouble> {
        let (sent, began) = (self.site.clock.now(), Instant::now());
        self.site.shared.counters.request();
        let received = self.receive(http, request).await;
        self.site.shared.counters.answered(received.is_ok());
        let recording = recording::Recording { began, took: began.elapsed(), paced, race };
        let json = received.as_ref().ok().and_then(|(_, _, body)| serde_json::from_slice(body).ok());
        let exchange = self.journal.exchange(recording.masked(&self.site, request, &received, json.as_ref()));
        let (status, headers, body) = received?;
        let received = self.site.clock.now();
        let asked = request.secrets.clone();
        Ok(Answer { call, status, headers, body, json, asked, sent, received, exchange })
    }

    async fn receive(&self, http: &reqwest::Client, request: &Request) -> Result<body::RawAnswer, Trouble> {
        let patience = self.site.target.network.request_timeout;
        let answer = self.compose(http, request)?.send().await;
        body::read(answer.map_err(|error| Trouble::from_reqwest(&error, patience))?, LONGEST_ANSWER, patience).await
    }

    fn compose(&self, http: &reqwest::Client, request: &Request) -> Result<reqwest::RequestBuilder, Trouble> {
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| Trouble::Unsendable(format!("`{}` is not a method", request.method)))?;
        let mut builder = http.request(method, self.site.target.base_url.url(&request.path));
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        Ok(match &request.body {
            Some(body) => builder.header("Content-Type", body.content_type).body(body.bytes.clone()),
            // A server may answer 411 to a method that takes content and announces none (RFC 9110, section 8.6).
            None if request.method != "GET" => builder.header("Content-Length", "0"),
            None => builder,
        })
    }
}

#[cfg(test)]
mod tests;
