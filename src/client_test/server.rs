//! The server that a client under test meets: a stand-in that answers as documented, except where the phase of the run asks for a
//! failure. It decides when access tokens end and keeps every request with its answer. Judges nothing.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use standin::{ApiRequest, ApiResponse, BASE_PATH, StandIn, StandInOptions, TokenLifetimes, User, serve::Responder};

use super::{
    evidence::{Call, CallKind, IssuedPair},
    phase::{CALL_RETRY_AFTER, LONG_LIFETIME, LOSSES, OUTAGE, Phase, PhaseProgress, REFRESH_RETRY_AFTER},
};

/// The login of the client.
pub(super) const LOGIN: &str = "client-under-test";
/// How long a refresh takes, so that a second one at the same time is seen.
const REFRESH_TIME: Duration = Duration::from_millis(150);
/// How long a call takes, so that calls at the same time are seen.
const CALL_TIME: Duration = Duration::from_millis(15);
/// Most requests that are kept. A client that sends more is judged by these.
const MOST_CALLS: usize = 20_000;

/// The server. Clones share one.
#[derive(Clone)]
pub(super) struct TestServer(Arc<SharedServer>);

struct SharedServer {
    stand_in: StandIn,
    begun: Instant,
    short_lifetime: Duration,
    elsewhere: String,
    state: Mutex<ServerState>,
}

/// What the server remembers.
#[derive(Default)]
pub(super) struct ServerState {
    pub(super) calls: Vec<Call>,
    pub(super) dropped: usize,
    pub(super) pairs: Vec<IssuedPair>,
    pub(super) one_time: Vec<String>,
    /// Whether the client renews its session whenever a call is refused, so that no phase needs to wait for the end of a token.
    pub(super) renews_when_refused: bool,
    phase: Option<Phase>,
    phase_begun: Duration,
    progress: PhaseProgress,
    by_access: HashMap<String, usize>,
    by_refresh: HashMap<String, usize>,
}

/// How a request is answered.
enum Reply {
    AsDocumented,
    /// As if its credentials were unknown.
    Refused,
    /// As documented, and the answer is not sent.
    Lost,
    Failed(ApiResponse),
}

impl TestServer {
    /// A server whose redirects lead elsewhere.
    pub(super) fn new(short_lifetime: Duration, elsewhere: String) -> Self {
        let day = Duration::from_secs(86_400);
        let lifetimes = TokenLifetimes { access: day, refresh: 7 * day, one_time: day };
        let users = vec![User::with_new_password(LOGIN)];
        let stand_in = StandIn::in_real_time(StandInOptions { users, lifetimes, ..StandInOptions::default() });
        let state = Mutex::default();
        Self(Arc::new(SharedServer { stand_in, begun: Instant::now(), short_lifetime, elsewhere, state }))
    }

    /// The password of [`LOGIN`].
    pub(super) fn password(&self) -> String {
        self.0.stand_in.users().first().map(|user| user.password.clone()).unwrap_or_default()
    }

    /// A fresh one-time token of [`LOGIN`].
    pub(super) fn mint(&self) -> String {
        let token = self.0.stand_in.mint(LOGIN).unwrap_or_default();
        self.state().one_time.push(token.clone());
        token
    }

    /// The time since the start of the run.
    pub(super) fn now(&self) -> Duration {
        self.0.begun.elapsed()
    }

    /// Begins a phase.
    pub(super) fn begin(&self, phase: Phase) {
        let now = self.now();
        let mut state = self.state();
        (state.phase, state.phase_begun, state.progress) = (Some(phase), now, PhaseProgress::default());
    }

    /// What has happened in the phase so far.
    pub(super) fn progress(&self) -> PhaseProgress {
        self.state().progress
    }

    /// What the server remembers.
    pub(super) fn state(&self) -> MutexGuard<'_, ServerState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lifetime(&self, phase: Phase, state: &ServerState) -> Duration {
        let was_long = phase == Phase::Between && state.pairs.last().is_some_and(|pair| pair.lifetime == LONG_LIFETIME);
        if phase.has_long_lifetime() || was_long { LONG_LIFETIME } else { self.0.short_lifetime }
    }
}

