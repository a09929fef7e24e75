//! The control address: lets a test turn the clock of a served stand-in, make and end tokens, seed faults and ask for failing
//! answers while a client runs. JSON over HTTP, on an address of its own. It refuses web pages: requests with an `Origin`, of
//! another media type, or for another host than this machine.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Service, failures::ServiceFailure};
use crate::{
    json_body::parse_object,
    request::ApiRequest,
    response::ApiResponse,
    serve::Responder,
    variations::{self, Variation, Variations},
};

/// The longest time that the clock is turned at once: ten years.
const LONGEST_TURN: f64 = 10.0 * 365.0 * 86_400.0;

/// The control address of a service.
#[derive(Clone)]
pub struct Control(Service);

/// Status and body of a refusal.
type Refused = (u16, String);

const CALLS: [(&str, &str, &str); 10] = [
    ("GET", "/", "shows these calls and the state"),
    ("POST", "/clock", "{\"advance\": SECONDS} turns the clock forward"),
    ("POST", "/mint", "{\"login\": LOGIN} makes a one-time token"),
    ("POST", "/token", "{\"token\": TOKEN} shows what the server knows about a token"),
    ("POST", "/spend", "{\"token\": TOKEN} marks a refresh token or a one-time token as spent"),
    ("POST", "/revoke", "{\"token\": TOKEN} ends a token, {\"login\": LOGIN} all tokens of a user"),
    ("POST", "/faults", "{\"names\": [NAME, …]} seeds faults and variations; GET lists them, DELETE removes all"),
    (
        "POST",
        "/failures",
        "{\"status\": 503, \"path\": \"/auth/token/refresh\", \"times\": 2, \"retryAfter\": 1} fails the next requests whose path \
         ends so; {\"lost\": true} closes the connection instead, after the server has acted; DELETE removes all",
    ),
    ("POST", "/unlock", "{\"login\": LOGIN} ends a lock-out"),
    ("GET", "/faults", "lists faults and variations that can be seeded, and those that are"),
];

impl Control {
    /// The control address of this service.
    #[must_use]
    pub fn new(service: Service) -> Self {
        Self(service)
    }

    fn answer(&self, request: &ApiRequest) -> Result<Value, Refused> {
        refuse_web_pages(request)?;
        match (request.method.as_str(), request.path.as_str()) {
            ("GET", "/") => Ok(self.overview()),
            ("GET", "/faults") => Ok(self.faults()),
            ("DELETE", "/faults") => {
                self.0.server().set_variations(Variations::default());
                Ok(self.faults())
            }
            ("DELETE", "/failures") => {
                self.0.state().failures.clear();
                Ok(self.state())
            }
            ("POST", path) if CALLS.iter().any(|(method, known, _)| *method == "POST" && *known == path) => {
                self.change(path, &body(request)?)
            }
            (_, path) if CALLS.iter().any(|(_, known, _)| *known == path) => {
                Err((405, format!("{path} has no {}; GET / lists the calls", request.method)))
            }
            _ => Err((404, "unknown call; GET / lists the calls".to_owned())),
        }
    }

    fn change(&self, path: &str, body: &Map<String, Value>) -> Result<Value, Refused> {
        let server = self.0.server();
        match path {
            "/clock" => {
                server.clock().advance(seconds(body)?);
                Ok(self.state())
            }
            "/mint" => {
                let login = text(body, "login")?;
                let token = server.mint(login).ok_or_else(|| unknown("login"))?;
                Ok(
                    json!({"token": token, "login": login, "lifetimeSeconds": server.lifetimes().one_time.as_secs_f64()}),
                )
            }
            "/token" => self.token(text(body, "token")?),
            "/spend" => {
                let token = text(body, "token")?;
                if !server.spend(token) {
                    return Err((404, "unknown refresh token or one-time token".to_owned()));
                }
                self.token(token)
            }
            "/revoke" => self.revoke(body),
            "/unlock" => {
                self.0.state().failed_logins.forget(text(body, "login")?);
                Ok(self.state())
            }
            "/faults" => self.seed(body),
            _ => self.fail(body),
        }
    }

    fn revoke(&self, body: &Map<String, Value>) -> Result<Value, Refused> {
        if body.contains_key("login") {
            let known = self.0.server().revoke_user(text(body, "login")?);
            return if known { Ok(self.state()) } else { Err(unknown("login")) };
        }
        let token = text(body, "token")?;
        if self.0.server().revoke(token) { self.token(token) } else { Err(unknown("token")) }
    }

    fn token(&self, token: &str) -> Result<Value, Refused> {
        let status = self.0.server().token_status(token).ok_or_else(|| unknown("token"))?;
        let left = status.left.map(|left| left.as_secs_f64());
        Ok(json!({"kind": status.kind, "login": status.login, "isSpent": status.is_spent, "secondsLeft": left}))
    }

