//! The answer that carries a pair of tokens, the same for a login and a refresh: both tokens and how long they live.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::{
    Response,
    call::Call,
    endpoints::credentials,
    tokens::{Origin, Pair},
    variations::{fault, freedom},
};

/// Renders a pair.
pub(super) fn render(call: &Call<'_>, origin: &Origin, pair: &Pair) -> Response {
    let mut fields = Map::new();
    fields.insert("accessToken".to_owned(), json!(&*pair.access));
    fields.insert("refreshToken".to_owned(), json!(told_refresh_token(call, origin, pair)));
    fields.insert("accessTokenLifeTime".to_owned(), seconds(call, call.state.announced.access));
    fields.insert("refreshTokenLifeTime".to_owned(), seconds(call, pair.refresh_lifetime));
    match origin {
        Origin::Login => misreport_login(call, &mut fields),
        Origin::Refresh(..) => misreport_refresh(call, &mut fields),
    }
    if call.has(freedom::Answer::ExtraFields) {
        fields.insert("tokenType".to_owned(), json!("Bearer"));
        fields.insert("serverTime".to_owned(), json!(call.now.as_secs()));
    }
    let caching =
        if call.has(freedom::Answer::PragmaBeside) { "no-cache, no-store, must-revalidate" } else { "no-store" };
    let response = Response::json(200, &Value::Object(fields)).with("Cache-Control", caching);
    if call.has(freedom::Answer::PragmaBeside) { response.with("Pragma", "no-cache") } else { response }
}

/// The same answer with another value in a header, or without it when the value is empty.
pub(super) fn relabelled(response: Response, header: &str, value: Option<&str>) -> Response {
    match value {
        None => response,
        Some("") => response.without(header),
        Some(value) => response.with_only(header, value),
    }
}

fn told_refresh_token<'a>(call: &Call<'_>, origin: &Origin, pair: &'a Pair) -> &'a str {
    let doubled = matches!(origin, Origin::Login) && call.has(fault::Issue::RefreshTokenIsAccessToken);
    if doubled { &pair.access } else { &pair.refresh }
}

fn seconds(call: &Call<'_>, lifetime: Duration) -> Value {
    if call.has(freedom::Answer::FractionalLifetimes) {
        json!(lifetime.as_secs_f64())
    } else {
        json!(lifetime.as_secs())
    }
}

/// How a lifetime is told wrongly; `Null` takes the field away.
type Misreport = fn(Duration) -> Value;

const OF_ACCESS: [(fault::Issue, Misreport); 6] = [
    (fault::Issue::AccessLifetimeMissing, |_| Value::Null),
    (fault::Issue::AccessLifetimeText, |life| json!(life.as_secs().to_string())),
    (fault::Issue::AccessLifetimeZero, |_| json!(0)),
    (fault::Issue::AccessLifetimeNegative, |_| json!(-1)),
    (fault::Issue::AccessLifetimePeriod, |life| json!(format!("PT{}S", life.as_secs()))),
    (fault::Issue::AccessLifetimeObject, |life| json!({"value": life.as_secs(), "unit": "SECONDS"})),
];

const OF_REFRESH: [(fault::Issue, Misreport); 3] = [
    (fault::Issue::RefreshLifetimeMissing, |_| Value::Null),
    (fault::Issue::RefreshLifetimeText, |life| json!(life.as_secs().to_string())),
    (fault::Issue::RefreshLifetimeZero, |_| json!(0)),
];

fn misreport_login(call: &Call<'_>, fields: &mut Map<String, Value>) {
    let (access, refresh) = (call.state.announced.access, call.state.announced.refresh);
    tell(fields, "accessTokenLifeTime", call.first(&OF_ACCESS).map(|misreport| misreport(access)));
    tell(fields, "refreshTokenLifeTime", call.first(&OF_REFRESH).map(|misreport| misreport(refresh)));
    if call.has(fault::Expiry::AccessToldInMilliseconds) {
        tell(fields, "accessTokenLifeTime", Some(json!(access.as_secs() * 1000)));
    }
    if call.has(fault::Expiry::RefreshToldInMilliseconds) {
        tell(fields, "refreshTokenLifeTime", Some(json!(refresh.as_secs() * 1000)));
    }
    if call.has(freedom::Answer::RefreshLifetimeUntold) {
        fields.remove("refreshTokenLifeTime");
    }
    if call.has(fault::Issue::PasswordInAnswer) {
        fields.insert("password".to_owned(), json!(credentials::password_sent(call)));
    }
}

fn misreport_refresh(call: &Call<'_>, fields: &mut Map<String, Value>) {
    if call.has(fault::Refresh::AccessLifetimeUntold) {
        fields.remove("accessTokenLifeTime");
    }
    if call.has(fault::Refresh::OwnLifetimeUntold) || call.has(freedom::Answer::RefreshLifetimeUntold) {
        fields.remove("refreshTokenLifeTime");
    }
    if call.has(fault::Refresh::LifetimeText) {
        tell(fields, "accessTokenLifeTime", Some(json!(call.state.announced.access.as_secs().to_string())));
    }
}

fn tell(fields: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        None => {}
        Some(Value::Null) => {
            fields.remove(name);
        }
        Some(value) => {
            fields.insert(name.to_owned(), value);
        }
    }
}
