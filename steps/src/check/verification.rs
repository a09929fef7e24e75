//! The meaning of an answer to the verification of a one-time token. A refusal may be an error, or a success whose body refuses.

use serde_json::Value;

use crate::{Mismatch, message::Answer, target::Dialect};

/// The verdict of the server on a one-time token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verified {
    /// It is valid, and this user's.
    Good(String),
    /// It is not valid.
    Refused,
    /// The answer shows neither.
    Unclear,
}

/// Fields whose `false` means that the token is not valid.
const VALID: [&str; 3] = ["valid", "isValid", "success"];
/// Fields whose `true` means that the token is not valid.
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
    if denies_validity(json) {
        return Verified::Refused;
    }
    match dialect.ott_login.find(json) {
        Some(Value::String(login)) if !login.is_empty() => Verified::Good(login.clone()),
        Some(Value::Number(login)) => Verified::Good(login.to_string()),
        _ => Verified::Refused,
    }
}

fn denies_validity(json: &Value) -> bool {
    let field = |name: &str| json.get(name).and_then(Value::as_bool);
    VALID.iter().any(|name| field(name) == Some(false)) || INVALID.iter().any(|name| field(name) == Some(true))
}

/// Checks that the answer accepts the token and names its user.
///
/// # Errors
/// Names what the answer has instead.
pub(crate) fn names(answer: &Answer, login: &str, dialect: &Dialect) -> Result<(), Mismatch> {
    let answered = match read(answer, dialect) {
        Verified::Good(named) if named == login => return Ok(()),
        Verified::Good(named) => format!("it names {named}"),
        Verified::Refused | Verified::Unclear => {
            format!("{} and names no user at {}", answer.status_text(), dialect.ott_login)
        }
    };
    Err(Mismatch::new(format!("an answer that names {login}"), answered).at(answer.exchange))
}

/// Whether the answer accepts the token, whoever it names.
pub(crate) fn is_accepted(answer: &Answer, dialect: &Dialect) -> bool {
    matches!(read(answer, dialect), Verified::Good(_))
}

/// Checks that the answer refuses the token.
///
/// # Errors
/// Names what the answer does instead.
pub(crate) fn is_refused(answer: &Answer, dialect: &Dialect) -> Result<(), Mismatch> {
    let answered = match read(answer, dialect) {
        Verified::Refused => return Ok(()),
        Verified::Good(named) => format!("the token is accepted as {named}'s"),
        Verified::Unclear => answer.status_text(),
    };
    Err(Mismatch::new("the token to be refused", answered).at(answer.exchange))
}
