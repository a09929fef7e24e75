//! A client that talks to a server without a wire: what the tests need to say what they mean.

#![allow(dead_code, reason = "each test program needs a part of it")]

use std::time::Duration;

use serde_json::{Value, json};
use standin::{BASE_PATH, Options, Request, Response, Server, Variations};

/// A server and the words to talk to it.
pub(crate) struct Client {
    pub(crate) server: Server,
}

impl Client {
    pub(crate) fn of(names: &[&str]) -> Self {
        let variations = Variations::named(names).expect("the variations exist");
        Self { server: Server::new(Options { variations, ..Options::default() }) }
    }

    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query.to_owned())));
        self.server.handle(&Request {
            method: method.to_owned(),
            path: format!("{BASE_PATH}{path}"),
            query,
            headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            body: body.to_vec(),
        })
    }

    pub(crate) fn login(&self) -> String {
        self.server.users()[0].login.clone()
    }

    pub(crate) fn password(&self) -> String {
        self.server.users()[0].password.clone()
    }

    pub(crate) fn credentials(&self) -> Value {
        json!({"login": self.login(), "password": self.password()})
    }

    pub(crate) fn post_login(&self, body: &Value) -> Response {
        self.send("POST", "/auth/token", &[], body.to_string().as_bytes())
    }

    /// Logs in as the first user.
    pub(crate) fn pair(&self) -> Pair {
        Pair::of(&self.post_login(&self.credentials()))
    }

    /// Logs in as the second user.
    pub(crate) fn second_pair(&self) -> Pair {
        let user = &self.server.users()[1];
        Pair::of(&self.post_login(&json!({"login": user.login, "password": user.password})))
    }

    pub(crate) fn probe(&self, access: &str) -> Response {
        self.send("GET", "/accounts?limit=1", &[("Authorization", &format!("Bearer {access}"))], b"")
    }

    pub(crate) fn refresh(&self, refresh: &str) -> Response {
        self.send("GET", "/auth/token/refresh", &[("token", refresh)], b"")
    }

    pub(crate) fn mint(&self) -> String {
        self.server.mint(&self.login()).expect("the login is known")
    }

    pub(crate) fn verify(&self, token: &str) -> Response {
        self.send("POST", "/external/token/verify", &[], json!({"token": token}).to_string().as_bytes())
    }

    pub(crate) fn patch(&self, access: &str, settings: &Value) -> Response {
        let authorization = format!("Bearer {access}");
        self.send(
            "PATCH",
            "/connectors/settings",
            &[("Authorization", &authorization)],
            settings.to_string().as_bytes(),
        )
    }

    pub(crate) fn turn(&self, seconds: f64) {
        self.server.clock().turn(Duration::from_secs_f64(seconds));
    }
}

/// The tokens of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Pair {
    pub(crate) fn of(response: &Response) -> Self {
        let answer = json_of(response);
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        Self { access: text("accessToken"), refresh: text("refreshToken") }
    }
}

pub(crate) fn json_of(response: &Response) -> Value {
    serde_json::from_slice(&response.body).unwrap_or(Value::Null)
}
