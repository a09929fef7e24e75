//! The response that carries a pair of tokens and their lifetimes, shared by logins and refreshes.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::credentials;
use crate::{
    call::CallContext,
    options::TokenLifetimes,
    response::ApiResponse,
    tokens::{PairOrigin, TokenGrant},
    variations::{AnswerVariant, ExpiryFault, HistoryFault, IssueFault, RefreshFault},
};

const ACCESS_LIFETIME: &str = "accessTokenLifeTime";
const REFRESH_LIFETIME: &str = "refreshTokenLifeTime";

/// Renders a pair.
pub(super) fn render(call: &CallContext<'_>, origin: &PairOrigin, pair: &TokenGrant) -> ApiResponse {
    let mut fields = Map::new();
    fields.insert("accessToken".to_owned(), json!(&*pair.access));
    fields.insert("refreshToken".to_owned(), json!(shown_refresh_token(call, origin, pair)));
    fields.insert(ACCESS_LIFETIME.to_owned(), seconds(call, call.state.announced.access));
    fields.insert(REFRESH_LIFETIME.to_owned(), seconds(call, pair.refresh_lifetime));
    match origin {
        PairOrigin::Login => apply_login_faults(call, &mut fields),
        PairOrigin::Refresh(..) => apply_refresh_faults(call, &mut fields),
    }
    if call.has(AnswerVariant::ExtraFields) {
        fields.insert("tokenType".to_owned(), json!("Bearer"));
        fields.insert("serverTime".to_owned(), json!(call.now.as_secs()));
    }
    let response = ApiResponse::json(200, &Value::Object(fields));
    if call.has(AnswerVariant::PragmaBeside) {
        response.with("Cache-Control", "no-cache, no-store, must-revalidate").with("Pragma", "no-cache")
    } else {
        response.with("Cache-Control", "no-store")
    }
}

/// Replaces a header, removes it if the value is empty, or leaves the response unchanged without a value.
pub(super) fn with_header(response: ApiResponse, header: &str, value: Option<&str>) -> ApiResponse {
    match value {
        None => response,
        Some("") => response.without(header),
        Some(value) => response.with_only(header, value),
    }
}

fn shown_refresh_token<'a>(call: &CallContext<'_>, origin: &PairOrigin, pair: &'a TokenGrant) -> &'a str {
    let repeats_access = matches!(origin, PairOrigin::Login) && call.has(IssueFault::RefreshTokenIsAccessToken);
    if repeats_access { &pair.access } else { &pair.refresh }
}

fn seconds(call: &CallContext<'_>, lifetime: Duration) -> Value {
    if call.has(AnswerVariant::FractionalLifetimes) { json!(lifetime.as_secs_f64()) } else { json!(lifetime.as_secs()) }
}

/// The wrong value that a fault announces for a lifetime; `Null` removes the field.
type WrongLifetime = fn(Duration) -> Value;

const WRONG_ACCESS: [(IssueFault, WrongLifetime); 6] = [
    (IssueFault::AccessLifetimeMissing, |_| Value::Null),
    (IssueFault::AccessLifetimeText, |lifetime| json!(lifetime.as_secs().to_string())),
    (IssueFault::AccessLifetimeZero, |_| json!(0)),
    (IssueFault::AccessLifetimeNegative, |_| json!(-1)),
    (IssueFault::AccessLifetimePeriod, |lifetime| json!(format!("PT{}S", lifetime.as_secs()))),
    (IssueFault::AccessLifetimeObject, |lifetime| json!({"value": lifetime.as_secs(), "unit": "SECONDS"})),
];

const WRONG_REFRESH: [(IssueFault, WrongLifetime); 3] = [
    (IssueFault::RefreshLifetimeMissing, |_| Value::Null),
    (IssueFault::RefreshLifetimeText, |lifetime| json!(lifetime.as_secs().to_string())),
    (IssueFault::RefreshLifetimeZero, |_| json!(0)),
];

fn apply_login_faults(call: &CallContext<'_>, fields: &mut Map<String, Value>) {
    let (access, refresh) = (call.state.announced.access, call.state.announced.refresh);
    set_field(fields, ACCESS_LIFETIME, call.first(&WRONG_ACCESS).map(|wrong| wrong(access)));
    set_field(fields, REFRESH_LIFETIME, call.first(&WRONG_REFRESH).map(|wrong| wrong(refresh)));
    if call.has(ExpiryFault::AccessInMilliseconds) {
        set_field(fields, ACCESS_LIFETIME, Some(json!(access.as_secs() * 1000)));
    }
    if call.has(ExpiryFault::RefreshInMilliseconds) {
        set_field(fields, REFRESH_LIFETIME, Some(json!(refresh.as_secs() * 1000)));
    }
    if call.has(AnswerVariant::RefreshLifetimeMissing) {
        fields.remove(REFRESH_LIFETIME);
    }
    if call.has(IssueFault::PasswordInAnswer) {
        fields.insert("password".to_owned(), json!(credentials::sent_password(call)));
    }
}

fn apply_refresh_faults(call: &CallContext<'_>, fields: &mut Map<String, Value>) {
    if call.has(RefreshFault::AccessLifetimeMissing) {
        fields.remove(ACCESS_LIFETIME);
    }
    if call.has(RefreshFault::RefreshLifetimeMissing) || call.has(AnswerVariant::RefreshLifetimeMissing) {
        fields.remove(REFRESH_LIFETIME);
    }
    if call.has(HistoryFault::RefreshedKeepOld) {
        set_field(fields, ACCESS_LIFETIME, Some(json!(TokenLifetimes::default().access.as_secs())));
    }
    if call.has(RefreshFault::LifetimeInMilliseconds) {
        set_field(fields, ACCESS_LIFETIME, Some(json!(call.state.announced.access.as_secs() * 1000)));
    }
    if call.has(RefreshFault::LifetimeText) {
        set_field(fields, ACCESS_LIFETIME, Some(json!(call.state.announced.access.as_secs().to_string())));
    }
}

fn set_field(fields: &mut Map<String, Value>, name: &str, value: Option<Value>) {
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
