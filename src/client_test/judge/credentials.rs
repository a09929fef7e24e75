//! Where a client puts its password and tokens.

use serde_json::Value;

use super::Finding;
use crate::client_test::{
    evidence::{Call, CallKind, Evidence},
    phase::Phase,
    server::LOGIN,
    token_search::{anywhere, in_body, in_headers, in_url},
};

const NO_LOGIN: Finding = Finding::NotReached("the client did not log in");
const NO_REFRESH: Finding = Finding::NotReached("the client did not refresh");

pub(super) fn login_form(evidence: &Evidence) -> Finding {
    let logins: Vec<(usize, &Call)> = evidence.of_kind(CallKind::Login).collect();
    let wrong = logins.iter().find_map(|(at, call)| wrong_login(call).map(|what| Finding::broken(what, [*at])));
    match wrong {
        Some(broken) => broken,
        None if logins.is_empty() && evidence.calls.is_empty() => NO_LOGIN,
        None if logins.is_empty() => Finding::broken("it sent no login to `/auth/token`", evidence.first_calls()),
        None => Finding::Kept,
    }
}

fn wrong_login(call: &Call) -> Option<String> {
    let request = &call.request;
    if request.method != "POST" {
        return Some(format!("it logged in with {}", short(&request.method)));
    }
    let content_type = request.header("content-type").unwrap_or_default().to_ascii_lowercase();
    if !content_type.starts_with("application/json") {
        return Some("its login is not declared as application/json".to_owned());
    }
    let body: Option<Value> = serde_json::from_slice(&request.body).ok();
    let text = |name: &str| body.as_ref().and_then(|body| body.get(name)?.as_str().map(str::to_owned));
    match (text("login"), text("password")) {
        (Some(login), Some(_)) if login == LOGIN => None,
        (Some(_), Some(_)) => Some("it logged in with another login than the one it was given".to_owned()),
        _ => Some("its login has no members `login` and `password`".to_owned()),
    }
}

fn short(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphabetic).take(10).collect()
}

pub(super) fn bearer(evidence: &Evidence) -> Finding {
    let probes: Vec<(usize, &Call)> = evidence.of_kind(CallKind::Probe).collect();
    let with_token = probes.iter().any(|(_, call)| call.access_of.is_some());
    let wrong: Vec<usize> = probes.iter().filter(|(_, call)| !is_bearer(call, evidence)).map(|(at, _)| *at).collect();
    match wrong.first() {
        Some(first) => {
            let what =
                format!("{} of its calls carry no `Authorization: Bearer` with a token of its session", wrong.len());
            Finding::broken(what, std::iter::once(*first).chain(wrong.iter().copied().skip(1).take(4)))
        }
        None if with_token => Finding::Kept,
        None => Finding::NotReached("the client made no call after a login"),
    }
}

/// A call before the first login since a start may lack the token, and one after a session has ended.
fn is_bearer(call: &Call, evidence: &Evidence) -> bool {
    let sent = call.request.header("authorization").unwrap_or_default();
    if let Some(pair) = call.access_of.and_then(|at| evidence.pairs.get(at)) {
        return sent == format!("Bearer {}", pair.access);
    }
    let started = evidence.starts.iter().rev().find(|start| **start <= call.at).copied().unwrap_or_default();
    let has_session = evidence.pairs.iter().any(|pair| pair.is_delivered && pair.at >= started && pair.at < call.at);
    let may_lack_one = matches!(call.phase, Phase::Lost | Phase::RefreshRefused | Phase::LoginRefused | Phase::Between);
    sent.is_empty() && (!has_session || may_lack_one)
}

/// Every secret of the run with its name.
fn secrets(evidence: &Evidence) -> impl Iterator<Item = (&'static str, &str)> {
    let pairs = evidence.pairs.iter();
    let tokens =
        pairs.flat_map(|pair| [("an access token", pair.access.as_str()), ("a refresh token", pair.refresh.as_str())]);
    let one_time = evidence.one_time.iter().map(|token| ("a one-time token", token.as_str()));
    std::iter::once(("the password", evidence.password.as_str())).chain(one_time).chain(tokens)
}

pub(super) fn no_secret_in_url(evidence: &Evidence) -> Finding {
    if evidence.calls.is_empty() {
        return NO_LOGIN;
    }
    // Tokens are long: a short query holds none.
    let with_query = evidence.calls.iter().enumerate().filter(|(_, call)| url_length(call) > 16);
    for (at, call) in with_query {
        if let Some((name, _)) = secrets(evidence).find(|(_, secret)| in_url(&call.request, secret)) {
            return Finding::broken(format!("{name} is in the URL of a request"), [at]);
        }
    }
    Finding::Kept
}

