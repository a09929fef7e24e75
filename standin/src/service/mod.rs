//! The stand-in as client developers use it on a port: the API, and in front of it what a deployment has (a rate limit, a lock-out,
//! answers that fail on request), permissions for browsers, a log, and a page that describes all of it. Each part is off unless
//! [`ServiceOptions`] asks for it; a suite that judges the stand-in in its own process meets none of them.

mod control;
mod cors;
mod failures;
mod lockout;
mod overview;
mod rate_limit;
mod request_log;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

pub use control::Control;
pub use cors::AllowedOrigins;
pub use lockout::Lockout;
pub use rate_limit::RateLimit;
pub use request_log::LogEntry;

use self::{failures::Failures, lockout::FailedLogins, rate_limit::Buckets, request_log::TokenNumbers};
use crate::{external_link, request::ApiRequest, response::ApiResponse, serve::Responder, server::StandIn};

/// The gateway in front of the API.
#[derive(Clone, Debug, Default)]
pub struct ServiceOptions {
    /// Scheme, host and port that clients reach, as the page shows them.
    pub origin: String,
    /// Scheme, host and port of the control address, if there is one.
    pub control: Option<String>,
    /// The web pages that may call the API from a browser.
    pub origins: AllowedOrigins,
    /// How many requests are answered.
    pub rate_limit: Option<RateLimit>,
    /// When failed logins lock a user out.
    pub lockout: Option<Lockout>,
    /// Whether the log shows tokens as they are. Passwords never show.
    pub tokens_in_log: bool,
}

/// Receives a line of the log. It must not block.
pub type LogSink = Arc<dyn Fn(&LogEntry) + Send + Sync>;

/// A stand-in with the gateway in front of its API. Clones share one service.
#[derive(Clone)]
pub struct Service {
    server: StandIn,
    shared: Arc<SharedService>,
}

struct SharedService {
    options: ServiceOptions,
    log: Option<LogSink>,
    state: Mutex<ServiceState>,
}

#[derive(Default)]
struct ServiceState {
    buckets: Buckets,
    failed_logins: FailedLogins,
    failures: Failures,
    numbers: TokenNumbers,
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service").field("options", &self.shared.options).finish_non_exhaustive()
    }
}

impl Service {
    /// A service; the log is off without a sink.
    #[must_use]
    pub fn new(server: StandIn, options: ServiceOptions, log: Option<LogSink>) -> Self {
        Self { server, shared: Arc::new(SharedService { options, log, state: Mutex::default() }) }
    }

    /// The same service of another node of the cluster.
    #[must_use]
    pub fn node(&self, node: usize) -> Self {
        Self { server: self.server.node(node), shared: self.shared.clone() }
    }

    /// The stand-in behind it.
    #[must_use]
    pub fn server(&self) -> &StandIn {
        &self.server
    }

    fn options(&self) -> &ServiceOptions {
        &self.shared.options
    }

    fn state(&self) -> MutexGuard<'_, ServiceState> {
        // Every change of the state is a single assignment, so a panic elsewhere leaves it usable.
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, request: &ApiRequest) -> Option<ApiResponse> {
        if let Some(response) = overview::open(self, request) {
            return Some(response);
        }
        if let Some(response) = self.limit(request) {
            return Some(response);
        }
        let failure = self.state().failures.next(&request.path);
        match failure {
            Some(failure) if failure.is_lost => {
                // The server has done its part; only the answer does not arrive.
                self.call(request);
                None
            }
            Some(failure) => Some(failure.response()),
            None => Some(self.call(request)),
        }
    }

    fn limit(&self, request: &ApiRequest) -> Option<ApiResponse> {
        let limit = self.options().rate_limit.as_ref()?;
        let now = self.server().clock().now();
        let wait = self.state().buckets.admit(limit, request, now)?;
        Some(self.server().refuse_too_many(request, wait))
    }

    fn call(&self, request: &ApiRequest) -> ApiResponse {
        let open = |request: &ApiRequest| {
            external_link::open(self.server(), request).unwrap_or_else(|| self.server().handle(request))
        };
        match &self.options().lockout {
            Some(lockout) => lockout::guard(self, lockout, request, open),
            None => open(request),
        }
    }
}

impl Responder for Service {
    fn respond(&self, request: &ApiRequest) -> Option<ApiResponse> {
        let origins = &self.options().origins;
        let Some(log) = &self.shared.log else {
            let response = cors::preflight(origins, request).map_or_else(|| self.answer(request), Some);
            return response.map(|response| cors::permit(origins, request, response));
        };
        let (start, before) = (Instant::now(), request_log::describe_request(self, request));
        let response = cors::preflight(origins, request).map_or_else(|| self.answer(request), Some);
        let response = response.map(|response| cors::permit(origins, request, response));
        log(&LogEntry::new(self, request, before, response.as_ref(), start.elapsed()));
        response
    }
}

#[cfg(test)]
mod tests;
