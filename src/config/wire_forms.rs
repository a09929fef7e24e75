//! Reads the forms of requests of a deployment: paths, members, headers, and how the refresh token is sent.

use serde_json::{Value, json};
use steps::{
    Secret,
    target::{LifetimeUnit, WireForms},
};

use super::{
    error::ConfigError,
    layers::Environment,
    password,
    settings::Settings,
    value::{Raw, Setting, ValueError},
};

const HEADERS: &str = "headers";
const LOGIN_FIELDS: &str = "login_fields";
const METHOD: &str = "dialect.refresh_method";
const UNIT: &str = "dialect.lifetime_unit";
/// Headers that belong to the requests themselves.
const OWN_HEADERS: [&str; 5] = ["authorization", "content-type", "content-length", "host", "transfer-encoding"];

/// Reads the forms of requests; the defaults are the contract's.
///
/// # Errors
/// When a value cannot be used.
pub(super) fn read_wire_forms(settings: &Settings) -> Result<WireForms, ConfigError> {
    let default = WireForms::default();
    let text = |key: &str, default: String| settings.get_or::<String>(key, default);
    let refresh_body = settings.get::<String>("dialect.refresh_body")?;
    Ok(WireForms {
        login_field: text("dialect.login_field", default.login_field)?,
        password_field: text("dialect.password_field", default.password_field)?,
        login_fields: read_login_fields(settings)?,
        token_path: read_path(settings, "dialect.token_path", default.token_path)?,
        refresh_path: read_path(settings, "dialect.refresh_path", default.refresh_path)?,
        verify_path: read_path(settings, "dialect.verify_path", default.verify_path)?,
        settings_path: read_path(settings, "dialect.settings_path", default.settings_path)?,
        refresh_method: read_refresh_method(settings, refresh_body.is_some())?,
        refresh_prefix: text("dialect.refresh_prefix", default.refresh_prefix)?,
        refresh_body,
    })
}

/// Reads the unit of lifetimes.
///
/// # Errors
/// When the unit is unknown.
pub(super) fn read_lifetime_unit(settings: &Settings) -> Result<LifetimeUnit, ConfigError> {
    let Some(name) = settings.get::<String>(UNIT)? else { return Ok(LifetimeUnit::default()) };
    let found = LifetimeUnit::NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, unit)| unit);
    let wanted = "\"seconds\", \"milliseconds\", \"minutes\" or \"moment\"";
    found.ok_or_else(|| settings.value_error(UNIT, ValueError::mismatch(wanted, &name)))
}

fn read_path(settings: &Settings, key: &str, default: String) -> Result<String, ConfigError> {
    let path = settings.get_or(key, default)?;
    if path.starts_with('/') && !path.starts_with("//") && !path.contains(|c: char| c.is_whitespace() || c == '#') {
        return Ok(path);
    }
    let wanted = "a path below the base URL that begins with a slash, like \"/auth/token\"";
    Err(settings.value_error(key, ValueError::mismatch(wanted, &path)))
}

fn read_refresh_method(settings: &Settings, in_body: bool) -> Result<&'static str, ConfigError> {
    let Some(name) = settings.get::<String>(METHOD)? else { return Ok(if in_body { "POST" } else { "GET" }) };
    let found = WireForms::REFRESH_METHODS.into_iter().find(|known| *known == name.to_uppercase());
    found.ok_or_else(|| settings.value_error(METHOD, ValueError::mismatch("GET, POST, PUT or PATCH", &name)))
}

fn read_login_fields(settings: &Settings) -> Result<Vec<(String, Value)>, ConfigError> {
    let Some(setting) = settings.find(LOGIN_FIELDS) else { return Ok(Vec::new()) };
    let wanted = "a table of texts, numbers, true or false, like { tenant = \"main\" }";
    let read = |(name, raw): (String, Raw)| {
        let value = match raw {
            Raw::Text(text) | Raw::Untyped(text) => json!(text),
            Raw::Int(number) => json!(number),
            Raw::Float(number) => json!(number),
            Raw::Bool(value) => json!(value),
            _ => return Err(settings.value_error(LOGIN_FIELDS, raw.type_error(wanted))),
        };
        Ok((name, value))
    };
    members(setting, wanted)
        .map_err(|problem| settings.value_error(LOGIN_FIELDS, problem))?
        .into_iter()
        .map(read)
        .collect()
}

/// Reads the headers of every request. A value is text, or comes from a variable or a file as a password does.
///
/// # Errors
/// When a header is one of the requests' own, or its value cannot be read.
pub(super) fn read_headers(
    settings: &Settings,
    environment: &Environment,
) -> Result<Vec<(String, Secret)>, ConfigError> {
    let Some(setting) = settings.find(HEADERS) else { return Ok(Vec::new()) };
    let wanted = "a table like { \"X-Api-Key\" = { env = \"GATEWAY_KEY\" } }, each value a text, { env = \"…\" } or { file = \"…\" }";
    let error = |problem| settings.value_error(HEADERS, problem);
    let read = |(name, raw): (String, Raw)| {
        let is_own = OWN_HEADERS.iter().any(|own| name.eq_ignore_ascii_case(own));
        if is_own || !is_header_name(&name) {
            let wanted = "the names of further headers, none that the requests have of their own";
            return Err(error(ValueError::mismatch(wanted, &name)));
        }
        let value = match &raw {
            Raw::Text(text) => Secret::new(text.as_str()),
            Raw::Untyped(variable) => from_variable(variable, environment).map_err(error)?,
            Raw::Table(source) => match source.as_slice() {
                [(key, Raw::Text(variable))] if key == "env" => from_variable(variable, environment).map_err(error)?,
                [(key, Raw::Text(path))] if key == "file" => {
                    let secret = password::from_file(&setting.resolve_path(path));
                    secret.map_err(|problem| ConfigError::Password { origin: settings.origin(HEADERS), problem })?
                }
                _ => return Err(error(raw.type_error(wanted))),
            },
            _ => return Err(error(raw.type_error(wanted))),
        };
        Ok((name, value))
    };
    members(setting, wanted).map_err(error)?.into_iter().map(read).collect()
}

fn from_variable(name: &str, environment: &Environment) -> Result<Secret, ValueError> {
    let unset =
        || ValueError::Mismatch { wanted: format!("set: export the variable {name}"), found: "nothing".to_owned() };
    environment.get(name).map(Secret::new).ok_or_else(unset)
}

/// The name of a header is a token of RFC 9110, section 5.6.2.
pub(super) fn is_header_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

/// The members of a table, which flags and variables write as `NAME=VALUE,…`.
fn members(setting: &Setting, wanted: &str) -> Result<Vec<(String, Raw)>, ValueError> {
    match &setting.raw {
        Raw::Table(members) => Ok(members.clone()),
        Raw::Untyped(text) => {
            let split = |part: &str| {
                let (name, value) = part.split_once('=').ok_or_else(|| ValueError::mismatch("NAME=VALUE,…", text))?;
                Ok((name.trim().to_owned(), Raw::Untyped(value.trim().to_owned())))
            };
            text.split(',').map(split).collect()
        }
        other => Err(other.type_error(wanted)),
    }
}
