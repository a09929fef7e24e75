//! The stand-in without HTTP between: its handler is called on the walk's own thread, and its clock is turned. For the model checking of
//! millions of operations; what only HTTP shows is left to [`super::remote`].

use std::time::Duration;

use standin::{ApiRequest, ApiResponse, BASE_PATH, StandIn, StandInOptions, TokenLifetimes, Variations};
use steps::{
    Secret,
    target::{Dialect, Pointer},
};

use super::wire::{Answer, Facts, Link, NoAnswer, Request, User};

/// The stand-in's handler as a link.
pub(crate) struct Local {
    options: StandInOptions,
    server: StandIn,
    facts: Facts,
    requests: u64,
}

impl Local {
    /// A stand-in with these variations, its users as in every run.
    pub(crate) fn new(variations: Variations) -> Self {
        let options = StandInOptions { variations, ..StandInOptions::default() };
        let user =
            |user: &standin::User| User { login: user.login.clone(), password: Secret::new(user.password.as_str()) };
        let users: Vec<User> = options.users.iter().map(user).collect();
        let facts = Facts {
            minting: (0..users.len()).collect(),
            users,
            one_time_lifetime: Some(TokenLifetimes::default().one_time),
            probe: Some(("/accounts?limit=1".to_owned(), Pointer::parse("/0/owner").ok())),
            dialect: Dialect::default(),
            margin: Duration::from_millis(1500),
            settings: true,
            turned: true,
            max_wait: Duration::MAX,
            burst: 20,
            is_unlimited: true,
            nowhere: "/reports/daily".to_owned(),
        };
        Self { server: StandIn::new(options.clone()), options, facts, requests: 0 }
    }

    fn answer(&mut self, request: Request) -> Answer {
        self.requests += 1;
        let (path, query) = match request.path.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (request.path.as_str(), None),
        };
        let mut headers = request.headers;
        let body = request.body.map(|(media_type, bytes)| {
            if !media_type.is_empty() {
                headers.push(("Content-Type".to_owned(), media_type.to_owned()));
            }
            bytes
        });
        let asked = ApiRequest {
            method: request.method.to_owned(),
            path: format!("{BASE_PATH}{path}"),
            query,
            headers,
            body: body.unwrap_or_default(),
        };
        let sent = self.now();
        let ApiResponse { status, headers, body, .. } = self.server.handle(&asked);
        let json = serde_json::from_slice(&body).ok();
        Answer { status, headers, body, json, sent, received: self.now() }
    }
}

impl Link for Local {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn now(&self) -> Duration {
        self.server.clock().now()
    }

    async fn pass(&mut self, time: Duration) {
        self.server.clock().advance(time);
    }

    async fn send(&mut self, request: Request) -> Result<Answer, NoAnswer> {
        Ok(self.answer(request))
    }

    async fn send_together(&mut self, requests: Vec<(Duration, Request)>) -> Vec<Result<Answer, NoAnswer>> {
        requests.into_iter().map(|(_, request)| Ok(self.answer(request))).collect()
    }

    async fn mint(&mut self, login: &str) -> Result<(String, Duration), NoAnswer> {
        self.server.mint(login).map(|token| (token, Duration::ZERO)).ok_or(NoAnswer)
    }

    fn renew(&mut self) {
        self.server = StandIn::new(self.options.clone());
    }

    fn requests(&self) -> u64 {
        self.requests
    }
}