fn url_length(call: &Call) -> usize {
    let known = ["/proftrading/rest/accounts", "/proftrading/rest/auth/token", "/proftrading/rest/auth/token/refresh"];
    let path = if known.contains(&call.request.path.as_str()) { 0 } else { call.request.path.len() };
    path + call.request.query.as_ref().map_or(0, String::len)
}

pub(super) fn refresh_form(evidence: &Evidence) -> Finding {
    let mut refreshes = evidence.of_kind(CallKind::Refresh).peekable();
    if refreshes.peek().is_none() {
        return NO_REFRESH;
    }
    let wrong = refreshes.find_map(|(at, call)| {
        let what = if call.request.method != "GET" {
            format!("it refreshed with {}", short(&call.request.method))
        } else if call.request.header("token").is_none() {
            "a refresh has no header `token`".to_owned()
        } else if call.refresh_of.is_none() {
            "the header `token` of a refresh holds no refresh token of its session".to_owned()
        } else {
            return None;
        };
        Some(Finding::broken(what, [at]))
    });
    wrong.unwrap_or(Finding::Kept)
}

pub(super) fn refresh_token_kept(evidence: &Evidence) -> Finding {
    if evidence.pairs.is_empty() {
        return NO_LOGIN;
    }
    let others = evidence.calls.iter().enumerate().filter(|(_, call)| call.kind != CallKind::Refresh);
    for (at, call) in others {
        let is_sent = call.refresh_of.is_some()
            || near_pairs(evidence, call).any(|pair| anywhere(&call.request, &evidence.pairs[pair].refresh));
        if is_sent {
            return Finding::broken("it sent a refresh token to another call than the refresh", [at]);
        }
    }
    Finding::Kept
}

/// The pairs that a client may hold at the time of a call: the newest of them.
fn near_pairs(evidence: &Evidence, call: &Call) -> impl Iterator<Item = usize> {
    let issued = evidence.pairs.partition_point(|pair| pair.at <= call.at);
    issued.saturating_sub(12)..issued
}

pub(super) fn password_kept(evidence: &Evidence) -> Finding {
    if evidence.pairs.is_empty() {
        return NO_LOGIN;
    }
    for (at, call) in evidence.calls.iter().enumerate() {
        let request = &call.request;
        let outside_body = in_url(request, &evidence.password) || in_headers(request, &evidence.password);
        if outside_body || call.kind != CallKind::Login && in_body(request, &evidence.password) {
            return Finding::broken("it sent the password elsewhere than in the body of a login", [at]);
        }
    }
    Finding::Kept
}

pub(super) fn nothing_elsewhere(evidence: &Evidence) -> Finding {
    let names: Vec<&str> = evidence
        .foreign
        .iter()
        .flat_map(|request| secrets(evidence).filter(|(_, secret)| anywhere(request, secret)).map(|(name, _)| name))
        .collect();
    if let Some(name) = names.first() {
        let redirected = evidence.in_phase(Phase::Redirect).filter(|(_, call)| call.status() == Some(307));
        return Finding::broken(format!("it sent {name} to the address of a redirect"), redirected.map(|(at, _)| at));
    }
    match super::failed_phase(evidence, Phase::Redirect) {
        Ok(_) => Finding::Kept,
        Err(not_judged) => not_judged,
    }
}

const NO_ONE_TIME: Finding = Finding::NotShown("the client does not use the one-time token in BO_OTT");

pub(super) fn one_time_once(evidence: &Evidence) -> Finding {
    let mut shown = false;
    for token in &evidence.one_time {
        let sent: Vec<usize> = evidence
            .of_kind(CallKind::Verify)
            .filter(|(_, call)| anywhere(&call.request, token))
            .map(|(at, _)| at)
            .collect();
        shown |= !sent.is_empty();
        if sent.len() > 1 {
            return Finding::broken(format!("it sent a one-time token {} times", sent.len()), sent);
        }
    }
    if shown { Finding::Kept } else { NO_ONE_TIME }
}

pub(super) fn one_time_in_body(evidence: &Evidence) -> Finding {
    let mut shown = false;
    for (at, call) in evidence.calls.iter().enumerate() {
        for token in evidence.one_time.iter().filter(|token| anywhere(&call.request, token)) {
            shown = true;
            let right = call.kind == CallKind::Verify && call.request.method == "POST";
            if !right || in_url(&call.request, token) || in_headers(&call.request, token) {
                return Finding::broken("it sent a one-time token elsewhere than in the body of a verification", [at]);
            }
        }
    }
    if shown { Finding::Kept } else { NO_ONE_TIME }
}

impl Evidence {
    fn first_calls(&self) -> std::ops::Range<usize> {
        0..self.calls.len().min(3)
    }
}