    fn seed(&self, body: &Map<String, Value>) -> Result<Value, Refused> {
        let names = body.get("names").and_then(Value::as_array);
        let names: Option<Vec<&str>> = names.and_then(|names| names.iter().map(Value::as_str).collect());
        let names = names.ok_or_else(|| (400, "`names` must be a list of texts".to_owned()))?;
        self.0.server().seed(names).map_err(|error| (400, error.to_string()))?;
        Ok(self.faults())
    }

    fn fail(&self, body: &Map<String, Value>) -> Result<Value, Refused> {
        let number = |name: &str| match body.get(name) {
            None => Ok(None),
            Some(value) => value.as_u64().map(Some).ok_or_else(|| (400, format!("`{name}` must be a whole number"))),
        };
        let is_lost = body.get("lost").and_then(Value::as_bool).unwrap_or(false);
        let status = number("status")?.and_then(|status| u16::try_from(status).ok());
        let status = status.filter(|status| (200..=599).contains(status)).or(is_lost.then_some(503));
        let failure = ServiceFailure {
            path: if body.contains_key("path") { text(body, "path")?.to_owned() } else { String::new() },
            status: status
                .ok_or_else(|| (400, "`status` must be a number from 200 to 599, or `lost` true".to_owned()))?,
            is_lost,
            retry_after: number("retryAfter")?,
            times: u32::try_from(number("times")?.unwrap_or(1)).unwrap_or(u32::MAX).max(1),
        };
        if self.0.state().failures.add(failure) {
            Ok(self.state())
        } else {
            Err((409, "too many failures wait".to_owned()))
        }
    }

    fn overview(&self) -> Value {
        let calls = CALLS.iter().map(|(method, path, does)| json!({"call": format!("{method} {path}"), "does": does}));
        json!({"calls": calls.collect::<Vec<_>>(), "state": self.state()})
    }

    fn state(&self) -> Value {
        let server = self.0.server();
        let lifetimes = server.lifetimes();
        let logins: Vec<&str> = server.users().iter().map(|user| user.login.as_str()).collect();
        json!({
            "now": server.clock().now().as_secs_f64(),
            "logins": logins,
            "lifetimes": {
                "access": lifetimes.access.as_secs_f64(),
                "refresh": lifetimes.refresh.as_secs_f64(),
                "oneTime": lifetimes.one_time.as_secs_f64(),
            },
            "faults": server.variations().names(),
            "failuresWaiting": self.0.state().failures.waiting(),
        })
    }

    fn faults(&self) -> Value {
        let describe = |all: &[Variation]| -> Vec<Value> {
            all.iter().map(|one| json!({"name": one.name, "summary": one.summary})).collect()
        };
        json!({
            "seeded": self.0.server().variations().names(),
            "faults": describe(variations::faults()),
            "variants": describe(variations::variants()),
        })
    }
}

impl Responder for Control {
    fn respond(&self, request: &ApiRequest) -> Option<ApiResponse> {
        let (status, body) = match self.answer(request) {
            Ok(body) => (200, body),
            Err((status, message)) => (status, json!({"message": message})),
        };
        Some(ApiResponse::json(status, &body).with("Cache-Control", "no-store"))
    }
}

/// A web page can make a browser send requests here; none of them is served.
fn refuse_web_pages(request: &ApiRequest) -> Result<(), Refused> {
    let host = request.header("host").unwrap_or_default();
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host, |(name, _)| name);
    if !["127.0.0.1", "localhost", "[::1]"].contains(&name) {
        return Err((403, "the control address is for this machine: ask for 127.0.0.1 or localhost".to_owned()));
    }
    if request.header("origin").is_some() || request.header("sec-fetch-site").is_some_and(|site| site != "none") {
        return Err((403, "the control address is not for web pages".to_owned()));
    }
    Ok(())
}

fn body(request: &ApiRequest) -> Result<Map<String, Value>, Refused> {
    let media_type = request.header("content-type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err((415, "send the body as `Content-Type: application/json`".to_owned()));
    }
    parse_object(&request.body).map_err(|_| (400, "the body must be a JSON object".to_owned()))
}

fn text<'a>(body: &'a Map<String, Value>, name: &str) -> Result<&'a str, Refused> {
    body.get(name).and_then(Value::as_str).ok_or_else(|| (400, format!("`{name}` must be a text")))
}

fn seconds(body: &Map<String, Value>) -> Result<Duration, Refused> {
    let seconds = body.get("advance").and_then(Value::as_f64).filter(|seconds| (0.0..=LONGEST_TURN).contains(seconds));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| (400, "`advance` must be a number of seconds from 0 to ten years".to_owned()))
}

fn unknown(what: &str) -> Refused {
    (404, format!("unknown {what}"))
}
