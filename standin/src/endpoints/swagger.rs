//! `GET /swagger.json`: the calls of this server in Swagger 2, as far as clients look at them.

use serde_json::json;

use crate::{BASE_PATH, Response};

/// The Swagger document.
pub(super) fn answer() -> Response {
    let documented = |summary: &str| json!({"summary": summary, "responses": {"200": {"description": "OK"}}});
    let document = json!({
        "swagger": "2.0",
        "info": {"title": "BackOffice REST API (stand-in)", "version": env!("CARGO_PKG_VERSION")},
        "basePath": BASE_PATH,
        "paths": {
            "/auth/token": {"post": documented("Logs in")},
            "/auth/token/refresh": {"get": documented("Exchanges a refresh token for a new pair")},
            "/external/token/verify": {"post": documented("Verifies a one-time token")},
            "/connectors/settings": {
                "get": documented("Tells the lifetimes of tokens"),
                "patch": documented("Changes the lifetimes of tokens"),
            },
            "/accounts": {"get": documented("Lists the accounts of whoever calls")},
            "/methods/errors": {"get": documented("Explains an error code")},
        },
    });
    Response::json(200, &document)
}
