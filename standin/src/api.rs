//! The calls of the API: their paths, methods and the size limit of requests.

/// The path that every call of the API begins with.
pub const BASE_PATH: &str = "/proftrading/rest";

/// The largest request body that is accepted, in bytes.
pub(crate) const MAX_BODY_BYTES: usize = 1_000_000;

/// A call of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Token,
    Refresh,
    Verify,
    Settings,
    Accounts,
    Errors,
    Swagger,
    OpenApi,
}

impl Endpoint {
    /// The endpoint at a path of the server, `None` where there is none.
    pub(crate) fn from_path(path: &str) -> Option<Self> {
        Some(match path.strip_prefix(BASE_PATH)? {
            "/auth/token" => Self::Token,
            "/auth/token/refresh" => Self::Refresh,
            "/external/token/verify" => Self::Verify,
            "/connectors/settings" => Self::Settings,
            "/accounts" => Self::Accounts,
            "/methods/errors" => Self::Errors,
            "/swagger.json" | "/v2/api-docs" => Self::Swagger,
            "/openapi.json" | "/v3/api-docs" => Self::OpenApi,
            _ => return None,
        })
    }

    /// The methods that it accepts, as the `Allow` header lists them.
    pub(crate) fn allowed_methods(self) -> &'static str {
        match self {
            Self::Token | Self::Verify => "POST, OPTIONS",
            Self::Settings => "GET, HEAD, PATCH, OPTIONS",
            Self::Refresh | Self::Accounts | Self::Errors | Self::Swagger | Self::OpenApi => "GET, HEAD, OPTIONS",
        }
    }

    pub(crate) fn allows(self, method: &str) -> bool {
        self.allowed_methods().split(", ").any(|allowed| allowed == method)
    }
}
