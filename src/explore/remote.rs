//! A server over HTTP, through the operator of [`steps`]: paced, bounded and masked as everything that is sent.

use std::{sync::Arc, time::Duration};

use steps::{Operator, OperatorAnswer, OperatorRequest, Site};

use super::random::Random;
use super::wire::{Answer, Facts, Link, NoAnswer, Request, User};

/// Most requests of a bundle.
const LARGEST_BUNDLE: usize = 20;

/// A server over HTTP as a link.
pub(crate) struct Remote {
    operator: Operator,
    facts: Facts,
    requests: u64,
}

impl Remote {
    /// The server of this site. `turned` where its clock is turned instead of waited for.
    pub(crate) fn new(site: Arc<Site>, turned: bool, seed: u64) -> Self {
        let operator = Operator::new(site);
        let facts = facts(&operator, turned, seed);
        Self { operator, facts, requests: 0 }
    }
}

/// A path that looks like one of the API's and is none.
fn unknown_path(seed: u64) -> String {
    const ROOMS: [&str; 8] = ["reports", "orders", "positions", "groups", "routes", "symbols", "holidays", "margins"];
    const THINGS: [&str; 8] = ["daily", "summary", "archive", "export", "preview", "batch", "history", "drafts"];
    let random = &mut Random::new(seed);
    format!("/{}/{}-{:04x}", random.one_of(ROOMS), random.one_of(THINGS), random.bits() & 0xffff)
}

fn facts(operator: &Operator, turned: bool, seed: u64) -> Facts {
    let target = operator.target();
    let users: Vec<User> =
        operator.users().into_iter().map(|user| User { login: user.login, password: user.password }).collect();
    let one_time = target.one_time.as_ref();
    let mints = |login: &str| {
        one_time.is_some_and(|source| source.login == login || source.second_login.as_deref() == Some(login))
    };
    let minting = users.iter().enumerate().filter(|(_, user)| mints(&user.login)).map(|(place, _)| place).collect();
    Facts {
        users,
        minting,
        one_time_lifetime: operator.one_time_lifetime(),
        probe: target.probe.as_ref().map(|probe| (probe.path.clone(), probe.login.clone())),
        dialect: target.dialect.clone(),
        margin: target.margin,
        settings: target.short_lifetimes.is_some(),
        turned,
        max_wait: target.max_wait,
        is_unlimited: target.pace.per_second.is_none(),
        nowhere: unknown_path(seed),
        burst: (target.pace.burst.get() as usize).min(LARGEST_BUNDLE),
    }
}

impl Link for Remote {
    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn now(&self) -> Duration {
        self.operator.now()
    }

    async fn pass(&mut self, time: Duration) {
        self.operator.pass(time).await;
    }

    async fn send(&mut self, request: Request) -> Result<Answer, NoAnswer> {
        self.requests += 1;
        self.operator.send(asked(request)).await.map(answered).map_err(|_| NoAnswer)
    }

    async fn send_together(&mut self, requests: Vec<(Duration, Request)>) -> Vec<Result<Answer, NoAnswer>> {
        self.requests += requests.len() as u64;
        let requests = requests.into_iter().map(|(after, request)| (after, asked(request))).collect();
        let answers = self.operator.send_together(requests).await;
        answers.into_iter().map(|answer| from_server(answered(answer.map_err(|_| NoAnswer)?))).collect()
    }

    async fn mint(&mut self, login: &str) -> Result<(String, Duration), NoAnswer> {
        let minted = self.operator.mint_token(login).await.map_err(|_| NoAnswer)?;
        Ok((minted.token.expose().to_owned(), minted.age))
    }

    fn renew(&mut self) {}

    fn requests(&self) -> u64 {
        self.requests
    }

    fn is_slowed(&self) -> bool {
        self.facts.is_unlimited && self.operator.is_slowed()
    }
}

/// Of requests that meet none is sent again where a gateway answers for the server.
fn from_server(answer: Answer) -> Result<Answer, NoAnswer> {
    if matches!(answer.status, 502 | 504 | 520..=527 | 530) { Err(NoAnswer) } else { Ok(answer) }
}

fn asked(request: Request) -> OperatorRequest {
    let Request { method, path, headers, body, fresh } = request;
    OperatorRequest { method, path, headers, body, fresh }
}

fn answered(answer: OperatorAnswer) -> Answer {
    let OperatorAnswer { status, headers, body, json, sent, received } = answer;
    Answer { status, headers, body, json, sent, received }
}