impl Responder for TestServer {
    fn respond(&self, request: &ApiRequest) -> Option<ApiResponse> {
        let (now, kind) = (self.now(), kind_of(request));
        let mut state = self.state();
        let phase = state.phase.unwrap_or(Phase::Between);
        let access_of = access_token(request).and_then(|token| state.by_access.get(token).copied());
        let refresh_of = request.header("token").and_then(|token| state.by_refresh.get(token).copied());
        let reply = state.reply(kind, access_of, refresh_of, now, &self.0.elsewhere);
        let mut response = match &reply {
            Reply::AsDocumented | Reply::Lost => self.0.stand_in.handle(request),
            Reply::Refused => self.0.stand_in.handle(&with_unknown_credentials(request, kind)),
            Reply::Failed(response) => response.clone(),
        };
        // A client that refreshes in a loop must not be slowed down by the server.
        let is_slow = kind == CallKind::Refresh && response.status == 200 && phase != Phase::AlwaysRefused;
        let delay = if is_slow {
            REFRESH_TIME
        } else if kind == CallKind::Probe {
            CALL_TIME
        } else {
            Duration::ZERO
        };
        response.delay = Some(delay);
        let is_delivered = !matches!(reply, Reply::Lost);
        let lifetime = self.lifetime(phase, &state);
        let from = refresh_of.filter(|_| kind == CallKind::Refresh);
        let issued = announce_lifetime(&mut response, lifetime)
            .filter(|_| matches!(kind, CallKind::Login | CallKind::Refresh))
            .map(|(access, refresh)| {
                let at = now + delay;
                let pair = IssuedPair { access, refresh, at, lifetime, from, is_delivered, is_ended: false };
                state.add_pair(pair)
            });
        let response = is_delivered.then_some(response);
        let (request, answered) = (request.clone(), if is_delivered { now + delay } else { now });
        let call =
            Call { at: now, answered, phase, kind, request, response: response.clone(), access_of, refresh_of, issued };
        state.note(call);
        response
    }
}

impl ServerState {
    fn reply(
        &mut self,
        kind: CallKind,
        access_of: Option<usize>,
        refresh_of: Option<usize>,
        now: Duration,
        elsewhere: &str,
    ) -> Reply {
        let phase = self.phase.unwrap_or(Phase::Between);
        match kind {
            CallKind::Login if phase == Phase::LoginRefused => {
                self.failed(now);
                Reply::Refused
            }
            CallKind::Login | CallKind::Verify => Reply::AsDocumented,
            CallKind::Refresh => self.reply_to_refresh(phase, refresh_of, now),
            CallKind::Probe => self.reply_to_call(phase, access_of, now, elsewhere),
        }
    }

    fn reply_to_refresh(&mut self, phase: Phase, refresh_of: Option<usize>, now: Duration) -> Reply {
        let Some(pair) = refresh_of.and_then(|at| self.pairs.get(at)) else { return Reply::AsDocumented };
        let is_old = pair.at < self.phase_begun;
        match phase {
            Phase::Lost if self.loses_another(refresh_of, now) => {
                self.failed(now);
                Reply::Lost
            }
            Phase::RefreshUnavailable if self.is_within(Duration::from_secs(REFRESH_RETRY_AFTER), now) => {
                self.failed(now);
                Reply::Failed(failure(503, Some(REFRESH_RETRY_AFTER)))
            }
            Phase::RefreshRefused if is_old => {
                self.failed(now);
                Reply::Refused
            }
            Phase::LoginRefused => Reply::Refused,
            _ => Reply::AsDocumented,
        }
    }

    /// Whether the answer to this refresh is lost: the first of the phase, and repetitions of it that come soon.
    fn loses_another(&self, refresh_of: Option<usize>, now: Duration) -> bool {
        let mut lost = self.calls.iter().filter(|call| call.response.is_none());
        let Some(first) = lost.next() else { return true };
        first.refresh_of == refresh_of && now < first.at + LOSSES.0 && lost.count() + 1 < LOSSES.1
    }

