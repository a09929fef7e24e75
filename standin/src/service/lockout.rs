//! Locks a user out after failed logins in a row, as deployments do. A locked user is refused like a wrong password.

use std::{collections::HashMap, time::Duration};

use serde_json::Value;

use super::Service;
use crate::{api::Endpoint, request::ApiRequest, response::ApiResponse, users::User};

/// When failed logins lock a user out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lockout {
    /// How many logins in a row must fail.
    pub after: u32,
    /// How long the user stays locked.
    pub time: Duration,
}

/// Failed logins by user. Bounded: only users of the server are counted.
#[derive(Default)]
pub(super) struct FailedLogins(HashMap<String, (u32, Option<Duration>)>);

impl FailedLogins {
    /// Whether a user is locked now. A lock that has ended is forgotten.
    pub(super) fn is_locked(&mut self, login: &str, now: Duration) -> bool {
        let locked = self.0.get(login).and_then(|(_, until)| *until);
        if locked.is_some_and(|until| until <= now) {
            self.0.remove(login);
        }
        locked.is_some_and(|until| until > now)
    }

    fn record_failure(&mut self, lockout: &Lockout, login: &str, now: Duration) {
        let (count, until) = self.0.entry(login.to_owned()).or_default();
        *count = count.saturating_add(1);
        if *count >= lockout.after {
            *until = Some(now + lockout.time);
        }
    }

    /// Forgets the failed logins of a user.
    pub(super) fn forget(&mut self, login: &str) {
        self.0.remove(login);
    }
}

/// Answers a request, counting failed logins. A login of a locked user goes on with another password.
pub(super) fn guard(
    service: &Service,
    lockout: &Lockout,
    request: &ApiRequest,
    answer: impl Fn(&ApiRequest) -> ApiResponse,
) -> ApiResponse {
    let Some((login, body)) = known_login(service, request) else { return answer(request) };
    let now = service.server().clock().now();
    if service.state().failed_logins.is_locked(&login, now) {
        let wrong = User::with_new_password(&login).password;
        let mut body = body;
        body["password"] = Value::from(wrong);
        return answer(&ApiRequest { body: body.to_string().into_bytes(), ..request.clone() });
    }
    let response = answer(request);
    let mut state = service.state();
    match response.status {
        200..300 => state.failed_logins.forget(&login),
        _ => state.failed_logins.record_failure(lockout, &login, now),
    }
    response
}

/// The user that a complete login names, and its body.
fn known_login(service: &Service, request: &ApiRequest) -> Option<(String, Value)> {
    let is_login = request.method == "POST" && Endpoint::from_path(&request.path) == Some(Endpoint::Token);
    let body: Value = is_login.then(|| serde_json::from_slice(&request.body).ok()).flatten()?;
    let login = body["login"].as_str().filter(|_| body["password"].as_str().is_some_and(|text| !text.is_empty()))?;
    let login = service.server().users().iter().find(|user| user.login == login)?.login.clone();
    Some((login, body))
}
