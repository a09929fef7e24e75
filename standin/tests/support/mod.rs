//! A client that calls a server directly, without a transport.

#![allow(dead_code, reason = "each test crate uses a part of it")]

use std::time::Duration;

use serde_json::{Value, json};
use standin::{ApiRequest, ApiResponse, BASE_PATH, StandIn, StandInOptions, Variations};

/// A client of one server.
pub(crate) struct TestClient {
    pub(crate) server: StandIn,
}

impl TestClient {
    pub(crate) fn with_variations(names: &[&str]) -> Self {
        let variations = Variations::from_names(names).expect("the variations exist");
        Self { server: StandIn::new(StandInOptions { variations, ..StandInOptions::default() }) }
    }

    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> ApiResponse {
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query.to_owned())));
        self.server.handle(&ApiRequest {
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

    pub(crate) fn post_login(&self, body: &Value) -> ApiResponse {
        self.send("POST", "/auth/token", &[], body.to_string().as_bytes())
    }

    /// Logs in as the first user.
    pub(crate) fn pair(&self) -> TestPair {
        TestPair::from_response(&self.post_login(&self.credentials()))
    }

    /// Logs in as the second user.
    pub(crate) fn second_pair(&self) -> TestPair {
        let user = &self.server.users()[1];
        TestPair::from_response(&self.post_login(&json!({"login": user.login, "password": user.password})))
    }

    pub(crate) fn probe(&self, access: &str) -> ApiResponse {
        self.send("GET", "/accounts?limit=1", &[("Authorization", &format!("Bearer {access}"))], b"")
    }

    pub(crate) fn refresh(&self, refresh: &str) -> ApiResponse {
        self.send("GET", "/auth/token/refresh", &[("token", refresh)], b"")
    }

    pub(crate) fn mint(&self) -> String {
        self.server.mint(&self.login()).expect("the login is known")
    }

    pub(crate) fn verify(&self, token: &str) -> ApiResponse {
        self.send("POST", "/external/token/verify", &[], json!({"token": token}).to_string().as_bytes())
    }

    pub(crate) fn patch(&self, access: &str, settings: &Value) -> ApiResponse {
        let authorization = format!("Bearer {access}");
        self.send(
            "PATCH",
            "/connectors/settings",
            &[("Authorization", &authorization)],
            settings.to_string().as_bytes(),
        )
    }

    pub(crate) fn advance(&self, seconds: f64) {
        self.server.clock().advance(Duration::from_secs_f64(seconds));
    }
}

/// The tokens of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TestPair {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl TestPair {
    pub(crate) fn from_response(response: &ApiResponse) -> Self {
        let answer = json_of(response);
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        Self { access: text("accessToken"), refresh: text("refreshToken") }
    }
}

pub(crate) fn json_of(response: &ApiResponse) -> Value {
    serde_json::from_slice(&response.body).unwrap_or(Value::Null)
}
