//! How a round reaches a server, and what it reads from an answer.

use std::{future::Future, time::Duration};

use serde_json::Value;
use steps::{
    OperatorAnswer, OperatorRequest, Secret,
    target::{Dialect, Pointer},
};

/// A server within reach of a round.
pub(crate) trait Server {
    /// What is known of it before a round.
    fn facts(&self) -> &TargetFacts;

    /// Time on a clock that goes on from round to round.
    fn now(&self) -> Duration;

    /// Sends a request.
    fn send(&mut self, request: OperatorRequest) -> impl Future<Output = Result<OperatorAnswer, String>>;

    /// When the first certificate of the server's chain ends, as time since 1970; `None` without encryption.
    fn certificate_end(&mut self) -> impl Future<Output = Option<Duration>>;

    /// A fresh one-time token.
    fn mint(&mut self, login: &str) -> impl Future<Output = Result<Secret, String>>;
}

/// What is known of a server before a round.
#[derive(Clone)]
pub(crate) struct TargetFacts {
    pub(crate) login: String,
    pub(crate) password: Secret,
    /// Path and query of the protected call, and where its answer names the user.
    pub(crate) probe: Option<(String, Option<Pointer>)>,
    /// Whose one-time tokens can be had.
    pub(crate) one_time_login: Option<String>,
    pub(crate) dialect: Dialect,
    /// How far from the end of a lifetime a token is tried.
    pub(crate) margin: Duration,
}

/// Whether an answer grants what was asked for.
pub(super) fn is_success(answer: &OperatorAnswer) -> bool {
    (200..300).contains(&answer.status)
}

/// The non-empty text at a place of the body.
pub(super) fn text_at<'a>(answer: &'a OperatorAnswer, place: &Pointer) -> Option<&'a str> {
    place.find(answer.json.as_ref()?).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The positive number of seconds at a place of the body.
pub(super) fn seconds_at(answer: &OperatorAnswer, place: &Pointer) -> Option<Duration> {
    let seconds = place.find(answer.json.as_ref()?).and_then(Value::as_f64).filter(|seconds| *seconds > 0.0)?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// The first header of this name, in any case.
pub(super) fn header<'a>(answer: &'a OperatorAnswer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// The login that the answer to a verification names, unless it says beside that the token is not valid.
pub(super) fn verified_login<'a>(answer: &'a OperatorAnswer, place: &Pointer) -> Option<&'a str> {
    let flag = |name: &str| answer.json.as_ref().and_then(|json| json.get(name)).and_then(Value::as_bool);
    let is_refused = flag("valid") == Some(false) || flag("isValid") == Some(false) || flag("isExpired") == Some(true);
    text_at(answer, place).filter(|_| is_success(answer) && !is_refused)
}
