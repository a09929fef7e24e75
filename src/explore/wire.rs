//! How a walk reaches a server: requests and answers as plain values, and the trait that a transport implements. Both transports are
//! in this program: [`super::local`] calls the stand-in's handler, [`super::remote`] goes over HTTP.

use std::{future::Future, time::Duration};

use serde_json::Value;
use steps::target::{Dialect, Pointer};

/// A request below the base URL.
#[derive(Clone, Default)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    /// Path and query.
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    /// Media type and bytes.
    pub(crate) body: Option<(&'static str, Vec<u8>)>,
    /// Over a connection of its own.
    pub(crate) fresh: bool,
}

/// What came back.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// The body, where it is JSON.
    pub(crate) json: Option<Value>,
    /// On the server's clock: when the request left, and when the answer was there.
    pub(crate) sent: Duration,
    pub(crate) received: Duration,
}

/// A request has no answer, or a source no token. Never the server's fault.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoAnswer;

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first header of this name, in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The text at this place of the body.
    pub(crate) fn text_at(&self, place: &Pointer) -> Option<&str> {
        place.find(self.json.as_ref()?).and_then(Value::as_str).filter(|text| !text.is_empty())
    }
}

/// A user who may log in.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) login: String,
    pub(crate) password: steps::Secret,
}

/// What is known of the server before the walk.
#[derive(Clone)]
pub(crate) struct Facts {
    pub(crate) users: Vec<User>,
    /// Whose one-time tokens can be had, by place among the users.
    pub(crate) minting: Vec<usize>,
    pub(crate) one_time_lifetime: Option<Duration>,
    /// Path and query of the protected call, and where its answer names the user.
    pub(crate) probe: Option<(String, Option<Pointer>)>,
    pub(crate) dialect: Dialect,
    /// How far from the end of a lifetime both sides of the boundary are tried.
    pub(crate) margin: Duration,
    /// Whether lifetimes may be changed.
    pub(crate) settings: bool,
    /// Whether time passes when it is turned, at no cost.
    pub(crate) turned: bool,
    /// Longest single wait in real time.
    pub(crate) max_wait: Duration,
    /// Most requests at one moment.
    pub(crate) burst: usize,
    /// Whether requests are not limited.
    pub(crate) is_unlimited: bool,
    /// A path that no server has.
    pub(crate) nowhere: String,
}

/// A server within reach of a walk.
pub(crate) trait Link {
    /// What is known of the server.
    fn facts(&self) -> &Facts;

    /// The server's clock.
    fn now(&self) -> Duration;

    /// Lets time pass.
    fn pass(&mut self, time: Duration) -> impl Future<Output = ()>;

    /// Sends a request.
    fn send(&mut self, request: Request) -> impl Future<Output = Result<Answer, NoAnswer>>;

    /// Sends requests that meet, each so long after the first. The answers come in the order of the requests.
    fn send_together(
        &mut self,
        requests: Vec<(Duration, Request)>,
    ) -> impl Future<Output = Vec<Result<Answer, NoAnswer>>>;

    /// A fresh one-time token of a user, and how long ago it was made at most.
    fn mint(&mut self, login: &str) -> impl Future<Output = Result<(String, Duration), NoAnswer>>;

    /// Begins anew: on a server that knows nothing yet, where there is one to be had.
    fn renew(&mut self);

    /// How many requests have been sent.
    fn requests(&self) -> u64;

    /// Whether the server turned out to limit requests.
    fn is_slowed(&self) -> bool {
        false
    }
}
