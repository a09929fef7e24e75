//! The log of requests, a line each for a person to read: what was asked with which tokens, what the server knows about them, and
//! what it answered. Tokens show as numbers unless the options ask for them; passwords never show.

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    time::Duration,
};

use serde_json::Value;

use super::Service;
use crate::{request::ApiRequest, response::ApiResponse};

/// The most tokens whose numbers are remembered.
const NUMBERED: usize = 10_000;

/// The most characters of a text from a request.
const LONGEST: usize = 120;

/// The most characters of a token.
const LONGEST_TOKEN: usize = 4_096;

/// A request and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    method: String,
    path: String,
    /// `None` where the answer was held back.
    status: Option<u16>,
    took: Duration,
    notes: Vec<String>,
}

impl LogEntry {
    pub(super) fn new(
        service: &Service,
        request: &ApiRequest,
        mut notes: Vec<String>,
        response: Option<&ApiResponse>,
        took: Duration,
    ) -> Self {
        notes.extend(response.into_iter().flat_map(|response| describe_response(service, response)));
        let path = format!("{}{}", shortened(&request.path), parameters(request));
        Self { method: shortened(&request.method), path, status: response.map(|it| it.status), took, notes }
    }
}

impl fmt::Display for LogEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, status, took, notes } = self;
        match status {
            Some(status) => write!(f, "{status}")?,
            None => f.write_str("---")?,
        }
        write!(f, " {method:<6} {path} ({:.1} ms)", took.as_secs_f64() * 1000.0)?;
        if notes.is_empty() { Ok(()) } else { write!(f, ": {}", notes.join("; ")) }
    }
}

/// The names of the query's parameters; their values may be secrets.
fn parameters(request: &ApiRequest) -> String {
    let Some(query) = &request.query else { return String::new() };
    let names = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) => format!("{name}=…"),
        None => "…".to_owned(),
    });
    shortened(&format!("?{}", names.collect::<Vec<_>>().join("&")))
}

/// What the request carries, before the server acts on it.
pub(super) fn describe_request(service: &Service, request: &ApiRequest) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(value) = request.header("authorization") {
        let token = value.split_once(' ').map_or(value, |(_, token)| token.trim());
        notes.push(format!("Authorization: {}", describe_token(service, token)));
    }
    if let Some(token) = request.header("token") {
        notes.push(format!("token: {}", describe_token(service, token)));
    }
    if let Ok(body) = serde_json::from_slice::<Value>(&request.body) {
        notes.extend(body["login"].as_str().map(|login| format!("login {}", shortened(login))));
        notes.extend(body["token"].as_str().map(|token| format!("token {}", describe_token(service, token))));
    } else if !request.body.is_empty() {
        notes.push("the body is no JSON".to_owned());
    }
    notes
}

fn describe_response(service: &Service, response: &ApiResponse) -> Vec<String> {
    let Ok(body) = serde_json::from_slice::<Value>(&response.body) else { return Vec::new() };
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let mut notes = Vec::new();
    if let Some(token) = text("accessToken") {
        notes.push(format!("gives access token {}", name_token(service, &token)));
    }
    if let Some(token) = text("refreshToken") {
        notes.push(format!("gives refresh token {}", name_token(service, &token)));
    }
    if let Some(message) = text("message") {
        let code = text("errorId").map(|code| format!("{code} ")).unwrap_or_default();
        notes.push(shortened(&format!("{code}{message}")));
    }
    notes
}

fn describe_token(service: &Service, token: &str) -> String {
    let status = service.server().token_status(token);
    let status = status.map_or_else(|| "unknown to the server".to_owned(), |status| status.to_string());
    format!("{} ({status})", name_token(service, token))
}

fn name_token(service: &Service, token: &str) -> String {
    if service.options().tokens_in_log {
        return printable(token, LONGEST_TOKEN);
    }
    format!("#{}", service.state().numbers.number(token))
}

fn shortened(text: &str) -> String {
    printable(text, LONGEST)
}

fn printable(text: &str, longest: usize) -> String {
    let printable = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    let mut shown: String = text.chars().take(longest).map(printable).collect();
    if text.chars().nth(longest).is_some() {
        shown.push('…');
    }
    shown
}

/// Numbers for tokens, the same wherever a token appears again.
#[derive(Default)]
pub(super) struct TokenNumbers {
    numbers: HashMap<String, u64>,
    order: VecDeque<String>,
    last: u64,
}

impl TokenNumbers {
    fn number(&mut self, token: &str) -> u64 {
        if let Some(number) = self.numbers.get(token) {
            return *number;
        }
        self.last += 1;
        self.numbers.insert(token.to_owned(), self.last);
        self.order.push_back(token.to_owned());
        if self.order.len() > NUMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.numbers.remove(&oldest);
        }
        self.last
    }
}
