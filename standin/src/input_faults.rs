//! What the faults of `variations::fault::input` do: an answer 500 to a class of texts in one place, or to odd JSON at one endpoint.

use serde_json::Value;

use crate::{
    api::Endpoint,
    call::CallContext,
    refusal::{Mistake, Refusal},
    variations::InputFault as Fault,
};

/// A text that a call takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    Password,
    OneTime,
    Refresh,
    Access,
    Lifetime,
}

/// Whether a text or a body is of a class.
type InClass = fn(&str) -> bool;

const TEXTS: [(Fault, Text, InClass); 40] = [
    (Fault::PasswordLetters, Text::Password, letters),
    (Fault::PasswordEmoji, Text::Password, emoji),
    (Fault::PasswordControl, Text::Password, control),
    (Fault::PasswordNul, Text::Password, nul),
    (Fault::PasswordQuote, Text::Password, quote),
    (Fault::PasswordPercent, Text::Password, percent),
    (Fault::PasswordPath, Text::Password, path),
    (Fault::PasswordMarkup, Text::Password, markup),
    (Fault::PasswordLong, Text::Password, long),
    (Fault::PasswordExact, Text::Password, exact),
    (Fault::OneTimeLetters, Text::OneTime, letters),
    (Fault::OneTimeEmoji, Text::OneTime, emoji),
    (Fault::OneTimeControl, Text::OneTime, control),
    (Fault::OneTimeNul, Text::OneTime, nul),
    (Fault::OneTimeQuote, Text::OneTime, quote),
    (Fault::OneTimePercent, Text::OneTime, percent),
    (Fault::OneTimePath, Text::OneTime, path),
    (Fault::OneTimeMarkup, Text::OneTime, markup),
    (Fault::OneTimeLong, Text::OneTime, long),
    (Fault::OneTimeExact, Text::OneTime, exact),
    (Fault::RefreshLetters, Text::Refresh, letters),
    (Fault::RefreshEmoji, Text::Refresh, emoji),
    (Fault::RefreshQuote, Text::Refresh, quote),
    (Fault::RefreshPercent, Text::Refresh, percent),
    (Fault::RefreshPath, Text::Refresh, path),
    (Fault::RefreshMarkup, Text::Refresh, markup),
    (Fault::RefreshLong, Text::Refresh, long),
    (Fault::AccessLetters, Text::Access, letters),
    (Fault::AccessEmoji, Text::Access, emoji),
    (Fault::AccessQuote, Text::Access, quote),
    (Fault::AccessPercent, Text::Access, percent),
    (Fault::AccessPath, Text::Access, path),
    (Fault::AccessMarkup, Text::Access, markup),
    (Fault::AccessLong, Text::Access, long),
    (Fault::LifetimeLetters, Text::Lifetime, letters),
    (Fault::LifetimeEmoji, Text::Lifetime, emoji),
    (Fault::LifetimeNul, Text::Lifetime, nul),
    (Fault::LifetimeQuote, Text::Lifetime, quote),
    (Fault::LifetimePercent, Text::Lifetime, percent),
    (Fault::LifetimeLong, Text::Lifetime, long),
];

const BODIES: [(Fault, Endpoint, InClass); 12] = [
    (Fault::LoginSurrogate, Endpoint::Token, surrogate),
    (Fault::LoginNested, Endpoint::Token, nested),
    (Fault::LoginHugeNumber, Endpoint::Token, huge_number),
    (Fault::LoginTrailing, Endpoint::Token, trailing),
    (Fault::VerificationSurrogate, Endpoint::Verify, surrogate),
    (Fault::VerificationNested, Endpoint::Verify, nested),
    (Fault::VerificationHugeNumber, Endpoint::Verify, huge_number),
    (Fault::VerificationTrailing, Endpoint::Verify, trailing),
    (Fault::SettingsSurrogate, Endpoint::Settings, surrogate),
    (Fault::SettingsNested, Endpoint::Settings, nested),
    (Fault::SettingsHugeNumber, Endpoint::Settings, huge_number),
    (Fault::SettingsTrailing, Endpoint::Settings, trailing),
];

/// Refuses with a crash what a fault of the server cannot take.
pub(crate) fn check(call: &CallContext<'_>) -> Result<(), Refusal> {
    let Some(endpoint) = Endpoint::from_path(&call.request.path) else { return Ok(()) };
    let text = text_of(call, endpoint);
    let of_text = |(fault, place, is_in): &(Fault, Text, InClass)| {
        text.as_ref().is_some_and(|(known, text)| known == place && call.has(*fault) && is_in(text))
    };
    let body = String::from_utf8_lossy(&call.request.body);
    let of_body =
        |(fault, place, is_in): &(Fault, Endpoint, InClass)| *place == endpoint && call.has(*fault) && is_in(&body);
    if TEXTS.iter().any(of_text) || BODIES.iter().any(of_body) {
        return Err(Refusal::crash(Mistake::UnknownLogin));
    }
    Ok(())
}

/// The text that a request carries for its endpoint, where it is one.
fn text_of(call: &CallContext<'_>, endpoint: Endpoint) -> Option<(Text, String)> {
    let member = |name: &str| call.object().ok()?.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(match endpoint {
        Endpoint::Token => (Text::Password, member("password")?),
        Endpoint::Verify => (Text::OneTime, member("token")?),
        Endpoint::Refresh => (Text::Refresh, call.request.header("token")?.to_owned()),
        Endpoint::Settings => (Text::Lifetime, member("accessTokenLifeTime")?),
        Endpoint::Accounts => (Text::Access, call.request.header("authorization")?.split_once(' ')?.1.to_owned()),
        _ => return None,
    })
}

fn letters(text: &str) -> bool {
    text.chars().any(|c| c > '\u{7f}' && c <= '\u{ffff}')
}

fn emoji(text: &str) -> bool {
    text.chars().any(|c| c > '\u{ffff}')
}

fn control(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && c != '\0')
}

fn nul(text: &str) -> bool {
    text.contains('\0')
}

fn quote(text: &str) -> bool {
    text.contains('"')
}

fn percent(text: &str) -> bool {
    text.contains('%')
}

fn path(text: &str) -> bool {
    text.contains("../")
}

fn markup(text: &str) -> bool {
    text.contains('<')
}

fn long(text: &str) -> bool {
    text.len() > 2_000
}

fn exact(text: &str) -> bool {
    text.chars().count() == 257
}

fn surrogate(body: &str) -> bool {
    body.contains("\\ud800")
}

fn nested(body: &str) -> bool {
    body.contains(&"[".repeat(500))
}

fn huge_number(body: &str) -> bool {
    body.contains("1e999")
}

fn trailing(body: &str) -> bool {
    body.trim_end().strip_suffix('}').is_none() && body.trim_start().starts_with('{') && body.contains('}')
}
