//! The last step of every response: what a deployment changes in all of them, and instructions for the transport.

use std::time::Duration;

use serde_json::Value;

use crate::{call::CallContext, response::ApiResponse, variations::AnswerVariant};

/// The delay of every response with the variant `answer-slow`, in real time.
const SLOW: Duration = Duration::from_millis(30);

/// The response as it leaves the server.
pub(crate) fn finalize(call: &CallContext<'_>, mut response: ApiResponse) -> ApiResponse {
    response.body = restyle(call, response.body);
    response.chunked = call.has(AnswerVariant::Chunked);
    response.delay = call.delay.or(call.has(AnswerVariant::Slow).then_some(SLOW));
    let mut response = with_extra_headers(call, response);
    if call.request.method == "HEAD" {
        response.body.clear();
    }
    response
}

fn with_extra_headers(call: &CallContext<'_>, mut response: ApiResponse) -> ApiResponse {
    if call.has(AnswerVariant::CharsetNamed) && response.header("content-type") == Some("application/json") {
        response = response.with_only("Content-Type", "application/json;charset=UTF-8");
    }
    if call.has(AnswerVariant::ConnectionClosed) {
        response = response.with("Connection", "close");
    }
    if call.has(AnswerVariant::CookieSet) {
        response = response.with("Set-Cookie", "route=node-1; Path=/; HttpOnly");
    }
    if call.has(AnswerVariant::ExtraHeaders) {
        response =
            response.with("Server", "BackOffice").with("X-Content-Type-Options", "nosniff").with("Vary", "Accept");
    }
    response
}

/// A way to write JSON.
type JsonStyle = fn(&Value) -> String;

/// The same JSON in the style of the server's variant.
fn restyle(call: &CallContext<'_>, body: Vec<u8>) -> Vec<u8> {
    const STYLES: [(AnswerVariant, JsonStyle); 4] = [
        (AnswerVariant::Pretty, |json| format!("{json:#}")),
        (AnswerVariant::KeysReversed, with_reversed_keys),
        (AnswerVariant::BlankAround, |json| format!("\r\n {json} \n")),
        (AnswerVariant::SlashesEscaped, |json| json.to_string().replace('/', "\\/")),
    ];
    let Some(style) = call.first(&STYLES) else { return body };
    serde_json::from_slice(&body).map_or(body, |json| style(&json).into_bytes())
}

fn with_reversed_keys(json: &Value) -> String {
    let Some(object) = json.as_object() else {
        return json.to_string();
    };
    let mut fields: Vec<String> =
        object.iter().map(|(key, value)| format!("{}:{value}", Value::from(&**key))).collect();
    fields.reverse();
    format!("{{{}}}", fields.join(","))
}
