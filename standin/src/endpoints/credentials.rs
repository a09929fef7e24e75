//! Authenticates a user by login and password, taken only from the JSON body of the request.

use serde_json::{Map, Value};

use crate::{
    call::CallContext,
    json_body::{BadField, BodyError, TextField, parse_object},
    lax_compare::{self, LaxComparison},
    refusal::{Mistake, Refusal},
    request::percent_decode,
    variations::{IssueFault, SessionVariant},
};

/// The index of the user whose credentials the request carries.
pub(super) fn authenticate(call: &CallContext<'_>) -> Result<usize, Refusal> {
    if let Some((login, password)) = misplaced(call) {
        return check(call, Some(&login), Some(&password));
    }
    let object = parse_body(call).map_err(Mistake::LoginBody)?;
    let login = required(call, &object, TextField::Login)?;
    let password = required(call, &object, TextField::Password)?;
    check(call, login, password)
}

/// The password that the request carries, for faults that leak it.
pub(super) fn sent_password(call: &CallContext<'_>) -> Option<String> {
    let object = call.object().ok()?;
    TextField::Password.read(&object).ok().map(str::to_owned)
}

/// The text of a required field. `None` if a fault accepts the request without it.
fn required<'a>(
    call: &CallContext<'_>,
    object: &'a Map<String, Value>,
    field: TextField,
) -> Result<Option<&'a str>, Refusal> {
    match field.read(object) {
        Ok(text) => Ok(Some(text)),
        Err(bad) if call.has(accepting_fault(field, bad)) => Ok(None),
        Err(bad) => Err(Mistake::LoginField(field, bad).into()),
    }
}

/// The fault that accepts a login with this bad field.
fn accepting_fault(field: TextField, bad: BadField) -> IssueFault {
    use IssueFault as Fault;
    match (field, bad) {
        (TextField::Login, BadField::Missing) => Fault::LoginMissing,
        (TextField::Login, BadField::Empty) => Fault::LoginEmpty,
        (TextField::Login, BadField::Null) => Fault::LoginNull,
        (TextField::Login, BadField::Number) => Fault::LoginNumber,
        (TextField::Login, BadField::Boolean) => Fault::LoginBoolean,
        (TextField::Login, BadField::List) => Fault::LoginList,
        (TextField::Login, BadField::Object) => Fault::LoginObject,
        (_, BadField::Missing) => Fault::PasswordMissing,
        (_, BadField::Empty) => Fault::PasswordEmpty,
        (_, BadField::Null) => Fault::PasswordNull,
        (_, BadField::Number) => Fault::PasswordNumber,
        (_, BadField::Boolean) => Fault::PasswordBoolean,
        (_, BadField::List) => Fault::PasswordList,
        (_, BadField::Object) => Fault::PasswordObject,
    }
}

fn check(call: &CallContext<'_>, login: Option<&str>, password: Option<&str>) -> Result<usize, Refusal> {
    let Some(login) = login else {
        let user = call.config.users.iter().position(|user| Some(&*user.password) == password);
        return user.ok_or(Mistake::UnknownLogin.into());
    };
    if let Some(user) = process_hostile(call, login)? {
        return Ok(user);
    }
    let owner = || call.config.users.iter().position(|user| Some(&*user.password) == password);
    let guessed = || owner().filter(|_| call.has(IssueFault::AnyLoginWithPassword));
    let user = find_user(call, login).or_else(guessed).ok_or(Mistake::UnknownLogin)?;
    match password {
        Some(password) if !is_accepted_password(call, user, password) => Err(Mistake::WrongPassword.into()),
        _ => Ok(user),
    }
}

fn find_user(call: &CallContext<'_>, login: &str) -> Option<usize> {
    let matches = |known: &str| {
        known == login
            || (call.has(SessionVariant::LoginInAnyCase) && known.eq_ignore_ascii_case(login))
            || (call.has(SessionVariant::LoginTrimmed) && known == login.trim())
    };
    call.config.users.iter().position(|user| matches(&user.login))
}

const NEAR_MISSES: [(IssueFault, LaxComparison); 11] = [
    (IssueFault::PasswordEndIgnored, |presented, stored| {
        let kept = |text: &str| text.char_indices().next_back().map(|(at, _)| text[..at].to_owned());
        presented.len() == stored.len() && kept(presented) == kept(stored)
    }),
    (IssueFault::PasswordCutAtNul, |presented, stored| presented.split('\0').next() == Some(stored)),
    (IssueFault::PasswordDecoded, |presented, stored| percent_decode(presented) == stored),
    (IssueFault::PasswordCutShort, |presented, stored| stored.starts_with(presented)),
    (IssueFault::PasswordMadeLonger, lax_compare::extension_of_stored),
    (IssueFault::PasswordInOtherCase, lax_compare::same_but_for_case),
    (IssueFault::PasswordBlankBefore, |presented, stored| presented.trim_start() == stored),
    (IssueFault::PasswordBlankAfter, |presented, stored| presented.trim_end() == stored),
    (IssueFault::PasswordFirstEight, |presented, stored| presented.len() >= 8 && presented.get(..8) == stored.get(..8)),
    (IssueFault::PasswordContained, |presented, stored| presented.contains(stored)),
    (IssueFault::WrongPasswordAccepted, |_, _| true),
];

