//! Renders refusals. Endpoints name the mistake; status, code, body and headers are chosen here for all of them.

mod body;
mod codes;
mod leaks;
mod mistake;
mod mistake_groups;
mod status;

use serde_json::json;

pub(crate) use codes::code_meaning;
pub(crate) use mistake::{EndpointResult, Mistake, Refusal};

use crate::{
    call::CallContext,
    response::ApiResponse,
    variations::{OneTimeVariant, RefusalVariant, UseFault},
};

/// Renders a refusal as a response.
pub(crate) fn render(call: &CallContext<'_>, refusal: &Refusal) -> ApiResponse {
    if let Some(indicator) = render_indicator(call, refusal.mistake) {
        return indicator;
    }
    let status = status::choose_status(call, refusal);
    let response = leaks::with_leaks(call, refusal, body::render_body(call, refusal.mistake, status));
    with_challenge(call, refusal.mistake, with_allowed_methods(call, refusal.mistake, response))
}

/// A refused one-time token as a 200 with an indicator, for variants that answer so.
fn render_indicator(call: &CallContext<'_>, mistake: Mistake) -> Option<ApiResponse> {
    if !mistake_groups::refused_one_time(mistake) {
        return None;
    }
    if call.has(OneTimeVariant::ValidFalse) {
        Some(ApiResponse::json(200, &json!({"valid": false})))
    } else if call.has(OneTimeVariant::IsValidFalse) {
        Some(ApiResponse::json(200, &json!({"isValid": false, "login": null})))
    } else {
        call.has(OneTimeVariant::IsExpiredTrue).then(|| ApiResponse::json(200, &json!({"isExpired": true})))
    }
}

fn with_allowed_methods(call: &CallContext<'_>, mistake: Mistake, response: ApiResponse) -> ApiResponse {
    match mistake {
        Mistake::WrongMethod(endpoint) if !call.has(RefusalVariant::MethodsUnlisted) => {
            response.with("Allow", endpoint.allowed_methods())
        }
        _ => response,
    }
}

/// Adds the authentication challenge to refusals of access tokens.
fn with_challenge(call: &CallContext<'_>, mistake: Mistake, response: ApiResponse) -> ApiResponse {
    let (Mistake::NoToken(_) | Mistake::BadToken(_) | Mistake::ExpiredToken(_)) = mistake else {
        return response;
    };
    if call.has(UseFault::ChallengeMissing) || call.has(RefusalVariant::Unchallenged) {
        response
    } else if call.has(UseFault::BasicChallenge) {
        response.with("WWW-Authenticate", "Basic realm=\"BackOffice\"")
    } else if call.has(RefusalVariant::ChallengeDetailed) {
        response.with("WWW-Authenticate", "Bearer realm=\"BackOffice\", error=\"invalid_token\"")
    } else {
        response.with("WWW-Authenticate", "Bearer")
    }
}
