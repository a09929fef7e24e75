//! Whether somebody is who they say: login and password, from the JSON body of the request and from nowhere else.

use serde_json::{Map, Value};

use super::{Field, FieldState};
use crate::{
    call::{BadBody, Call, object_in},
    refusal::{Mistake, Refusal},
    tokens::likeness::{self, Likeness},
    variations::{fault, freedom},
};

/// The user whose credentials the request carries.
pub(super) fn user(call: &Call<'_>) -> Result<usize, Refusal> {
    if let Some((login, password)) = misplaced(call) {
        return checked(call, Some(&login), Some(&password));
    }
    let object = readable(call).map_err(Mistake::LoginBody)?;
    let login = demanded(call, &object, Field::Login)?;
    let password = demanded(call, &object, Field::Password)?;
    checked(call, login, password)
}

/// The password as it was sent, for servers that cannot keep it to themselves.
pub(crate) fn password_sent(call: &Call<'_>) -> Option<String> {
    let object = call.object().ok()?;
    Field::Password.of(&object).ok().map(str::to_owned)
}

/// A field's text. `None` where a faulty server does without.
fn demanded<'a>(call: &Call<'_>, object: &'a Map<String, Value>, field: Field) -> Result<Option<&'a str>, Refusal> {
    match field.of(object) {
        Ok(text) => Ok(Some(text)),
        Err(state) if call.has(waiver(field, state)) => Ok(None),
        Err(state) => Err(Mistake::LoginField(field, state).into()),
    }
}

/// The fault of doing without this field.
fn waiver(field: Field, state: FieldState) -> fault::Issue {
    use fault::Issue as Fault;
    match (field, state) {
        (Field::Login, FieldState::Missing) => Fault::LoginMissing,
        (Field::Login, FieldState::Empty) => Fault::LoginEmpty,
        (Field::Login, FieldState::Null) => Fault::LoginNull,
        (Field::Login, FieldState::Number) => Fault::LoginNumber,
        (Field::Login, FieldState::Boolean) => Fault::LoginBoolean,
        (Field::Login, FieldState::List) => Fault::LoginList,
        (Field::Login, FieldState::Object) => Fault::LoginObject,
        (_, FieldState::Missing) => Fault::PasswordMissing,
        (_, FieldState::Empty) => Fault::PasswordEmpty,
        (_, FieldState::Null) => Fault::PasswordNull,
        (_, FieldState::Number) => Fault::PasswordNumber,
        (_, FieldState::Boolean) => Fault::PasswordBoolean,
        (_, FieldState::List) => Fault::PasswordList,
        (_, FieldState::Object) => Fault::PasswordObject,
    }
}

fn checked(call: &Call<'_>, login: Option<&str>, password: Option<&str>) -> Result<usize, Refusal> {
    let Some(login) = login else {
        return call
            .core
            .users
            .iter()
            .position(|user| Some(&*user.password) == password)
            .ok_or(Mistake::UnknownLogin.into());
    };
    if let Some(user) = tripped_over(call, login)? {
        return Ok(user);
    }
    let user = known(call, login).ok_or(Mistake::UnknownLogin)?;
    match password {
        Some(password) if !passes(call, user, password) => Err(Mistake::WrongPassword.into()),
        _ => Ok(user),
    }
}

fn known(call: &Call<'_>, login: &str) -> Option<usize> {
    let alike = |known: &str| {
        known == login
            || (call.has(freedom::Session::LoginInAnyCase) && known.eq_ignore_ascii_case(login))
            || (call.has(freedom::Session::LoginTrimmed) && known == login.trim())
    };
    call.core.users.iter().position(|user| alike(&user.login))
}

const NEAR_MISSES: [(fault::Issue, Likeness); 8] = [
    (fault::Issue::PasswordCutShort, |shown, known| known.starts_with(shown)),
    (fault::Issue::PasswordMadeLonger, likeness::with_more_behind),
    (fault::Issue::PasswordInOtherCase, likeness::same_but_for_case),
    (fault::Issue::PasswordBlankBefore, |shown, known| shown.trim_start() == known),
    (fault::Issue::PasswordBlankAfter, |shown, known| shown.trim_end() == known),
    (fault::Issue::PasswordFirstEight, |shown, known| shown.len() >= 8 && shown.get(..8) == known.get(..8)),
    (fault::Issue::PasswordContained, |shown, known| shown.contains(known)),
    (fault::Issue::WrongPasswordAccepted, |_, _| true),
];

