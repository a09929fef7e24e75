//! The stand-in without a transport: passes each request to the endpoints and renders refusals.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use ring::hmac;

use crate::{
    call::{CallContext, ServerConfig},
    clock::ServerClock,
    cluster, endpoints, history_faults, input_faults, issuing,
    options::{LandingPage, StandInOptions},
    refusal,
    request::ApiRequest,
    response::ApiResponse,
    state::ServerState,
    unforeseen,
    users::{User, random},
};

/// Answers a request on a server with faults of input or history.
fn layered(call: &mut CallContext<'_>) -> refusal::EndpointResult {
    input_faults::check(call)?;
    history_faults::before(call)?;
    let answered = endpoints::answer(call);
    history_faults::after(call, answered.is_ok());
    answered
}

/// A BackOffice server without a transport. Clones share one server.
#[derive(Clone)]
pub struct StandIn {
    config: Arc<ServerConfig>,
    state: Arc<Mutex<ServerState>>,
    /// Which node of a cluster this is; all share the state.
    node: usize,
}

impl StandIn {
    /// A server whose clock moves only when it is advanced.
    #[must_use]
    pub fn new(options: StandInOptions) -> Self {
        Self::with_clock(options, ServerClock::manual())
    }

    /// A server whose clock follows real time.
    #[must_use]
    pub fn in_real_time(options: StandInOptions) -> Self {
        Self::with_clock(options, ServerClock::real_time())
    }

    fn with_clock(options: StandInOptions, clock: ServerClock) -> Self {
        let signing_key = hmac::Key::new(hmac::HMAC_SHA256, &random::<32>());
        let StandInOptions { users, lifetimes, variations, landing, lag } = options;
        Self {
            config: Arc::new(ServerConfig { users, clock, signing_key, landing, lag }),
            state: Arc::new(Mutex::new(ServerState::new(lifetimes, variations))),
            node: 0,
        }
    }

    /// Another node of the same cluster: it shares users, clock and state, as far as no fault keeps them apart.
    #[must_use]
    pub fn node(&self, node: usize) -> Self {
        Self { node, ..self.clone() }
    }

    /// Answers a request without blocking. [`ApiResponse::delay`] is how long the transport must hold the response back.
    #[must_use]
    pub fn handle(&self, request: &ApiRequest) -> ApiResponse {
        if self.with_context(request, |call| call.state.variations.has_unforeseen()) {
            return self.handle_carelessly(request);
        }
        self.with_context(request, |call| {
            let answered = if call.state.variations.has_layered() { layered(call) } else { endpoints::answer(call) };
            let response = answered.unwrap_or_else(|refused| refusal::render(call, &refused));
            endpoints::finalize(call, response)
        })
    }

    /// The same on a server with faults that lie around its endpoints.
    fn handle_carelessly(&self, request: &ApiRequest) -> ApiResponse {
        let rewritten = self.with_context(request, unforeseen::rewrite_request);
        let response = match rewritten {
            Err(response) => return response,
            Ok(rewritten) => self.with_context(&rewritten, |call| {
                let response = endpoints::answer(call).unwrap_or_else(|refused| refusal::render(call, &refused));
                endpoints::finalize(call, response)
            }),
        };
        self.with_context(request, |call| unforeseen::after(call, response))
    }

    /// The server's clock.
    #[must_use]
    pub fn clock(&self) -> &ServerClock {
        &self.config.clock
    }

    /// The users that can log in.
    #[must_use]
    pub fn users(&self) -> &[User] {
        &self.config.users
    }

    /// The page that external links lead to.
    pub(crate) fn landing(&self) -> Option<&LandingPage> {
        self.config.landing.as_ref()
    }

    /// Issues a one-time token, as a real server does when a user opens an external link; no call of the API issues one.
    /// `None` for an unknown login.
    #[must_use]
    pub fn mint(&self, login: &str) -> Option<String> {
        let user = self.config.users.iter().position(|user| user.login == login)?;
        Some(self.with_context(&ApiRequest::default(), |call| issuing::mint(call, user)))
    }

    /// Runs work on the state as of now, on behalf of a request.
    pub(crate) fn with_context<T>(&self, request: &ApiRequest, work: impl FnOnce(&mut CallContext<'_>) -> T) -> T {
        // A panic in another call cannot leave a record half written, so the state stays usable.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.apply_due(Instant::now());
        let now = self.config.clock.now() + cluster::clock_offset(&state, self.node);
        cluster::on_node(&mut state, self.node, |state| {
            work(&mut CallContext { request, config: &self.config, state, now, node: self.node, delay: None })
        })
    }
}