    fn reply_to_call(&mut self, phase: Phase, access_of: Option<usize>, now: Duration, elsewhere: &str) -> Reply {
        let Some(at) = access_of else { return Reply::AsDocumented };
        if phase == Phase::LoginRefused || !self.is_live(at, now) || self.is_cut(phase, at) {
            return Reply::Refused;
        }
        let is_first = self.progress.failed_at.is_none();
        let asked = Duration::from_secs(CALL_RETRY_AFTER);
        let reply = match phase {
            Phase::Ended if is_first => {
                self.pairs.get_mut(at).into_iter().for_each(|pair| pair.is_ended = true);
                Reply::Refused
            }
            Phase::OneRefusal if is_first => Reply::Refused,
            Phase::AlwaysRefused => Reply::Refused,
            Phase::TooMany if self.is_within(asked, now) => Reply::Failed(failure(429, Some(CALL_RETRY_AFTER))),
            Phase::Unavailable if self.is_within(asked, now) => Reply::Failed(failure(503, Some(CALL_RETRY_AFTER))),
            Phase::Outage if self.is_within(OUTAGE, now) => Reply::Failed(failure(503, None)),
            Phase::Redirect if is_first => Reply::Failed(redirect(elsewhere)),
            _ => return Reply::AsDocumented,
        };
        self.failed(now);
        reply
    }

    fn is_live(&self, at: usize, now: Duration) -> bool {
        self.pairs.get(at).is_some_and(|pair| !pair.is_ended && now < pair.at + pair.lifetime)
    }

    /// Whether a token ends where a phase begins that needs a refresh: to a client that refreshes when a call is refused, and not before,
    /// this is an expiry that it need not wait for.
    fn is_cut(&self, phase: Phase, at: usize) -> bool {
        (phase.needs_refresh() || phase == Phase::Quiet)
            && self.renews_when_refused
            && self.pairs.get(at).is_some_and(|pair| pair.at < self.phase_begun && pair.lifetime != LONG_LIFETIME)
    }

    /// Whether a failure that lasts so long has not ended; it begins with the first request.
    fn is_within(&self, length: Duration, now: Duration) -> bool {
        self.progress.failed_at.is_none_or(|failed| now < failed + length)
    }

    fn failed(&mut self, now: Duration) {
        self.progress.failed_at.get_or_insert(now);
    }

    fn add_pair(&mut self, pair: IssuedPair) -> usize {
        let at = self.pairs.len();
        self.by_access.insert(pair.access.clone(), at);
        self.by_refresh.insert(pair.refresh.clone(), at);
        self.progress.refreshes += usize::from(pair.from.is_some());
        if self.phase == Some(Phase::Quiet) {
            self.failed(pair.at);
        }
        self.pairs.push(pair);
        at
    }

    fn note(&mut self, call: Call) {
        if call.is_good() {
            let renewed = match self.progress.failed_at {
                Some(failed) => call.access_of.and_then(|at| self.pairs.get(at)).is_some_and(|pair| pair.at >= failed),
                None => self.phase == Some(Phase::Expiry) && self.progress.refreshes > 0,
            };
            self.progress.good_calls += 1;
            self.progress.good_calls_after += usize::from(self.progress.failed_at.is_some());
            self.progress.good_calls_renewed += usize::from(renewed);
        }
        if self.calls.len() < MOST_CALLS { self.calls.push(call) } else { self.dropped += 1 }
    }
}

fn kind_of(request: &ApiRequest) -> CallKind {
    match request.path.strip_prefix(BASE_PATH).unwrap_or(&request.path).trim_end_matches('/') {
        "/auth/token" => CallKind::Login,
        "/auth/token/refresh" => CallKind::Refresh,
        path if path.starts_with("/external/token/verify") => CallKind::Verify,
        _ => CallKind::Probe,
    }
}

/// The last word of `Authorization`.
fn access_token(request: &ApiRequest) -> Option<&str> {
    request.header("authorization")?.split_whitespace().next_back()
}