fn passes(call: &Call<'_>, user: usize, password: &str) -> bool {
    let known = &call.user(user).password;
    password == known
        || call.takes(&NEAR_MISSES, password, known)
        || (call.has(fault::Issue::PasswordOfAnother) && call.core.users.iter().any(|other| other.password == password))
}

/// Whether a login trips a server up.
type Trips = fn(&str) -> bool;

const HOSTILE: [(fault::Issue, Trips); 9] = [
    (fault::Issue::UnicodeCrashes, |login| login.chars().any(|c| c > '\u{7f}' && c <= '\u{ffff}')),
    (fault::Issue::EmojiCrashes, |login| login.chars().any(|c| c > '\u{ffff}')),
    (fault::Issue::ControlCrashes, |login| login.chars().any(|c| c.is_control() && c != '\0')),
    (fault::Issue::NullCharacterCrashes, |login| login.contains('\0')),
    (fault::Issue::QuoteCrashes, |login| login.contains(['\'', '"'])),
    (fault::Issue::FormatCrashes, |login| login.contains('%')),
    (fault::Issue::PathCrashes, |login| login.contains("../") || login.starts_with('/')),
    (fault::Issue::MarkupCrashes, |login| login.contains('<')),
    (fault::Issue::LongLoginCrashes, |login| login.len() > 4096),
];

/// What a login does to a server that trusts its input: crashes it, or becomes part of its query.
fn tripped_over(call: &Call<'_>, login: &str) -> Result<Option<usize>, Refusal> {
    if HOSTILE.iter().any(|(fault, trips)| trips(login) && call.has(*fault)) {
        return Err(Refusal::crash(Mistake::UnknownLogin));
    }
    let injected = login.contains('\'') && login.contains('=') && login.to_ascii_uppercase().contains("OR");
    Ok((injected && call.has(fault::Issue::SqlInjected) && !call.core.users.is_empty()).then_some(0))
}

/// The JSON object in the body, or what a lenient parser takes for one.
fn readable(call: &Call<'_>) -> Result<Map<String, Value>, BadBody> {
    let body = &call.request.body;
    call.object().or_else(|bad| match bad {
        BadBody::List if call.has(fault::Issue::ListAccepted) => first_of_list(body).ok_or(bad),
        BadBody::Text if call.has(fault::Issue::TextAccepted) => object_in_text(body).ok_or(bad),
        BadBody::Malformed => repaired(call, body).ok_or(bad),
        _ => Err(bad),
    })
}

fn first_of_list(body: &[u8]) -> Option<Map<String, Value>> {
    let list: Vec<Value> = serde_json::from_slice(body).ok()?;
    list.into_iter().next().and_then(|first| first.as_object().cloned())
}

fn object_in_text(body: &[u8]) -> Option<Map<String, Value>> {
    let text: String = serde_json::from_slice(body).ok()?;
    object_in(text.as_bytes()).ok()
}

fn repaired(call: &Call<'_>, body: &[u8]) -> Option<Map<String, Value>> {
    let braced = || with_last_brace(body).filter(|_| call.has(fault::Issue::CutOffAccepted));
    let trimmed = || without_last_comma(body).filter(|_| call.has(fault::Issue::CommaAccepted));
    braced().or_else(trimmed)
}

fn with_last_brace(body: &[u8]) -> Option<Map<String, Value>> {
    object_in(&[body, b"}"].concat()).ok()
}

fn without_last_comma(body: &[u8]) -> Option<Map<String, Value>> {
    let text = std::str::from_utf8(body).ok()?.trim_end().strip_suffix('}')?;
    let repaired = format!("{}}}", text.trim_end().strip_suffix(',')?);
    object_in(repaired.as_bytes()).ok()
}

/// Credentials in a place where only a careless server looks.
fn misplaced(call: &Call<'_>) -> Option<(String, String)> {
    let request = call.request;
    let of = |fault, find: &dyn Fn(&str) -> Option<String>| {
        call.has(fault).then(|| find("login").zip(find("password"))).flatten()
    };
    of(fault::Issue::QueryAccepted, &|name| request.parameter(name))
        .or_else(|| of(fault::Issue::HeadersAccepted, &|name| request.header(name).map(str::to_owned)))
        .or_else(|| of(fault::Issue::FormAccepted, &|name| request.form_field(name)))
        .or_else(|| call.has(fault::Issue::BasicAccepted).then(|| basic(request.header("authorization")?)).flatten())
}

fn basic(header: &str) -> Option<(String, String)> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let decoded = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let (login, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((login.to_owned(), password.to_owned()))
}
