//! The calls of the API: which path and method leads where. Each endpoint answers or refuses; what a refusal looks like
//! on the wire is no concern of theirs.

mod accounts;
mod authorization;
mod credentials;
mod dress;
mod explained;
mod field;
mod issue;
mod refresh;
mod settings;
mod swagger;
mod token_answer;
mod verify;

use crate::{
    BASE_PATH, Response,
    call::Call,
    refusal::{Mistake, Refusal},
    variations::{Seed, fault},
};

pub(crate) use dress::dress;
pub(crate) use field::{Field, FieldState};

/// What an endpoint decides.
pub(crate) type Answer = Result<Response, Refusal>;

/// No body may be larger, in bytes.
pub(crate) const LARGEST_BODY: usize = 1_000_000;

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
}

impl Endpoint {
    fn at(path: &str) -> Option<Self> {
        Some(match path.strip_prefix(BASE_PATH)? {
            "/auth/token" => Self::Token,
            "/auth/token/refresh" => Self::Refresh,
            "/external/token/verify" => Self::Verify,
            "/connectors/settings" => Self::Settings,
            "/accounts" => Self::Accounts,
            "/methods/errors" => Self::Errors,
            "/swagger.json" | "/v2/api-docs" => Self::Swagger,
            _ => return None,
        })
    }

    /// The methods it has, as the `Allow` header lists them.
    pub(crate) fn allowed(self) -> &'static str {
        match self {
            Self::Token | Self::Verify => "POST, OPTIONS",
            Self::Settings => "GET, HEAD, PATCH, OPTIONS",
            Self::Refresh | Self::Accounts | Self::Errors | Self::Swagger => "GET, HEAD, OPTIONS",
        }
    }

    fn allows(self, method: &str) -> bool {
        self.allowed().split(", ").any(|allowed| allowed == method)
    }
}

/// Answers a request or refuses it.
pub(crate) fn answer(call: &mut Call<'_>) -> Answer {
    if call.request.body.len() > LARGEST_BODY {
        return Err(Mistake::TooLarge.into());
    }
    let endpoint = Endpoint::at(&call.request.path).ok_or(Mistake::UnknownPath)?;
    if !endpoint.allows(&call.request.method) && !takes_wrong_method(call, endpoint) {
        return Err(Mistake::WrongMethod(endpoint).into());
    }
    if call.request.method == "OPTIONS" {
        return Ok(Response::empty(204).with("Allow", endpoint.allowed()));
    }
    match endpoint {
        Endpoint::Token => issue::answer(call),
        Endpoint::Refresh => refresh::answer(call),
        Endpoint::Verify => verify::answer(call),
        Endpoint::Settings => settings::answer(call),
        Endpoint::Accounts => accounts::answer(call),
        Endpoint::Errors => explained::answer(call),
        Endpoint::Swagger => Ok(swagger::answer()),
    }
}

const ISSUING: [(fault::Issue, &str); 3] =
    [(fault::Issue::GetAccepted, "GET"), (fault::Issue::PutAccepted, "PUT"), (fault::Issue::DeleteAccepted, "DELETE")];
const REFRESHING: [(fault::Refresh, &str); 3] = [
    (fault::Refresh::PostAccepted, "POST"),
    (fault::Refresh::PutAccepted, "PUT"),
    (fault::Refresh::DeleteAccepted, "DELETE"),
];
const VERIFYING: [(fault::OneTime, &str); 3] = [
    (fault::OneTime::GetAccepted, "GET"),
    (fault::OneTime::PutAccepted, "PUT"),
    (fault::OneTime::DeleteAccepted, "DELETE"),
];

fn takes_wrong_method(call: &Call<'_>, endpoint: Endpoint) -> bool {
    match endpoint {
        Endpoint::Token => ISSUING.iter().any(|(fault, method)| is_taken(call, *fault, method)),
        Endpoint::Refresh => REFRESHING.iter().any(|(fault, method)| is_taken(call, *fault, method)),
        Endpoint::Verify => VERIFYING.iter().any(|(fault, method)| is_taken(call, *fault, method)),
        _ => false,
    }
}

fn is_taken(call: &Call<'_>, fault: impl Seed, method: &str) -> bool {
    call.request.method == method && call.has(fault)
}
