//! Error codes and their meanings. Codes that public clients use are taken from them; the others follow the same pattern.

use super::mistake::Mistake;

const WRONG_CREDENTIALS: &str = "1.2.0.11";
const WRONG_TOKEN: &str = "1.2.0.12";
const WRONG_REFRESH_TOKEN: &str = "1.2.0.13";
const WRONG_ONE_TIME_TOKEN: &str = "1.2.0.14";
const PARAMETER_MISSING: &str = "1.6.2.2";
const BODY_UNREADABLE: &str = "1.6.2.3";
const VALUE_UNACCEPTABLE: &str = "1.6.2.4";
const PATH_UNKNOWN: &str = "1.6.1.1";
const METHOD_NOT_ALLOWED: &str = "1.6.1.2";
const CODE_UNKNOWN: &str = "1.6.1.3";

const RATE_LIMITED: &str = "2.147.1.27";

const MEANINGS: [(&str, &str); 11] = [
    (WRONG_CREDENTIALS, "Wrong login or password"),
    (WRONG_TOKEN, "Access token is missing or not valid"),
    (WRONG_REFRESH_TOKEN, "Refresh token is not valid"),
    (WRONG_ONE_TIME_TOKEN, "One-time token is not valid"),
    (PARAMETER_MISSING, "Required parameter is missing"),
    (BODY_UNREADABLE, "Request body is not readable"),
    (VALUE_UNACCEPTABLE, "Value is not acceptable"),
    (PATH_UNKNOWN, "No such method"),
    (METHOD_NOT_ALLOWED, "HTTP method is not allowed"),
    (CODE_UNKNOWN, "No such error code"),
    (RATE_LIMITED, "Too many requests"),
];

/// The meaning of a code, `None` for an unknown one.
pub(crate) fn code_meaning(code: &str) -> Option<&'static str> {
    MEANINGS.iter().find(|(known, _)| *known == code).map(|(_, meaning)| *meaning)
}

/// The code of a mistake and its meaning.
pub(super) fn code_and_message(mistake: Mistake) -> (&'static str, &'static str) {
    let code = code_of_mistake(mistake);
    (code, code_meaning(code).unwrap_or_default())
}

fn code_of_mistake(mistake: Mistake) -> &'static str {
    match mistake {
        Mistake::UnknownLogin | Mistake::WrongPassword => WRONG_CREDENTIALS,
        Mistake::NoToken(_) | Mistake::BadToken(_) | Mistake::ExpiredToken(_) => WRONG_TOKEN,
        Mistake::RefreshUnknown | Mistake::RefreshSpent | Mistake::RefreshExpired => WRONG_REFRESH_TOKEN,
        Mistake::OneTimeUnknown | Mistake::OneTimeUsed | Mistake::OneTimeExpired => WRONG_ONE_TIME_TOKEN,
        Mistake::LoginField(..) | Mistake::OneTimeField(_) => PARAMETER_MISSING,
        Mistake::RefreshMissing | Mistake::RefreshEmpty => PARAMETER_MISSING,
        Mistake::LoginBody(_) | Mistake::OneTimeBody(_) | Mistake::SettingsBody | Mistake::TooLarge => BODY_UNREADABLE,
        Mistake::SettingsValue => VALUE_UNACCEPTABLE,
        Mistake::WrongMethod(_) => METHOD_NOT_ALLOWED,
        Mistake::UnknownPath => PATH_UNKNOWN,
        Mistake::UnknownCode => CODE_UNKNOWN,
        Mistake::TooManyRequests => RATE_LIMITED,
    }
}
