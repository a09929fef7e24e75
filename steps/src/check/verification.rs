//! What an answer to the verification of a one-time token means. A refusal may be an error, or a success that says so.

use serde_json::Value;

use crate::{Mismatch, client::Answer, target::Dialect};

/// What the server says about a one-time token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verified {
    /// It is good, and this user's.
    Good(String),
    /// It is not.
    Refused,
    /// The answer says neither.
    Unclear,
}

/// Names of fields whose `false` says that a token is not valid.
const VALID: [&str; 3] = ["valid", "isValid", "success"];
/// Names of fields whose `true` says that a token is not valid.
const INVALID: [&str; 4] = ["isExpired", "expired", "isUsed", "used"];

/// Reads an answer to a verification.
pub(crate) fn read(answer: &Answer, dialect: &Dialect) -> Verified {
    if answer.is_client_error() {
        return Verified::Refused;
    }
    if !answer.is_success() {
        return Verified::Unclear;
    }
    let Some(json) = &answer.json else {
        return Verified::Refused;
    };
    if says_no(json) {
        return Verified::Refused;
    }
    match dialect.ott_login.find(json) {
        Some(Value::String(login)) if !login.is_empty() => Verified::Good(login.clone()),
        Some(Value::Number(login)) => Verified::Good(login.to_string()),
        _ => Verified::Refused,
    }
}

fn says_no(json: &Value) -> bool {
    let field = |name: &str| json.get(name).and_then(Value::as_bool);
    VALID.iter().any(|name| field(name) == Some(false)) || INVALID.iter().any(|name| field(name) == Some(true))
}

/// Checks that the answer says that the token is good, and whose it is.
///
/// # Errors
/// Says what it says instead.
pub(crate) fn names(answer: &Answer, login: &str, dialect: &Dialect) -> Result<(), Mismatch> {
    let answered = match read(answer, dialect) {
        Verified::Good(named) if named == login => return Ok(()),
        Verified::Good(named) => format!("it names {named}"),
        Verified::Refused | Verified::Unclear => {
            format!("{} and names nobody at {}", answer.status_text(), dialect.ott_login)
        }
    };
    Err(Mismatch::new(format!("an answer that names {login}"), answered).at(answer.exchange))
}

/// Checks that the answer refuses the token.
///
/// # Errors
/// Says what it does instead.
pub(crate) fn is_refused(answer: &Answer, dialect: &Dialect) -> Result<(), Mismatch> {
    let answered = match read(answer, dialect) {
        Verified::Refused => return Ok(()),
        Verified::Good(named) => format!("the token is accepted as {named}'s"),
        Verified::Unclear => answer.status_text(),
    };
    Err(Mismatch::new("the token to be refused", answered).at(answer.exchange))
}
