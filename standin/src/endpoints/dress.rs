//! The last touch to every answer: what deployments do to all of them alike, and what the transport has to know.

use std::time::Duration;

use serde_json::Value;

use crate::{Response, call::Call, variations::freedom::Answer};

/// How long a slow server takes, in real time.
const SLOW: Duration = Duration::from_millis(30);

/// The answer as it leaves the server.
pub(crate) fn dress(call: &Call<'_>, mut response: Response) -> Response {
    response.body = rewritten(call, response.body);
    response.chunked = call.has(Answer::Chunked);
    response.delay = call.hold.or(call.has(Answer::Slow).then_some(SLOW));
    let mut response = labelled(call, response);
    if call.request.method == "HEAD" {
        response.body.clear();
    }
    response
}

fn labelled(call: &Call<'_>, mut response: Response) -> Response {
    if call.has(Answer::CharsetNamed) && response.header("content-type") == Some("application/json") {
        response = response.with_only("Content-Type", "application/json;charset=UTF-8");
    }
    if call.has(Answer::ConnectionClosed) {
        response = response.with("Connection", "close");
    }
    if call.has(Answer::CookieSet) {
        response = response.with("Set-Cookie", "route=node-1; Path=/; HttpOnly");
    }
    if call.has(Answer::ExtraHeaders) {
        response =
            response.with("Server", "BackOffice").with("X-Content-Type-Options", "nosniff").with("Vary", "Accept");
    }
    response
}

/// A way to write JSON.
type Writing = fn(&Value) -> String;

/// The same JSON in another writing.
fn rewritten(call: &Call<'_>, body: Vec<u8>) -> Vec<u8> {
    const WRITINGS: [(Answer, Writing); 4] = [
        (Answer::Pretty, |json| format!("{json:#}")),
        (Answer::KeysReversed, reversed),
        (Answer::BlankAround, |json| format!("\r\n {json} \n")),
        (Answer::SlashesEscaped, |json| json.to_string().replace('/', "\\/")),
    ];
    let Some(write) = call.first(&WRITINGS) else { return body };
    serde_json::from_slice(&body).map_or(body, |json| write(&json).into_bytes())
}

fn reversed(json: &Value) -> String {
    let Some(object) = json.as_object() else {
        return json.to_string();
    };
    let mut fields: Vec<String> =
        object.iter().map(|(key, value)| format!("{}:{value}", Value::from(&**key))).collect();
    fields.reverse();
    format!("{{{}}}", fields.join(","))
}