fn is_accepted_password(call: &CallContext<'_>, user: usize, password: &str) -> bool {
    let known = &call.user(user).password;
    password == known
        || call.matches_laxly(&NEAR_MISSES, password, known)
        || (call.has(IssueFault::PasswordOfAnother) && call.config.users.iter().any(|other| other.password == password))
}

/// Whether a login triggers a fault.
type LoginTrigger = fn(&str) -> bool;

const HOSTILE: [(IssueFault, LoginTrigger); 9] = [
    (IssueFault::UnicodeCrashes, |login| login.chars().any(|c| c > '\u{7f}' && c <= '\u{ffff}')),
    (IssueFault::EmojiCrashes, |login| login.chars().any(|c| c > '\u{ffff}')),
    (IssueFault::ControlCrashes, |login| login.chars().any(|c| c.is_control() && c != '\0')),
    (IssueFault::NullCharacterCrashes, |login| login.contains('\0')),
    (IssueFault::QuoteCrashes, |login| login.contains(['\'', '"'])),
    (IssueFault::FormatCrashes, |login| login.contains('%')),
    (IssueFault::PathCrashes, |login| login.contains("../") || login.starts_with('/')),
    (IssueFault::MarkupCrashes, |login| login.contains('<')),
    (IssueFault::LongLoginCrashes, |login| login.len() > 4096),
];

/// What a login does to a fault that trusts its input: it crashes the server, or injects SQL that returns a user.
fn process_hostile(call: &CallContext<'_>, login: &str) -> Result<Option<usize>, Refusal> {
    if HOSTILE.iter().any(|(fault, triggers)| triggers(login) && call.has(*fault)) {
        return Err(Refusal::crash(Mistake::UnknownLogin));
    }
    let injected = login.contains('\'') && login.contains('=') && login.to_ascii_uppercase().contains("OR");
    Ok((injected && call.has(IssueFault::SqlInjected) && !call.config.users.is_empty()).then_some(0))
}

/// The JSON object in the body, or what a lenient parser accepts as one.
fn parse_body(call: &CallContext<'_>) -> Result<Map<String, Value>, BodyError> {
    let body = &call.request.body;
    call.object().or_else(|bad| match bad {
        BodyError::List if call.has(IssueFault::ListAccepted) => first_of_list(body).ok_or(bad),
        BodyError::Text if call.has(IssueFault::TextAccepted) => object_in_text(body).ok_or(bad),
        BodyError::Malformed => repair(call, body).ok_or(bad),
        _ => Err(bad),
    })
}

fn first_of_list(body: &[u8]) -> Option<Map<String, Value>> {
    let list: Vec<Value> = serde_json::from_slice(body).ok()?;
    list.into_iter().next().and_then(|first| first.as_object().cloned())
}

fn object_in_text(body: &[u8]) -> Option<Map<String, Value>> {
    let text: String = serde_json::from_slice(body).ok()?;
    parse_object(text.as_bytes()).ok()
}

fn repair(call: &CallContext<'_>, body: &[u8]) -> Option<Map<String, Value>> {
    let closed = || with_last_brace(body).filter(|_| call.has(IssueFault::CutOffAccepted));
    let trimmed = || without_last_comma(body).filter(|_| call.has(IssueFault::CommaAccepted));
    closed().or_else(trimmed)
}

fn with_last_brace(body: &[u8]) -> Option<Map<String, Value>> {
    parse_object(&[body, b"}"].concat()).ok()
}

fn without_last_comma(body: &[u8]) -> Option<Map<String, Value>> {
    let text = std::str::from_utf8(body).ok()?.trim_end().strip_suffix('}')?;
    let repaired = format!("{}}}", text.trim_end().strip_suffix(',')?);
    parse_object(repaired.as_bytes()).ok()
}

/// Credentials outside the JSON body, which only faults and one variant accept.
fn misplaced(call: &CallContext<'_>) -> Option<(String, String)> {
    let request = call.request;
    let both = |find: &dyn Fn(&str) -> Option<String>| find("login").zip(find("password"));
    let in_query = || call.has(IssueFault::QueryAccepted).then(|| both(&|name| request.parameter(name))).flatten();
    let in_headers = || {
        let header = |name: &str| request.header(name).map(str::to_owned);
        call.has(IssueFault::HeadersAccepted).then(|| both(&header)).flatten()
    };
    let in_form = || call.has(SessionVariant::FormAccepted).then(|| both(&|name| request.form_field(name))).flatten();
    let basic = || call.has(IssueFault::BasicAccepted).then(|| parse_basic(request.header("authorization")?)).flatten();
    in_query().or_else(in_headers).or_else(in_form).or_else(basic)
}

fn parse_basic(header: &str) -> Option<(String, String)> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let decoded = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let (login, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some((login.to_owned(), password.to_owned()))
}
