//! The body of a refusal: JSON with a code and a sentence. The documentation promises JSON and leaves its shape open.

use serde_json::{Value, json};

use super::{
    Mistake, Refusal,
    groups::{self, Group},
    wording,
};
use crate::{
    Response,
    call::Call,
    users::random,
    variations::{fault, freedom},
};

/// The answer to a refusal, without the headers that go with some of them.
pub(super) fn of(call: &Call<'_>, refusal: &Refusal, status: u16) -> Response {
    let mistake = refusal.mistake;
    if NOT_JSON.iter().any(|(fault, concerns)| concerns(mistake) && call.has(*fault)) {
        return page(status);
    }
    let (code, message) = told(call, mistake);
    let response = match shaped(call, status, code, message) {
        Some(body) => Response::json(status, &body),
        None => Response::empty(status),
    };
    let response = mislabelled(call, mistake, response, message);
    if status == 302 { response.with("Location", "/login") } else { response }
}

/// Code and sentence. They tell nobody which of two similar mistakes it was, unless something is wrong.
fn told(call: &Call<'_>, mistake: Mistake) -> (&'static str, &'static str) {
    let (code, message) = wording::of(mistake);
    match mistake {
        Mistake::UnknownLogin if call.has(fault::Issue::UnknownLoginOtherCode) => ("1.2.0.10", message),
        Mistake::UnknownLogin if call.has(fault::Issue::UnknownLoginOtherMessage) => (code, "No such user"),
        Mistake::OneTimeUsed if call.has(fault::OneTime::UsedOtherCode) => ("1.2.0.15", message),
        Mistake::OneTimeUsed if call.has(fault::OneTime::UsedOtherMessage) => (code, "One-time token has been used"),
        Mistake::OneTimeExpired if call.has(fault::OneTime::ExpiredOtherCode) => ("1.2.0.16", message),
        Mistake::OneTimeExpired if call.has(fault::OneTime::ExpiredOtherMessage) => {
            (code, "One-time token has expired")
        }
        _ => (code, message),
    }
}

/// The JSON of an error, in the shape of this deployment. `None` where it sends no body.
fn shaped(call: &Call<'_>, status: u16, code: &str, message: &str) -> Option<Value> {
    use freedom::Refusal as Shape;
    if call.has(Shape::NoBody) {
        return None;
    }
    let mut body = if call.has(Shape::Problem) {
        json!({"type": "about:blank", "title": message, "status": status, "code": code})
    } else if call.has(Shape::Nested) {
        json!({"error": {"code": code, "message": message}})
    } else if call.has(Shape::Listed) {
        json!([{"errorId": code, "message": message}])
    } else if call.has(Shape::BareText) {
        json!(message)
    } else if call.has(Shape::NumericCodes) {
        json!({"error": 40_000 + u32::from(status), "reason": message})
    } else {
        json!({"errorId": code, "message": message})
    };
    if call.has(Shape::Traced)
        && let Some(fields) = body.as_object_mut()
    {
        fields.insert("traceId".to_owned(), json!(format!("{:032x}", u128::from_be_bytes(random()))));
        fields.insert("timestamp".to_owned(), json!(1_700_000_000_000_u64 + u64::from(random::<1>()[0])));
    }
    Some(body)
}

const NOT_JSON: [(fault::Errors, Group); 8] = [
    (fault::Errors::CredentialsHtml, groups::wrong_credentials),
    (fault::Errors::IncompleteHtml, groups::incomplete_login),
    (fault::Errors::UnreadableHtml, groups::unreadable_login),
    (fault::Errors::WrongMethodHtml, groups::wrong_method),
    (fault::Errors::RefreshHtml, groups::refused_refresh_token),
    (fault::Errors::OneTimeHtml, groups::refused_one_time),
    (fault::Errors::NoTokenHtml, groups::absent_access_token),
    (fault::Errors::UnknownPathHtml, groups::unknown_path),
];

/// The page of a web server that knows nothing of the API behind it.
fn page(status: u16) -> Response {
    let body = format!(
        "<!doctype html><html><head><title>HTTP Status {status}</title></head><body><h1>Error</h1></body></html>"
    );
    Response { status, body: body.into_bytes(), ..Response::default() }.with("Content-Type", "text/html;charset=utf-8")
}

/// The right words in the wrong form.
fn mislabelled(call: &Call<'_>, mistake: Mistake, response: Response, message: &str) -> Response {
    let is = |fault, concerns: Group| concerns(mistake) && call.has(fault);
    if is(fault::Errors::CredentialsPlainText, groups::wrong_credentials) {
        Response { body: message.as_bytes().to_vec(), ..response }.with_only("Content-Type", "text/plain")
    } else if is(fault::Errors::RefreshBrokenJson, groups::refused_refresh_token) {
        Response { body: format!("{{'message': '{message}'}}").into_bytes(), ..response }
    } else if is(fault::Errors::IncompleteAsText, groups::incomplete_login) {
        response.with_only("Content-Type", "text/plain")
    } else if is(fault::Errors::UnknownPathUntyped, groups::unknown_path) {
        response.without("Content-Type")
    } else {
        response
    }
}
