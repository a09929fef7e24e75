//! The calls of the API: passes each request to its endpoint. Endpoints answer or refuse; how a refusal is sent is decided by
//! [`crate::refusal`].

mod accounts;
mod authorization;
mod credentials;
mod error_codes;
mod finalize;
mod issue;
mod openapi;
mod refresh;
mod settings;
mod token_answer;
mod verify;

use crate::{
    api::{Endpoint, MAX_BODY_BYTES},
    call::CallContext,
    refusal::{EndpointResult, Mistake},
    response::ApiResponse,
    variations::{IssueFault, OneTimeFault, RefreshFault, VariationKey},
};

pub(crate) use finalize::finalize;

/// Answers a request or refuses it.
pub(crate) fn answer(call: &mut CallContext<'_>) -> EndpointResult {
    if call.request.body.len() > MAX_BODY_BYTES {
        return Err(Mistake::TooLarge.into());
    }
    let Some(endpoint) = Endpoint::from_path(&call.request.path) else {
        return accounts::answer_other_spelling(call).ok_or(Mistake::UnknownPath.into());
    };
    if !endpoint.allows(&call.request.method) && !accepts_wrong_method(call, endpoint) {
        return Err(Mistake::WrongMethod(endpoint).into());
    }
    if call.request.method == "OPTIONS" {
        return Ok(ApiResponse::empty(204).with("Allow", endpoint.allowed_methods()));
    }
    match endpoint {
        Endpoint::Token => issue::answer(call),
        Endpoint::Refresh => refresh::answer(call),
        Endpoint::Verify => verify::answer(call),
        Endpoint::Settings => settings::answer(call),
        Endpoint::Accounts => accounts::answer(call),
        Endpoint::Errors => error_codes::answer(call),
        Endpoint::Swagger => Ok(openapi::answer_swagger()),
        Endpoint::OpenApi => Ok(openapi::answer()),
    }
}

const TOKEN_METHODS: [(IssueFault, &str); 3] =
    [(IssueFault::GetAccepted, "GET"), (IssueFault::PutAccepted, "PUT"), (IssueFault::DeleteAccepted, "DELETE")];
const REFRESH_METHODS: [(RefreshFault, &str); 3] = [
    (RefreshFault::PostAccepted, "POST"),
    (RefreshFault::PutAccepted, "PUT"),
    (RefreshFault::DeleteAccepted, "DELETE"),
];
const VERIFY_METHODS: [(OneTimeFault, &str); 3] =
    [(OneTimeFault::GetAccepted, "GET"), (OneTimeFault::PutAccepted, "PUT"), (OneTimeFault::DeleteAccepted, "DELETE")];

fn accepts_wrong_method(call: &CallContext<'_>, endpoint: Endpoint) -> bool {
    match endpoint {
        Endpoint::Token => has_method_fault(call, &TOKEN_METHODS),
        Endpoint::Refresh => has_method_fault(call, &REFRESH_METHODS),
        Endpoint::Verify => has_method_fault(call, &VERIFY_METHODS),
        _ => false,
    }
}

fn has_method_fault<K: VariationKey>(call: &CallContext<'_>, faults: &[(K, &str)]) -> bool {
    faults.iter().any(|(fault, method)| call.request.method == *method && call.has(*fault))
}
