//! The client: sends requests and returns answers. Paces them, bounds them, counts them, and records them masked. Knows HTTP; the
//! checks decide what an answer means.

mod apart;
mod block_page;
mod body;
mod encode;
mod hindrance;
mod learn;
mod recording;
mod trouble;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use futures::future::join_all;
use reqwest::{Method, tls::TlsInfo};

pub(crate) use apart::wait_exactly;
pub(crate) use block_page::SeenPages;
pub(crate) use trouble::Trouble;

use crate::{
    Journal, Site,
    check::verification,
    lifetimes::LifetimeKind,
    message::{Answer, Call, Request, read_json},
    pace::{Hold, Permits, WHOLE_SECOND, late},
    target::BaseUrl,
    tokens::Pair,
};
use hindrance::Hindrance;

/// Most bytes of an answer that are read; a token answer has a few kB. A scenario keeps up to a hundred answers.
const LONGEST_ANSWER: usize = 384 * 1024;

/// The client of one scenario.
#[derive(Clone)]
pub(crate) struct Client {
    site: Arc<Site>,
    pub(crate) journal: Journal,
    /// The node that it sends to, by its place in the configuration; the base URL without one.
    node: Option<usize>,
    /// Requests of the scenario that took the usual connection, to alternate between kept and new ones.
    turns: Arc<AtomicU32>,
}

/// Which connection a request takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Connection {
    /// Kept and new ones in turn, so that another node may answer; a kept one where the request goes to a node by itself.
    Usual,
    /// One that is open, where there is one.
    Kept,
    /// A new one.
    Fresh,
    /// One on which the names of headers begin with capitals.
    Capitalized,
}

impl Client {
    pub(crate) fn new(site: Arc<Site>, journal: Journal) -> Self {
        Self { site, journal, node: None, turns: Arc::default() }
    }

    /// The same for one node. A node that another server answers for is not asked again: it takes no part.
    pub(crate) fn on_node(&self, node: usize) -> Self {
        Self { node: Some(node), ..self.clone() }
    }

    /// The URL that paths are below.
    fn base_url(&self) -> &BaseUrl {
        let target = &self.site.target;
        self.node.and_then(|node| target.nodes.get(node)).unwrap_or(&target.base_url)
    }

    /// Sends a request over the usual connection. Logins keep theirs, for their times are compared.
    pub(crate) async fn send(&self, call: Call, request: Request) -> Result<Answer, Trouble> {
        let over = if call == Call::Issue { Connection::Kept } else { Connection::Usual };
        self.send_over(over, call, request).await
    }

    /// The connection of a request, and whether it carries the cookie by which a balancer knows its node.
    fn resolve(&self, over: Connection) -> (Connection, bool) {
        let alternates = self.site.target.network.alternating_connections && self.node.is_none();
        match over {
            Connection::Usual if alternates => match self.turns.fetch_add(1, Ordering::Relaxed) % 4 {
                0 => (Connection::Fresh, false),
                2 => (Connection::Fresh, true),
                _ => (Connection::Kept, false),
            },
            Connection::Usual => (Connection::Kept, false),
            over => (over, false),
        }
    }

