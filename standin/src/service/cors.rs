//! Cross-origin resource sharing: lets web pages of other origins call the API from a browser.

use crate::{request::ApiRequest, response::ApiResponse};

/// The origins that may call. None by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedOrigins(Vec<String>);

/// What scripts may read beside the plain headers.
const EXPOSED: &str = "Allow, Retry-After, WWW-Authenticate";

/// How long a browser may keep the answer to a preflight, in seconds.
const MAX_AGE: &str = "600";

impl AllowedOrigins {
    /// These origins, as browsers write them (`http://localhost:3000`); `*` is any.
    #[must_use]
    pub fn new(origins: impl IntoIterator<Item = String>) -> Self {
        Self(origins.into_iter().map(|origin| origin.trim_end_matches('/').to_owned()).collect())
    }

    /// The origins, `*` for any.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// What `Access-Control-Allow-Origin` is for this request: `None` if its origin may not call.
    fn permit<'a>(&'a self, request: &'a ApiRequest) -> Option<&'a str> {
        let origin = request.header("origin")?;
        let listed = self.0.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin));
        if listed { Some(origin) } else { self.0.iter().any(|allowed| allowed == "*").then_some("*") }
    }
}

/// The answer to a preflight request, `None` for any other request.
pub(super) fn preflight(origins: &AllowedOrigins, request: &ApiRequest) -> Option<ApiResponse> {
    let is_preflight = request.method == "OPTIONS" && request.header("access-control-request-method").is_some();
    origins.permit(request).filter(|_| is_preflight)?;
    let response = ApiResponse::empty(204)
        .with("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        .with("Access-Control-Max-Age", MAX_AGE);
    let response = match request.header("access-control-request-headers") {
        Some(headers) => response.with("Access-Control-Allow-Headers", headers),
        None => response,
    };
    // Chromium asks before a public page may call an address of the local network.
    Some(match request.header("access-control-request-private-network") {
        Some("true") => response.with("Access-Control-Allow-Private-Network", "true"),
        _ => response,
    })
}

/// The response, readable by the page that asked if its origin may call.
pub(super) fn permit(origins: &AllowedOrigins, request: &ApiRequest, response: ApiResponse) -> ApiResponse {
    if origins.0.is_empty() {
        return response;
    }
    let response = response.with("Vary", "Origin");
    let Some(origin) = origins.permit(request) else { return response };
    let response = response.with("Access-Control-Allow-Origin", origin).with("Access-Control-Expose-Headers", EXPOSED);
    if origin == "*" { response } else { response.with("Access-Control-Allow-Credentials", "true") }
}
