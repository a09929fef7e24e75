//! A served stand-in whose state outlives its process, and which may answer wrongly while it starts.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use serde_json::Value;

use crate::{request::ApiRequest, response::ApiResponse, serve::Responder, server::StandIn};

/// Stores a state before the answer that depends on it is sent.
pub type StateSink = Arc<dyn Fn(&Value) + Send + Sync>;

/// Around another responder: stores the state of its server after each call that may change it.
#[derive(Clone)]
pub struct Restartable<R> {
    inner: R,
    server: StandIn,
    sink: Option<StateSink>,
    starting: Option<(Instant, u16)>,
    storing: Arc<Mutex<()>>,
}

impl<R: Responder> Restartable<R> {
    /// The responder of this server. Until the moment it answers everything with that status.
    #[must_use]
    pub fn new(inner: R, server: StandIn, sink: Option<StateSink>, starting: Option<(Instant, u16)>) -> Self {
        Self { inner, server, sink, starting, storing: Arc::default() }
    }
}

impl<R: Responder> Responder for Restartable<R> {
    fn accept(&self) -> Self {
        Self { inner: self.inner.accept(), ..self.clone() }
    }

    fn respond(&self, request: &ApiRequest) -> Option<ApiResponse> {
        if let Some((_, status)) = self.starting.filter(|(until, _)| Instant::now() < *until) {
            return Some(ApiResponse::empty(status));
        }
        let response = self.inner.respond(request)?;
        let changes =
            request.method != "GET" || ["/auth/", "/external", "/link"].iter().any(|it| request.path.contains(it));
        if let Some(sink) = self.sink.as_ref().filter(|_| changes) {
            let _storing = self.storing.lock().unwrap_or_else(PoisonError::into_inner);
            sink(&self.server.save());
        }
        Some(response)
    }
}
