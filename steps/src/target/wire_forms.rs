//! The forms of requests in a deployment, where they differ from the contract's: paths, names of members, how the refresh token is
//! sent. Plain values; the client applies them.

use serde_json::Value;

/// The forms of the requests of one deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireForms {
    /// The member of a login's body that carries the login.
    pub login_field: String,
    /// The member of a login's body that carries the password.
    pub password_field: String,
    /// Further members of a login's body.
    pub login_fields: Vec<(String, Value)>,
    /// The path of a login, below the base URL.
    pub token_path: String,
    /// The path of a refresh.
    pub refresh_path: String,
    /// The path of a verification of a one-time token.
    pub verify_path: String,
    /// The path of the settings.
    pub settings_path: String,
    /// The method of a refresh.
    pub refresh_method: &'static str,
    /// What precedes the refresh token in its header, like `Bearer `.
    pub refresh_prefix: String,
    /// The member of the body that carries the refresh token; `None` where a header does.
    pub refresh_body: Option<String>,
}

impl WireForms {
    /// The methods that a refresh can have.
    pub const REFRESH_METHODS: [&'static str; 4] = ["GET", "POST", "PUT", "PATCH"];
}

impl Default for WireForms {
    fn default() -> Self {
        Self {
            login_field: "login".to_owned(),
            password_field: "password".to_owned(),
            login_fields: Vec::new(),
            token_path: "/auth/token".to_owned(),
            refresh_path: "/auth/token/refresh".to_owned(),
            verify_path: "/external/token/verify".to_owned(),
            settings_path: "/connectors/settings".to_owned(),
            refresh_method: "GET",
            refresh_prefix: String::new(),
            refresh_body: None,
        }
    }
}
