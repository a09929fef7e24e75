//! What an error tells that it should not. A correct server adds nothing.

use serde_json::{Value, json};

use super::{
    Mistake, Refusal,
    groups::{self, Group},
};
use crate::{Response, call::Call, endpoints::Field, variations::fault};

/// The answer with what this server cannot keep to itself.
pub(super) fn added(call: &Call<'_>, refusal: &Refusal, mut response: Response) -> Response {
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

const INTERNALS: [(fault::Errors, Group, &str); 6] = [
    (
        fault::Errors::StackTraceShown,
        groups::unreadable_login,
        "com.fasterxml.jackson.core.JsonParseException: Unexpected character\n\tat \
         com.traderevolution.rest.AuthController.token(AuthController.java:87)",
    ),
    (
        fault::Errors::SqlShown,
        groups::wrong_credentials,
        "SQLSTATE 02000: SELECT id, password_hash FROM users WHERE login = ? returned no row",
    ),
    (
        fault::Errors::FilePathShown,
        groups::unknown_path,
        "/opt/backoffice/webapps/proftrading/WEB-INF/rest: no such file",
    ),
    (fault::Errors::ExceptionShown, groups::refused_refresh_token, "java.lang.NullPointerException: session"),
    (
        fault::Errors::ExceptionShownForOneTime,
        groups::incomplete_verification,
        "java.lang.IllegalArgumentException: token must not be null",
    ),
    (
        fault::Errors::ConnectionShown,
        groups::absent_password,
        "jdbc:oracle:thin:@//db01.internal:1521/BO: java.sql.SQLException: invalid column",
    ),
];

fn internals(call: &Call<'_>, mistake: Mistake) -> Option<(&'static str, String)> {
    let shown = INTERNALS.iter().find(|(fault, concerns, _)| concerns(mistake) && call.has(*fault));
    shown.map(|(.., text)| ("detail", (*text).to_owned()))
}

/// A secret that comes back to whoever sent it, and to every log on the way.
fn echo(call: &Call<'_>, mistake: Mistake) -> Option<(&'static str, String)> {
    let request = call.request;
    let sent = |field: Field| call.object().ok().and_then(|object| field.of(&object).ok().map(str::to_owned));
    let is = |fault, concerns: Group| concerns(mistake) && call.has(fault);
    let echoed = if is(fault::Errors::PasswordEchoed, groups::wrong_credentials) {
        sent(Field::Password)
    } else if is(fault::Errors::RefreshTokenEchoed, groups::refused_refresh_token) {
        request.header("token").map(str::to_owned)
    } else if is(fault::Errors::OneTimeTokenEchoed, groups::refused_one_time) {
        sent(Field::Token)
    } else if is(fault::Errors::AccessTokenEchoed, groups::unknown_access_token) {
        request.header("authorization").map(str::to_owned)
    } else {
        None
    };
    echoed.map(|secret| ("rejectedValue", secret))
}

/// The user whose token is refused.
fn owner(call: &Call<'_>, refusal: &Refusal) -> Option<(&'static str, String)> {
    let login = &call.user(refusal.owner?).login;
    match refusal.mistake {
        Mistake::OneTimeUsed if call.has(fault::OneTime::UsedNamesUser) => Some(("login", login.clone())),
        Mistake::OneTimeUsed if call.has(fault::OneTime::UsedMentionsUser) => {
            Some(("message", format!("One-time token has already been used by {login}")))
        }
        Mistake::OneTimeExpired if call.has(fault::OneTime::ExpiredNamesUser) => Some(("login", login.clone())),
        _ => None,
    }
}
