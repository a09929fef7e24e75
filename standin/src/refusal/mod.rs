//! What a client did wrong, and how the server tells it. Endpoints name the mistake; status, code, body and headers are
//! chosen here, for all of them.

mod bodies;
mod groups;
mod leaks;
mod statuses;
mod wording;

use serde_json::json;

pub(crate) use wording::explanation;

use crate::{
    Response,
    call::{BadBody, Call},
    endpoints::{Endpoint, Field, FieldState},
    variations::freedom,
};

/// A mistake of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    LoginBody(BadBody),
    LoginField(Field, FieldState),
    UnknownLogin,
    WrongPassword,
    RefreshMissing,
    RefreshEmpty,
    RefreshUnknown,
    RefreshSpent,
    RefreshExpired,
    OneTimeBody(BadBody),
    OneTimeField(FieldState),
    OneTimeUnknown,
    OneTimeUsed,
    OneTimeExpired,
    NoToken(Endpoint),
    BadToken(Endpoint),
    ExpiredToken(Endpoint),
    SettingsBody,
    SettingsValue,
    WrongMethod(Endpoint),
    UnknownPath,
    UnknownCode,
    TooLarge,
}

/// A request that is not granted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal {
    pub(crate) mistake: Mistake,
    /// A status other than that of the mistake; only where something is wrong.
    pub(crate) status: Option<u16>,
    /// Whose the refused token is, if the server knows. No answer may tell.
    pub(crate) owner: Option<usize>,
}

impl From<Mistake> for Refusal {
    fn from(mistake: Mistake) -> Self {
        Self { mistake, status: None, owner: None }
    }
}

impl Refusal {
    /// The server falls over a mistake.
    pub(crate) fn crash(mistake: Mistake) -> Self {
        Self { mistake, status: Some(500), owner: None }
    }
}

/// Tells a client that it is refused.
pub(crate) fn render(call: &Call<'_>, refusal: &Refusal) -> Response {
    if let Some(indicator) = indicator(call, refusal.mistake) {
        return indicator;
    }
    let status = statuses::of(call, refusal);
    let response = leaks::added(call, refusal, bodies::of(call, refusal, status));
    challenged(call, refusal.mistake, listing_methods(call, refusal.mistake, response))
}

/// A one-time token may also be refused by an answer that says so.
fn indicator(call: &Call<'_>, mistake: Mistake) -> Option<Response> {
    if !groups::refused_one_time(mistake) {
        return None;
    }
    if call.has(freedom::OneTime::ValidFalse) {
        Some(Response::json(200, &json!({"valid": false})))
    } else if call.has(freedom::OneTime::IsValidFalse) {
        Some(Response::json(200, &json!({"isValid": false, "login": null})))
    } else {
        call.has(freedom::OneTime::IsExpiredTrue).then(|| Response::json(200, &json!({"isExpired": true})))
    }
}

fn listing_methods(call: &Call<'_>, mistake: Mistake, response: Response) -> Response {
    match mistake {
        Mistake::WrongMethod(endpoint) if !call.has(freedom::Refusal::MethodsUnlisted) => {
            response.with("Allow", endpoint.allowed())
        }
        _ => response,
    }
}

/// Names the scheme to use, where a token is what is wanting.
fn challenged(call: &Call<'_>, mistake: Mistake, response: Response) -> Response {
    use crate::variations::fault::Use;
    let (Mistake::NoToken(_) | Mistake::BadToken(_) | Mistake::ExpiredToken(_)) = mistake else {
        return response;
    };
    if call.has(Use::ChallengeMissing) || call.has(freedom::Refusal::Unchallenged) {
        response
    } else if call.has(Use::BasicChallenge) {
        response.with("WWW-Authenticate", "Basic realm=\"BackOffice\"")
    } else if call.has(freedom::Refusal::ChallengeDetailed) {
        response.with("WWW-Authenticate", "Bearer realm=\"BackOffice\", error=\"invalid_token\"")
    } else {
        response.with("WWW-Authenticate", "Bearer")
    }
}