fn with_unknown_credentials(request: &ApiRequest, kind: CallKind) -> ApiRequest {
    let mut request = request.clone();
    let unknown = "refused-by-the-phase-of-the-run";
    if kind == CallKind::Login {
        if let Ok(Value::Object(mut body)) = serde_json::from_slice(&request.body) {
            body.insert("password".to_owned(), json!(unknown));
            request.body = Value::Object(body).to_string().into_bytes();
        }
        return request;
    }
    for (name, value) in &mut request.headers {
        if name.eq_ignore_ascii_case("token") {
            unknown.clone_into(value);
        } else if name.eq_ignore_ascii_case("authorization") {
            *value = format!("Bearer {unknown}");
        }
    }
    request
}

/// Writes a lifetime into an answer with tokens, and returns these.
fn announce_lifetime(response: &mut ApiResponse, lifetime: Duration) -> Option<(String, String)> {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(&response.body) else { return None };
    let text = |name: &str| fields.get(name)?.as_str().map(str::to_owned);
    let tokens = (text("accessToken")?, text("refreshToken")?);
    fields.insert("accessTokenLifeTime".to_owned(), json!(lifetime.as_secs()));
    response.body = Value::Object(fields).to_string().into_bytes();
    Some(tokens)
}

fn failure(status: u16, retry_after: Option<u64>) -> ApiResponse {
    // Both members of a documented error, which a client made from the document reads.
    let (code, message) =
        if status == 429 { ("2.147.1.27", "Too many requests") } else { ("9.9.9.9", "Service unavailable") };
    let retry_after = retry_after.map(|seconds| ("Retry-After".to_owned(), seconds.to_string()));
    let headers = [("Content-Type".to_owned(), "application/json".to_owned())].into_iter().chain(retry_after).collect();
    ApiResponse {
        status,
        headers,
        body: json!({ "errorId": code, "message": message }).to_string().into_bytes(),
        ..ApiResponse::default()
    }
}

fn redirect(location: &str) -> ApiResponse {
    ApiResponse { status: 307, headers: vec![("Location".to_owned(), location.to_owned())], ..ApiResponse::default() }
}

/// The address that a redirect names. It keeps what comes.
#[derive(Clone, Default)]
pub(super) struct OtherSite(Arc<Mutex<Vec<ApiRequest>>>);

impl OtherSite {
    /// What came.
    pub(super) fn calls(&self) -> Vec<ApiRequest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Responder for OtherSite {
    fn respond(&self, request: &ApiRequest) -> Option<ApiResponse> {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.len() < 100 {
            calls.push(request.clone());
        }
        Some(failure(404, None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, path: &str, header: (&str, &str), body: &Value) -> ApiRequest {
        ApiRequest {
            method: method.to_owned(),
            path: format!("{BASE_PATH}{path}"),
            headers: vec![(header.0.to_owned(), header.1.to_owned())],
            body: body.to_string().into_bytes(),
            ..ApiRequest::default()
        }
    }

    #[test]
    fn repetitions_of_a_refresh_are_lost_too_but_not_for_ever() {
        let server = TestServer::new(Duration::from_secs(2), "http://localhost:9/".to_owned());
        let login = json!({ "login": LOGIN, "password": server.password() });
        let login = server.respond(&request("POST", "/auth/token", ("Content-Type", "application/json"), &login));
        let pair: Value = serde_json::from_slice(&login.expect("it is answered").body).expect("it is JSON");
        server.begin(Phase::Lost);
        let token = pair["refreshToken"].as_str().expect("it has one");
        let refresh = || server.respond(&request("GET", "/auth/token/refresh", ("token", token), &Value::Null));
        let statuses: Vec<Option<u16>> = (0..6).map(|_| refresh().map(|answer| answer.status)).collect();
        assert_eq!(statuses, [None, None, None, None, None, Some(401)]);
    }

    #[test]
    fn failures_are_documented_errors() {
        for status in [429, 503] {
            let body: Value = serde_json::from_slice(&failure(status, Some(1)).body).expect("it is JSON");
            assert!(body["errorId"].is_string() && body["message"].is_string(), "{body}");
        }
    }
}
