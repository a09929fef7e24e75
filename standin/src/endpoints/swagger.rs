//! `GET /swagger.json`: the calls of this server in Swagger 2, as far as clients need them.

use serde_json::json;

use crate::{api::BASE_PATH, response::ApiResponse};

/// The Swagger document.
pub(super) fn answer() -> ApiResponse {
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
                "get": documented("Returns the lifetimes of tokens"),
                "patch": documented("Changes the lifetimes of tokens"),
            },
            "/accounts": {"get": documented("Lists the caller's accounts")},
            "/methods/errors": {"get": documented("Explains an error code")},
        },
    });
    ApiResponse::json(200, &document)
}
