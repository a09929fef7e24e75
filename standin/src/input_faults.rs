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
enum InputText {
    Password,
    OneTime,
    Refresh,
    Access,
    Lifetime,
}

/// Whether a text or a body is of a class.
type InClass = fn(&str) -> bool;

const TEXTS: [(Fault, InputText, InClass); 40] = [
    (Fault::PasswordLetters, InputText::Password, letters),
    (Fault::PasswordEmoji, InputText::Password, emoji),
    (Fault::PasswordControl, InputText::Password, control),
    (Fault::PasswordNul, InputText::Password, nul),
    (Fault::PasswordQuote, InputText::Password, quote),
    (Fault::PasswordPercent, InputText::Password, percent),
    (Fault::PasswordPath, InputText::Password, path),
    (Fault::PasswordMarkup, InputText::Password, markup),
    (Fault::PasswordLong, InputText::Password, long),
    (Fault::PasswordExact, InputText::Password, exact),
    (Fault::OneTimeLetters, InputText::OneTime, letters),
    (Fault::OneTimeEmoji, InputText::OneTime, emoji),
    (Fault::OneTimeControl, InputText::OneTime, control),
    (Fault::OneTimeNul, InputText::OneTime, nul),
    (Fault::OneTimeQuote, InputText::OneTime, quote),
    (Fault::OneTimePercent, InputText::OneTime, percent),
    (Fault::OneTimePath, InputText::OneTime, path),
    (Fault::OneTimeMarkup, InputText::OneTime, markup),
    (Fault::OneTimeLong, InputText::OneTime, long),
    (Fault::OneTimeExact, InputText::OneTime, exact),
    (Fault::RefreshLetters, InputText::Refresh, letters),
    (Fault::RefreshEmoji, InputText::Refresh, emoji),
    (Fault::RefreshQuote, InputText::Refresh, quote),
    (Fault::RefreshPercent, InputText::Refresh, percent),
    (Fault::RefreshPath, InputText::Refresh, path),
    (Fault::RefreshMarkup, InputText::Refresh, markup),
    (Fault::RefreshLong, InputText::Refresh, long),
    (Fault::AccessLetters, InputText::Access, letters),
    (Fault::AccessEmoji, InputText::Access, emoji),
    (Fault::AccessQuote, InputText::Access, quote),
    (Fault::AccessPercent, InputText::Access, percent),
    (Fault::AccessPath, InputText::Access, path),
    (Fault::AccessMarkup, InputText::Access, markup),
    (Fault::AccessLong, InputText::Access, long),
    (Fault::LifetimeLetters, InputText::Lifetime, letters),
    (Fault::LifetimeEmoji, InputText::Lifetime, emoji),
    (Fault::LifetimeNul, InputText::Lifetime, nul),
    (Fault::LifetimeQuote, InputText::Lifetime, quote),
    (Fault::LifetimePercent, InputText::Lifetime, percent),
    (Fault::LifetimeLong, InputText::Lifetime, long),
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
    let of_text = |(fault, place, is_in): &(Fault, InputText, InClass)| {
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
fn text_of(call: &CallContext<'_>, endpoint: Endpoint) -> Option<(InputText, String)> {
    let member = |name: &str| call.object().ok()?.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(match endpoint {
        Endpoint::Token => (InputText::Password, member("password")?),
        Endpoint::Verify => (InputText::OneTime, member("token")?),
        Endpoint::Refresh => (InputText::Refresh, call.request.header("token")?.to_owned()),
        Endpoint::Settings => (InputText::Lifetime, member("accessTokenLifeTime")?),
        Endpoint::Accounts => (InputText::Access, call.request.header("authorization")?.split_once(' ')?.1.to_owned()),
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