    /// The request with the balancer's cookie, if one is known.
    fn with_node_cookie(&self, request: Request) -> Request {
        let has_cookie = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("cookie"));
        match self.site.cluster.cookie().filter(|_| !has_cookie) {
            Some(cookie) => request.header("Cookie", cookie),
            None => request,
        }
    }

    /// Sends a request, and again after a pause as long as something in between answers for the server. Where a kept connection dies
    /// under it, it is sent once more over a new one, unless it may have spent a token; then the whole scenario is tried again. From
    /// then on every request takes a new connection, unless those die too.
    pub(crate) async fn send_over(&self, over: Connection, call: Call, request: Request) -> Result<Answer, Trouble> {
        let transport = &self.site.transport;
        let (over, has_cookie) = self.resolve(over);
        let request = if has_cookie { self.with_node_cookie(request) } else { request };
        let (mut repeats, mut died) = (0, false);
        loop {
            let (http, is_reused) = match over {
                Connection::Usual | Connection::Kept if self.node.is_some() => (transport.nodes(), !died),
                Connection::Usual | Connection::Kept => transport.kept(),
                Connection::Fresh => (transport.fresh(), false),
                Connection::Capitalized => (transport.capitalized(), false),
            };
            let asked = Instant::now();
            let mut permits = self.turn(1, &request).await?;
            permits.used();
            let answer = self.exchange(http, call, &request, asked.elapsed(), false).await;
            drop(permits);
            if matches!(answer, Err(Trouble::Broken(_))) {
                transport.set_reuse(died);
                if is_reused && !died && self.may_be_repeated(call, request.method) {
                    self.sent(1, &request, None);
                    died = true;
                    continue;
                }
            }
            let answer = answer.inspect_err(|_| self.sent(1, &request, None))?;
            let Some(hindrance) = self.find_hindrance(&answer).await else {
                self.site.pacer.answered();
                self.sent(1, &request, Some(&answer));
                return Ok(answer);
            };
            self.sent(1, &request, None);
            if self.node.is_some() && !hindrance.is_pacing() {
                return Err(Trouble::Absent(hindrance.status));
            }
            self.is_hindered(hindrance, call)?;
            repeats += 1;
            if repeats > hindrance.most_repeats() {
                return Err(Trouble::Hindered { status: hindrance.status, found_rate: self.site.pacer.found_rate() });
            }
        }
    }

    /// Sends a request once, over a new connection, without waiting for a turn or obeying the answer.
    pub(crate) async fn send_once(&self, call: Call, request: Request) -> Result<Answer, Trouble> {
        let transport = &self.site.transport;
        let http = if self.node.is_some() { transport.fresh_nodes() } else { transport.fresh() };
        self.exchange(http, call, &request, Duration::ZERO, false).await
    }

    /// Sends all these requests at one moment: their connections are opened first. At most as many as the target's `burst`
    /// allows are sent; the answers come in the order of the requests.
    pub(crate) async fn race(&self, call: Call, requests: Vec<Request>) -> Vec<Result<Answer, Trouble>> {
        self.race_on(call, requests.into_iter().map(|request| (None, request)).collect()).await
    }

    /// The same, each request on a node of its own.
    pub(crate) async fn race_on(
        &self,
        call: Call,
        requests: Vec<(Option<usize>, Request)>,
    ) -> Vec<Result<Answer, Trouble>> {
        let on_nodes = requests.iter().any(|(node, _)| node.is_some());
        let http = match self.site.transport.gated(requests.len(), on_nodes) {
            Ok(http) => http,
            Err(error) => return vec![Err(Trouble::Connect(error.to_string()))],
        };
        let Some((_, first)) = requests.first() else { return Vec::new() };
        let (asked, racers) = (Instant::now(), u32::try_from(requests.len()).unwrap_or(u32::MAX));
        let mut permits = match self.turn(racers, first).await {
            Ok(permits) => permits,
            Err(trouble) => return vec![Err(trouble)],
        };
        permits.used();
        let paced = asked.elapsed();
        let http = &http;
        let exchanges = requests.iter().map(|(node, request)| {
            let client = Self { node: *node, ..self.clone() };
            async move { client.exchange(http, call, request, paced, true).await }
        });
        let results = join_all(exchanges).await;
        drop(permits);
        self.without_hindered(racers, first, results).await
    }

    /// Keeps permits for a race and the request before it that gets its token, until the guard is dropped.
    pub(crate) async fn hold(&self, permits: usize) -> Result<Hold<'_>, Trouble> {
        let permits = u32::try_from(permits).unwrap_or(u32::MAX);
        let hold = tokio::select! {
            biased;
            () = self.site.shared.counters.aborted() => return Err(Trouble::GivenUp),
            hold = self.site.pacer.hold(self.journal.id(), permits) => hold,
        };
        self.journal.progress().held(permits);
        Ok(hold)
    }

    /// Gives back what a race did not need.
    pub(crate) fn release(&self, hold: Hold<'_>) {
        drop(hold);
        self.journal.progress().released();
    }

    /// Waits until this many requests may go, or the run is aborted.
    async fn turn(&self, requests: u32, request: &Request) -> Result<Permits<'_>, Trouble> {
        tokio::select! {
            biased;
            () = self.site.shared.counters.aborted() => Err(Trouble::GivenUp),
            permits = self.site.pacer.turn(self.journal.id(), requests, self.deadline(request)) => Ok(permits),
        }
    }

    /// Whether a token in a request ends too soon for a request that has to wait for its turn.
    pub(crate) fn is_nearly_over(&self, request: &Request) -> bool {
        let end = self.site.lives.first_end(&request.secrets, self.journal.progress().passed());
        end.is_some_and(|end| self.site.clock.now() + WHOLE_SECOND * 3 > end)
    }

    /// When the tokens in a request are surely good for the last time, on the pacer's clock.
    fn deadline(&self, request: &Request) -> Option<Duration> {
        let end = self.site.lives.first_end(&request.secrets, self.journal.progress().passed())?;
        Some(self.site.pacer.now() + end.saturating_sub(WHOLE_SECOND).saturating_sub(self.site.clock.now()))
    }

    /// Whether a request that got no answer may be sent again: not where it may have spent a token. Then what its scenario sees proves
    /// nothing.
    fn may_be_repeated(&self, call: Call, method: &str) -> bool {
        let acts = call == Call::Other && matches!(method, "POST" | "PATCH");
        let spends = acts || matches!(call, Call::Refresh | Call::Verify);
        if spends {
            let why = "a connection died under a request that may have spent a token; set `connections = \"fresh\"`";
            self.journal.progress().note_late(why.to_owned());
        }
        !spends
    }

    /// Something in between has answered: everybody pauses, and goes slower when that was the reason.
    fn is_hindered(&self, hindrance: Hindrance, call: Call) -> Result<(), Trouble> {
        if hindrance.may_be_done() && matches!(call, Call::Refresh | Call::Verify) {
            let why =
                format!("a token was sent again after an answer {}, and may have been spent before", hindrance.status);
            self.journal.progress().note_late(why);
        }
        self.site.pacer.refused(hindrance.pause, hindrance.refusal()).map(drop).map_err(|given_up| {
            self.site.shared.counters.abort();
            Trouble::Hindered { status: hindrance.status, found_rate: given_up.0 }
        })
    }

    /// Notes what a request did to the tokens of the scenario.
    fn sent(&self, requests: u32, request: &Request, answer: Option<&Answer>) {
        let is_failed_login = answer.is_some_and(|answer| answer.call == Call::Issue && !answer.is_success());
        self.journal.progress().sent(requests, &request.secrets, is_failed_login);
        if let Some(answer) = answer {
            self.follow_tokens(request, answer);
        }
    }

    /// Takes those out of a race that were refused for being too fast. Where fewer than two are left, the scenario is tried again.
    async fn without_hindered(
        &self,
        racers: u32,
        first: &Request,
        mut results: Vec<Result<Answer, Trouble>>,
    ) -> Vec<Result<Answer, Trouble>> {
        self.journal.progress().sent(racers, &first.secrets, false);
        let mut hindered: Option<Hindrance> = None;
        for result in &mut results {
            let Ok(answer) = result else { continue };
            let found = self.find_hindrance(answer).await;
            match found {
                Some(hindrance) if hindrance.is_too_fast => {
                    let (status, found_rate) = (hindrance.status, self.site.pacer.found_rate());
                    *result = Err(Trouble::Hindered { status, found_rate });
                    hindered = hindered.filter(|known| known.pause >= hindrance.pause).or(found);
                }
                Some(hindrance) => drop(self.is_hindered(hindrance, Call::Other)),
                None => self.follow_tokens(first, answer),
            }
        }
        let Some(hindrance) = hindered else { return results };
        let answered = results.iter().flatten().count();
        let refused = self.site.pacer.race_refused(u32::try_from(answered).unwrap_or(u32::MAX), hindrance.pause);
        if refused.is_err() {
            self.site.shared.counters.abort();
        }
        if answered < 2 {
            let why = format!("too few requests met: the server answered {} to the others", hindrance.status);
            self.journal.progress().note_late(why);
        }
        results
    }

    /// Notes the tokens that an answer gives, and whether those that it refuses may have come too late.
    fn follow_tokens(&self, request: &Request, answer: &Answer) {
        let (site, progress) = (&self.site, self.journal.progress());
        if matches!(answer.call, Call::Issue | Call::Refresh)
            && let Ok(pair) = Pair::read(answer, "", &site.target.dialect)
        {
            let refresh = pair.refresh_lifetime.or_else(|| site.lifetimes.shortened(LifetimeKind::Refresh));
            let tokens = [
                (&pair.access, LifetimeKind::Access, pair.access_lifetime),
                (&pair.refresh, LifetimeKind::Refresh, refresh),
            ];
            for (token, kind, lifetime) in tokens {
                progress.born(token, kind, pair.issued.earliest, false);
                if let Some(lifetime) = lifetime {
                    site.lives.record(token, pair.issued.earliest + lifetime);
                }
            }
        }
        if answer.call == Call::Verify && verification::is_accepted(answer, &site.target.dialect) {
            site.shared.counters.one_time_accepted();
        }
        let end = site.lives.first_end(&request.secrets, progress.passed());
        if let Some(end) = end.filter(|end| !answer.is_success() && answer.received + WHOLE_SECOND > *end) {
            progress.note_late(late(answer.received, end));
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
        let request = encode::encode(request, &self.site.target.dialect);
        let request = request.as_ref();
        let (sent, began) = (self.site.clock.now(), Instant::now());
        self.site.shared.counters.request();
        let received = self.receive(http, request).await;
        self.site.shared.counters.answered(received.is_ok());
        let recording = recording::Recording { began, took: began.elapsed(), paced, race };
        let (json, flaw) = received.as_ref().map_or((None, None), |(_, _, body)| read_json(body));
        let exchange =
            self.journal.exchange(recording.masked(&self.site, self.base_url(), request, &received, json.as_ref()));
        if json.as_ref().is_some_and(learn::exceeds_budget) {
            return Err(Trouble::TooManySecrets(learn::MOST_SECRETS));
        }
        let (status, headers, body) = received?;
        if self.node.is_none() {
            self.site.cluster.see(&headers, SystemTime::now() - began.elapsed());
        }
        let received = self.site.clock.now();
        let asked = request.secrets.clone();
        Ok(Answer { call, status, headers, body, json, flaw, asked, sent, received, exchange })
    }

    async fn receive(&self, http: &reqwest::Client, request: &Request) -> Result<body::RawAnswer, Trouble> {
        let patience = self.site.target.network.request_timeout;
        let answer = self.compose(http, request)?.send().await;
        let answer = answer.map_err(|error| Trouble::from_reqwest(&error, patience))?;
        let certificate = answer.extensions().get::<TlsInfo>().and_then(TlsInfo::peer_certificate);
        if let Some(certificate) = certificate.filter(|_| self.node.is_none()) {
            self.site.cluster.see_certificate(certificate);
        }
        body::read(answer, LONGEST_ANSWER, patience).await
    }

    fn compose(&self, http: &reqwest::Client, request: &Request) -> Result<reqwest::RequestBuilder, Trouble> {
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| Trouble::Unsendable(format!("`{}` is not a method", request.method)))?;
        let mut builder = http.request(method, self.base_url().url(&request.path));
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        Ok(match &request.body {
            Some(body) if body.content_type.is_empty() => builder.body(body.bytes.clone()),
            Some(body) => builder.header("Content-Type", body.content_type).body(body.bytes.clone()),
            // A server may answer 411 to a method that takes content and announces none (RFC 9110, section 8.6).
            None if request.method != "GET" => builder.header("Content-Length", "0"),
            None => builder,
        })
    }
}

#[cfg(test)]
mod disguise;
#[cfg(test)]
mod tests;
