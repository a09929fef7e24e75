//! A server as a walk reaches it: requests composed elsewhere go out paced, bounded and counted like those of scenarios, and what comes
//! back is learned by the redactor before anybody else sees it. No record is kept: a walk has thousands of requests.

mod calls;

use std::{sync::Arc, time::Duration};

use futures::future::join_all;
use serde_json::Value;

use crate::{
    Journal, Masked, Site, Target,
    api::TOKEN_PATH,
    client::{Client, Connection, Trouble, wait_exactly},
    lifetimes::LifetimeKind,
    message::{Answer, Call, Request},
    target::Credentials,
};

pub use calls::{CallAnswer, CallError, MintedToken, TokenCall, TokenPair};

/// The requests of one walk.
pub struct Operator {
    site: Arc<Site>,
}

/// A request below the base URL. What it carries may be secret, so it cannot be shown.
pub struct OperatorRequest {
    /// The method.
    pub method: &'static str,
    /// Path and query, with a leading slash.
    pub path: String,
    /// Names and values of the headers.
    pub headers: Vec<(String, String)>,
    /// Media type and bytes of the body.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// Whether it takes a connection of its own.
    pub fresh: bool,
}

/// What came back. It carries tokens, so it cannot be shown.
pub struct OperatorAnswer {
    /// The status code.
    pub status: u16,
    /// Headers in the order received.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The body, where it is JSON.
    pub json: Option<Value>,
    /// When the request left, on the target's clock.
    pub sent: Duration,
    /// When the answer was there, on the target's clock.
    pub received: Duration,
}

impl Operator {
    /// An operator of this site.
    #[must_use]
    pub fn new(site: Arc<Site>) -> Self {
        Self { site }
    }

    /// The server as it was described.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.site.target
    }

    /// The target's clock.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.site.clock.now()
    }

    /// Lets time pass on the target's clock.
    pub async fn pass(&self, time: Duration) {
        self.site.clock.pass(time).await;
    }

    /// Sends a request, and again after a pause as long as the server answers 429.
    ///
    /// # Errors
    /// Why no answer came.
    pub async fn send(&self, request: OperatorRequest) -> Result<OperatorAnswer, Masked> {
        let over = if request.fresh { Connection::Fresh } else { Connection::Usual };
        let login = request.method == "POST" && request.path == TOKEN_PATH;
        let answer = self.client().send_over(over, call(&request.path), composed(request)).await;
        if login && answer.as_ref().is_ok_and(|answer| !answer.is_success()) {
            self.site.shared.counters.failed_login();
        }
        answer.map(read).map_err(|trouble| self.site.redactor.mask(&trouble.to_string()))
    }

    /// Sends requests that meet, each so long after the first. The answers come in the order of the requests.
    pub async fn send_together(
        &self,
        requests: Vec<(Duration, OperatorRequest)>,
    ) -> Vec<Result<OperatorAnswer, Masked>> {
        if requests.iter().all(|(after, _)| after.is_zero()) {
            let requests = requests.into_iter().map(|(_, request)| composed(request)).collect();
            let answers = self.client().race(Call::Other, requests).await;
            let masked = |trouble: Trouble| self.site.redactor.mask(&trouble.to_string());
            return answers.into_iter().map(|answer| answer.map(read).map_err(masked)).collect();
        }
        join_all(requests.into_iter().map(|(after, request)| async move {
            wait_exactly(after).await;
            self.send(request).await
        }))
        .await
    }

    /// How long one-time tokens live at present: as the run has set it, else as configured.
    #[must_use]
    pub fn one_time_lifetime(&self) -> Option<Duration> {
        let configured = self.site.target.one_time.as_ref().and_then(|users| users.lifetime);
        self.site.lifetimes.shortened(LifetimeKind::OneTime).or(configured)
    }

    /// The users that may log in.
    #[must_use]
    pub fn users(&self) -> Vec<Credentials> {
        let target = &self.site.target;
        std::iter::once(&target.user).chain(&target.second_user).cloned().collect()
    }

    fn client(&self) -> Client {
        Client::new(self.site.clone(), Journal::default())
    }
}

fn call(path: &str) -> Call {
    if path == TOKEN_PATH { Call::Issue } else { Call::Other }
}

fn composed(request: OperatorRequest) -> Request {
    let OperatorRequest { method, path, headers, body, .. } = request;
    let composed = Request { headers, ..Request::new(method, path) };
    match body {
        Some((media_type, bytes)) => composed.text(media_type, bytes),
        None => composed,
    }
}

fn read(answer: Answer) -> OperatorAnswer {
    let Answer { status, headers, body, json, sent, received, .. } = answer;
    OperatorAnswer { status, headers, body, json, sent, received }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_server::{TestServer, answer};

    #[tokio::test]
    async fn one_time_tokens_live_as_long_as_the_run_has_set() {
        let api = TestServer::start(|_| answer(200, "", "")).await.api();
        let (operator, set) = (Operator::new(api.site.clone()), Duration::from_secs(4));
        assert_ne!(operator.one_time_lifetime(), Some(set));
        api.site.lifetimes.short.one_time.set(set).expect("nothing is set yet");
        assert_eq!(operator.one_time_lifetime(), Some(set));
    }
}
