//! What faults reveal in errors: internals, secrets, owners of tokens. Without a fault, nothing is added.

use serde_json::{Value, json};

use super::{
    mistake::{Mistake, Refusal},
    mistake_groups::{self as groups, MistakeGroup},
};
use crate::{
    call::CallContext,
    json_body::TextField,
    response::ApiResponse,
    variations::{ErrorFault, OneTimeFault},
};

/// Adds what the server's faults reveal.
pub(super) fn with_leaks(call: &CallContext<'_>, refusal: &Refusal, mut response: ApiResponse) -> ApiResponse {
    let leaks: Vec<(&str, String)> =
        [internals(call, refusal.mistake), echo(call, refusal.mistake), owner(call, refusal)]
            .into_iter()
            .flatten()
            .collect();
    if leaks.is_empty() {
        return response;
    }
    let mut body = serde_json::from_slice(&response.body).ok().filter(Value::is_object).unwrap_or_else(|| json!({}));
    leaks.into_iter().for_each(|(field, leaked)| body[field] = Value::String(leaked));
    response.body = body.to_string().into_bytes();
    response
}

const INTERNALS: [(ErrorFault, MistakeGroup, &str); 6] = [
    (
        ErrorFault::StackTraceShown,
        groups::unreadable_login,
        "com.fasterxml.jackson.core.JsonParseException: Unexpected character\n\tat \
         com.traderevolution.rest.AuthController.token(AuthController.java:87)",
    ),
    (
        ErrorFault::SqlShown,
        groups::wrong_credentials,
        "SQLSTATE 02000: SELECT id, password_hash FROM users WHERE login = ? returned no row",
    ),
    (ErrorFault::FilePathShown, groups::unknown_path, "/opt/backoffice/webapps/proftrading/WEB-INF/rest: no such file"),
    (ErrorFault::ExceptionShown, groups::refused_refresh_token, "java.lang.NullPointerException: session"),
    (
        ErrorFault::ExceptionShownForOneTime,
        groups::incomplete_verification,
        "java.lang.IllegalArgumentException: token must not be null",
    ),
    (
        ErrorFault::ConnectionShown,
        groups::missing_password,
        "jdbc:oracle:thin:@//db01.internal:1521/BO: java.sql.SQLException: invalid column",
    ),
];

fn internals(call: &CallContext<'_>, mistake: Mistake) -> Option<(&'static str, String)> {
    let shown = INTERNALS.iter().find(|(fault, includes, _)| includes(mistake) && call.has(*fault));
    shown.map(|(.., text)| ("detail", (*text).to_owned()))
}

/// A secret of the request that the response repeats.
fn echo(call: &CallContext<'_>, mistake: Mistake) -> Option<(&'static str, String)> {
    let request = call.request;
    let sent = |field: TextField| call.object().ok().and_then(|object| field.read(&object).ok().map(str::to_owned));
    let is = |fault, includes: MistakeGroup| includes(mistake) && call.has(fault);
    let echoed = if is(ErrorFault::PasswordEchoed, groups::wrong_credentials) {
        sent(TextField::Password)
    } else if is(ErrorFault::RefreshTokenEchoed, groups::refused_refresh_token) {
        request.header("token").map(str::to_owned)
    } else if is(ErrorFault::OneTimeTokenEchoed, groups::refused_one_time) {
        sent(TextField::Token)
    } else if is(ErrorFault::AccessTokenEchoed, groups::unknown_access_token) {
        request.header("authorization").map(str::to_owned)
    } else {
        None
    };
    echoed.map(|secret| ("rejectedValue", secret))
}

/// The owner of the refused token.
fn owner(call: &CallContext<'_>, refusal: &Refusal) -> Option<(&'static str, String)> {
    let login = &call.user(refusal.owner?).login;
    match refusal.mistake {
        Mistake::OneTimeUsed if call.has(OneTimeFault::UsedNamesUser) => Some(("login", login.clone())),
        Mistake::OneTimeUsed if call.has(OneTimeFault::UsedMentionsUser) => {
            Some(("message", format!("One-time token has already been used by {login}")))
        }
        Mistake::OneTimeExpired if call.has(OneTimeFault::ExpiredNamesUser) => Some(("login", login.clone())),
        _ => None,
    }
}
