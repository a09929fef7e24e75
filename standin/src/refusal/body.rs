//! The body of a refusal: JSON with a code and a message. The documentation promises JSON and leaves its form open.

use serde_json::{Value, json};

use super::{
    codes,
    mistake::Mistake,
    mistake_groups::{self as groups, MistakeGroup},
};
use crate::{
    call::CallContext,
    response::ApiResponse,
    users::random,
    variations::{ErrorFault, IssueFault, OneTimeFault, RefusalVariant},
};

/// The response to a mistake, without the headers that depend on the mistake.
pub(super) fn render_body(call: &CallContext<'_>, mistake: Mistake, status: u16) -> ApiResponse {
    if NOT_JSON.iter().any(|(fault, includes)| includes(mistake) && call.has(*fault)) {
        return html_page(status);
    }
    let (code, message) = code_and_message(call, mistake);
    let response = match json_body(call, status, code, message) {
        Some(body) => ApiResponse::json(status, &body),
        None => ApiResponse::empty(status),
    };
    let response = with_format_fault(call, mistake, response, message);
    if status == 302 { response.with("Location", "/login") } else { response }
}

/// Code and message. Only faults let them distinguish two similar mistakes.
fn code_and_message(call: &CallContext<'_>, mistake: Mistake) -> (&'static str, &'static str) {
    let (code, message) = codes::code_and_message(mistake);
    match mistake {
        Mistake::UnknownLogin if call.has(IssueFault::UnknownLoginOtherCode) => ("1.2.0.10", message),
        Mistake::UnknownLogin if call.has(IssueFault::UnknownLoginOtherMessage) => (code, "No such user"),
        Mistake::OneTimeUsed if call.has(OneTimeFault::UsedOtherCode) => ("1.2.0.15", message),
        Mistake::OneTimeUsed if call.has(OneTimeFault::UsedOtherMessage) => (code, "One-time token has been used"),
        Mistake::OneTimeExpired if call.has(OneTimeFault::ExpiredOtherCode) => ("1.2.0.16", message),
        Mistake::OneTimeExpired if call.has(OneTimeFault::ExpiredOtherMessage) => (code, "One-time token has expired"),
        _ => (code, message),
    }
}

/// The JSON of an error, in the form of the server's variant. `None` if it sends no body.
fn json_body(call: &CallContext<'_>, status: u16, code: &str, message: &str) -> Option<Value> {
    if call.has(RefusalVariant::NoBody) {
        return None;
    }
    let mut body = if call.has(RefusalVariant::Problem) {
        json!({"type": "about:blank", "title": message, "status": status, "code": code})
    } else if call.has(RefusalVariant::Nested) {
        json!({"error": {"code": code, "message": message}})
    } else if call.has(RefusalVariant::Listed) {
        json!([{"errorId": code, "message": message}])
    } else if call.has(RefusalVariant::BareText) {
        json!(message)
    } else if call.has(RefusalVariant::NumericCodes) {
        json!({"error": 40_000 + u32::from(status), "reason": message})
    } else {
        json!({"errorId": code, "message": message})
    };
    if call.has(RefusalVariant::Traced)
        && let Some(fields) = body.as_object_mut()
    {
        fields.insert("traceId".to_owned(), json!(format!("{:032x}", u128::from_be_bytes(random()))));
        fields.insert("timestamp".to_owned(), json!(1_700_000_000_000_u64 + u64::from(random::<1>()[0])));
    }
    Some(body)
}

const NOT_JSON: [(ErrorFault, MistakeGroup); 8] = [
    (ErrorFault::CredentialsHtml, groups::wrong_credentials),
    (ErrorFault::IncompleteHtml, groups::incomplete_login),
    (ErrorFault::UnreadableHtml, groups::unreadable_login),
    (ErrorFault::WrongMethodHtml, groups::wrong_method),
    (ErrorFault::RefreshHtml, groups::refused_refresh_token),
    (ErrorFault::OneTimeHtml, groups::refused_one_time),
    (ErrorFault::NoTokenHtml, groups::missing_access_token),
    (ErrorFault::UnknownPathHtml, groups::unknown_path),
];

/// An error page of a web server in front of the API.
fn html_page(status: u16) -> ApiResponse {
    let body = format!(
        "<!doctype html><html><head><title>HTTP Status {status}</title></head><body><h1>Error</h1></body></html>"
    );
    ApiResponse { status, body: body.into_bytes(), ..ApiResponse::default() }
        .with("Content-Type", "text/html;charset=utf-8")
}

/// Sends the same message in a wrong format, if the server has such a fault.
fn with_format_fault(call: &CallContext<'_>, mistake: Mistake, response: ApiResponse, message: &str) -> ApiResponse {
    let is = |fault, includes: MistakeGroup| includes(mistake) && call.has(fault);
    if is(ErrorFault::CredentialsPlainText, groups::wrong_credentials) {
        ApiResponse { body: message.as_bytes().to_vec(), ..response }.with_only("Content-Type", "text/plain")
    } else if is(ErrorFault::RefreshBrokenJson, groups::refused_refresh_token) {
        ApiResponse { body: format!("{{'message': '{message}'}}").into_bytes(), ..response }
    } else if is(ErrorFault::IncompleteAsText, groups::incomplete_login) {
        response.with_only("Content-Type", "text/plain")
    } else if is(ErrorFault::UnknownPathUntyped, groups::unknown_path) {
        response.without("Content-Type")
    } else {
        response
    }
}
