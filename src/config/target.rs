//! Builds a target from its settings: reads every value, sets the defaults, and refuses values that exclude each other.

use std::{num::NonZeroU32, path::PathBuf, time::Duration};

use steps::{
    Lifetimes, Secret,
    target::{BaseUrl, Credentials, Dialect, Network, OneTimeUsers, Pace, Pointer, Probe, Target},
};

use super::{
    document::WaiverTable,
    error::ConfigError,
    keys::{self, Key},
    layers::Environment,
    password::{self, PasswordKeys},
    pem,
    settings::Settings,
    value::{FromSetting, NoTimeOr, RequestRate, ValueError, ValueOrigin},
    wire_forms::{is_header_name, read_headers, read_lifetime_unit, read_wire_forms},
};
use crate::{
    catalogue::Catalogue,
    one_time::{OneTimeSource, Way},
    results::{Waiver, WaiverTerms},
};

/// The vendor allows a few requests in a second for each collection.
const PER_SECOND: f64 = 4.0;
const BURST: u32 = 8;
/// Where nothing limits the rate, races are as large as the features ask for.
const BURST_UNPACED: u32 = 20;
const MAX_WAIT: Duration = Duration::from_secs(120);
/// A server may round lifetimes to whole seconds, so that a smaller margin would blame punctual servers.
const MARGIN: Duration = Duration::from_millis(1_500);
/// The longest grace of spent refresh tokens that a target may declare.
const LONGEST_GRACE: Duration = Duration::from_secs(60);
/// Default short lifetimes in seconds: access, refresh, one-time.
const SHORT: [u64; 3] = [4, 8, 4];
/// The ways to a one-time token, of which a target has one.
const WAYS: [&str; 3] = ["ott.command", "ott.file", "ott.listen"];

/// More requests a second than these are enough for every input and repetition that a deployment gets.
const UNHURRIED: f64 = 20.0;

/// Builds the target, and reads the passwords and certificates that it needs.
///
/// # Errors
/// When a value is missing or cannot be used, or a file or password cannot be read.
pub(super) fn read_target(
    settings: &Settings,
    one_time: Option<&OneTimeSource>,
    environment: &Environment,
) -> Result<Target, ConfigError> {
    let margin = settings.get_or("margin", MARGIN)?;
    let pace = read_pace(settings)?;
    Ok(Target {
        base_url: settings.require("base_url")?,
        nodes: read_nodes(settings)?,
        probe: read_probe(settings)?,
        one_time: one_time.map(|source| source.users.clone()),
        dialect: read_dialect(settings)?,
        max_wait: settings.get_or("max_wait", MAX_WAIT)?,
        margin,
        short_lifetimes: read_short_lifetimes(settings, margin)?,
        may_choose_lifetimes: !settings.has_table("short_lifetimes"),
        known_lifetimes: Lifetimes {
            access: settings.get("access_lifetime")?,
            refresh: settings.get("refresh_lifetime")?,
            one_time: one_time.and_then(|source| source.users.lifetime),
        },
        refresh_grace: read_refresh_grace(settings)?,
        pace,
        network: read_network(settings, environment)?,
        thorough: false,
        frugal: pace.per_second.is_some_and(|rate| rate <= UNHURRIED),
        // Last, so that no password is asked for in vain.
        user: read_user(settings, "login", &password::FIRST, environment)?,
        second_user: read_second_user(settings, environment)?,
    })
}

fn read_user(
    settings: &Settings,
    login: &str,
    keys: &PasswordKeys,
    environment: &Environment,
) -> Result<Credentials, ConfigError> {
    let password = || password::read_password(settings, keys, environment);
    Ok(Credentials { login: settings.require(login)?, password: password()? })
}

fn read_second_user(settings: &Settings, environment: &Environment) -> Result<Option<Credentials>, ConfigError> {
    const LOGIN: &str = "second_user.login";
    if !settings.has_table("second_user") {
        return Ok(None);
    }
    if settings.require::<String>(LOGIN)? == settings.require::<String>("login")? {
        return Err(ConfigError::SameUser { origin: settings.origin(LOGIN) });
    }
    read_user(settings, LOGIN, &password::SECOND, environment).map(Some)
}

fn read_probe(settings: &Settings) -> Result<Option<Probe>, ConfigError> {
    let Some(path) = settings.get::<String>("probe")? else {
        // A pointer into an answer that is never asked for is a mistake.
        let is_mistake = settings.find("probe_login").is_some();
        return if is_mistake { Err(settings.missing_error("probe")) } else { Ok(None) };
    };
    if !path.starts_with('/') || path.starts_with("//") || path.contains(char::is_whitespace) {
        let wanted = "a path below the base URL that begins with a slash, like \"/accounts?limit=1\"";
        return Err(settings.value_error("probe", ValueError::mismatch(wanted, &path)));
    }
    Ok(Some(Probe { path, login: settings.get("probe_login")? }))
}

/// The declared grace of spent refresh tokens. A recommendation allows no longer one, and waiving it is for `waivers`.
fn read_refresh_grace(settings: &Settings) -> Result<Duration, ConfigError> {
    const KEY: &str = "refresh_grace";
    let NoTimeOr(grace) = settings.get_or(KEY, NoTimeOr(Duration::ZERO))?;
    if grace <= LONGEST_GRACE {
        return Ok(grace);
    }
    let wanted = "at most 60s, as a longer grace takes a waiver of REFRESH-9";
    Err(settings.value_error(KEY, ValueError::mismatch(wanted, &format!("{}s", grace.as_secs_f64()))))
}

fn read_pace(settings: &Settings) -> Result<Pace, ConfigError> {
    let RequestRate(per_second) = settings.get_or("requests_per_second", RequestRate(Some(PER_SECOND)))?;
    let burst = settings.count_or("burst", if per_second.is_none() { BURST_UNPACED } else { BURST })?;
    Ok(Pace { per_second, burst: NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN) })
}

fn read_short_lifetimes(settings: &Settings, margin: Duration) -> Result<Option<Lifetimes<Duration>>, ConfigError> {
    let allowed = settings.get_or("allow_settings_change", false)?;
    let read = |path: &str, default: u64| {
        let time = settings.get_or(path, Duration::from_secs(default))?;
        let is_given = settings.find(path).is_some();
        // A default is as long as the margin asks for.
        let time = if is_given { time } else { time.max(Duration::from_secs((margin * 3).as_secs() + 1)) };
        let used = is_given;
        let problem = lifetime_error(time, margin).filter(|_| used);
        problem.map_or(Ok(time), |problem| Err(settings.value_error(path, problem)))
    };
    let [access, refresh, one_time] = SHORT;
    let short = Lifetimes {
        access: read("short_lifetimes.access", access)?,
        refresh: read("short_lifetimes.refresh", refresh)?,
        one_time: read("short_lifetimes.ott", one_time)?,
    };
    Ok(allowed.then_some(short))
}

/// Why a lifetime cannot be set, or both sides of its end cannot be tried.
fn lifetime_error(time: Duration, margin: Duration) -> Option<ValueError> {
    if time.subsec_nanos() != 0 {
        return Some(ValueError::FractionOfSecond);
    }
    (time <= margin * 2).then_some(ValueError::WithinMargin(margin))
}

/// The names of the deployment; the defaults are those of public clients.
fn read_dialect(settings: &Settings) -> Result<Dialect, ConfigError> {
    let default = Dialect::default();
    let pointer = |path: &str, default| settings.get_or::<Pointer>(path, default);
    let name = |path: &str, default| settings.get_or::<String>(path, default);
    Ok(Dialect {
        access_token: pointer("dialect.access_token", default.access_token)?,
        refresh_token: pointer("dialect.refresh_token", default.refresh_token)?,
        access_lifetime: pointer("dialect.access_lifetime", default.access_lifetime)?,
        refresh_lifetime: pointer("dialect.refresh_lifetime", default.refresh_lifetime)?,
        lifetime_unit: read_lifetime_unit(settings)?,
        ott_login: pointer("dialect.ott_login", default.ott_login)?,
        error_code: settings.get::<Pointer>("dialect.error_code")?.or(default.error_code),
        refresh_header: read_refresh_header(settings, default.refresh_header)?,
        settings_access_lifetime: name("dialect.settings_access_lifetime", default.settings_access_lifetime)?,
        settings_refresh_lifetime: name("dialect.settings_refresh_lifetime", default.settings_refresh_lifetime)?,
        settings_ott_lifetime: name("dialect.settings_ott_lifetime", default.settings_ott_lifetime)?,
        wire: read_wire_forms(settings)?,
    })
}

/// The addresses of the nodes: none, or at least two that differ.
fn read_nodes(settings: &Settings) -> Result<Vec<BaseUrl>, ConfigError> {
    let nodes: Vec<BaseUrl> = settings.get_or("nodes", Vec::new())?;
    let repeats = nodes.iter().enumerate().any(|(at, node)| nodes[..at].contains(node));
    if nodes.len() == 1 || repeats {
        let wanted = "a list of at least two nodes, each once";
        let given: Vec<&str> = nodes.iter().map(BaseUrl::as_str).collect();
        return Err(settings.value_error("nodes", ValueError::mismatch(wanted, &given.join(", "))));
    }
    Ok(nodes)
}

fn read_refresh_header(settings: &Settings, default: String) -> Result<String, ConfigError> {
    const KEY: &str = "dialect.refresh_header";
    let name = settings.get_or(KEY, default)?;
    let error = || ValueError::mismatch("the name of a request header, like \"token\"", &name);
    if is_header_name(&name) { Ok(name) } else { Err(settings.value_error(KEY, error())) }
}

fn read_network(settings: &Settings, environment: &Environment) -> Result<Network, ConfigError> {
    let default = Network::default();
    let ca = read_pem(settings, "ca_certificate", &["CERTIFICATE"])?;
    let client = read_pem(settings, "client_certificate", &["CERTIFICATE", "PRIVATE KEY"])?;
    let connections = read_connections(settings)?;
    Ok(Network {
        request_timeout: settings.get_or("request_timeout", default.request_timeout)?,
        ca_certificates: ca.map(String::into_bytes),
        insecure_tls: settings.get_or("insecure_tls", default.insecure_tls)?,
        client_certificate: client.map(Secret::new),
        proxy: read_proxy(settings)?,
        proxy_login: read_proxy_login(settings, environment)?,
        anonymous: settings.get_or("anonymous", default.anonymous)?,
        fresh_connections: connections == Connections::Fresh,
        alternating_connections: connections == Connections::Alternating,
        headers: read_headers(settings, environment)?,
    })
}

/// The PEM file that a key names, which must have each of these blocks.
fn read_pem(settings: &Settings, key: &'static str, blocks: &[&str]) -> Result<Option<String>, ConfigError> {
    let Some(path) = settings.get::<PathBuf>(key)? else {
        return Ok(None);
    };
    pem::read(&path, blocks).map(Some).map_err(|problem| ConfigError::Certificate {
        origin: settings.origin(key),
        key,
        path,
        problem,
    })
}

/// Which connections requests take.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Connections {
    Alternating,
    Kept,
    Fresh,
}

/// The value of `connections`.
fn read_connections(settings: &Settings) -> Result<Connections, ConfigError> {
    const KEY: &str = "connections";
    match settings.get::<String>(KEY)?.as_deref() {
        None | Some("alternating") => Ok(Connections::Alternating),
        Some("kept") => Ok(Connections::Kept),
        Some("fresh") => Ok(Connections::Fresh),
        Some(other) => {
            let wanted = "\"alternating\", \"kept\" or \"fresh\"";
            Err(settings.value_error(KEY, ValueError::mismatch(wanted, other)))
        }
    }
}

fn read_proxy(settings: &Settings) -> Result<Option<String>, ConfigError> {
    let Some(url) = settings.get::<String>("proxy")? else {
        return Ok(None);
    };
    let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    // Reports name the proxy, so it must have no secret in it.
    if host.is_some_and(|host| !host.is_empty() && !host.contains('@')) {
        return Ok(Some(url));
    }
    Err(settings.value_error("proxy", ValueError::Proxy))
}

fn read_proxy_login(settings: &Settings, environment: &Environment) -> Result<Option<Secret>, ConfigError> {
    if !settings.has_table("proxy_login") {
        return Ok(None);
    }
    if settings.find("proxy").is_none() {
        return Err(settings.missing_error("proxy"));
    }
    password::read_password(settings, &password::PROXY, environment).map(Some)
}

/// The source of one-time tokens with its users; `None` where none is configured.
///
/// # Errors
/// When a value is missing or cannot be used, or keys exclude each other.
pub(super) fn read_one_time(settings: &Settings) -> Result<Option<OneTimeSource>, ConfigError> {
    if !settings.has_table("ott") {
        return Ok(None);
    }
    let users = || -> Result<OneTimeUsers, ConfigError> {
        Ok(OneTimeUsers {
            login: settings.require("ott.login")?,
            second_login: settings.get("ott.second_login")?,
            lifetime: settings.get("ott.lifetime")?,
        })
    };
    let mut hidden_variables = Vec::new();
    for key in password::VARIABLES {
        hidden_variables.extend(settings.get::<String>(key)?);
    }
    Ok(Some(OneTimeSource { way: read_way(settings)?, users: users()?, hidden_variables, spent: None }))
}

fn read_way(settings: &Settings) -> Result<Way, ConfigError> {
    let Some(key) = settings.one_of(&WAYS)? else {
        return Err(settings.missing_error(WAYS[0]));
    };
    let way = match key {
        "ott.command" => Way::Command { argv: settings.require(key)? },
        "ott.file" => Way::File { path: settings.require(key)? },
        _ => Way::Listen { address: settings.require(key)? },
    };
    if settings.find("ott.second_login").is_some() && !way.tells_users_apart() {
        return Err(ConfigError::OneUserSource { origin: settings.origin("ott.second_login"), key });
    }
    Ok(way)
}

/// The waivers of a target. Whether one is needed or has expired is for the verdict to decide.
///
/// # Errors
/// When a value is missing or cannot be used, or the catalogue does not have the requirement.
pub(super) fn read_waivers(
    tables: &[WaiverTable],
    target: &str,
    catalogue: &Catalogue,
) -> Result<Vec<Waiver>, ConfigError> {
    tables.iter().map(|table| read_waiver(table, target, catalogue)).collect()
}

fn read_waiver(table: &WaiverTable, target: &str, catalogue: &Catalogue) -> Result<Waiver, ConfigError> {
    let id: String = read_waiver_key(table, target, "requirement")?;
    let origin = || table.settings.get("requirement").map(|setting| setting.origin.clone());
    let unknown = || ConfigError::UnknownRequirement {
        origin: origin().unwrap_or(ValueOrigin::File(table.span.clone())),
        suggestion: catalogue.nearest(&id).map_or(";".to_owned(), |near| format!("; did you mean `{near}`?")),
        id: id.clone(),
    };
    let terms = WaiverTerms {
        reason: read_waiver_key(table, target, "reason")?,
        owner: read_waiver_key(table, target, "owner")?,
        expires: read_waiver_key(table, target, "expires")?,
    };
    Ok(Waiver { requirement: catalogue.find(&id).ok_or_else(unknown)?, terms })
}

fn read_waiver_key<T: FromSetting>(table: &WaiverTable, target: &str, path: &str) -> Result<T, ConfigError> {
    let missing = || {
        let names: Vec<_> = keys::WAIVER.iter().map(Key::name).collect();
        let example = keys::WAIVER.iter().find(|key| key.path == path).map_or("", |key| key.example);
        ConfigError::Missing {
            owner: format!("{}: a waiver of target `{target}`", table.span),
            key: path.to_owned(),
            remedy: format!("a waiver has {}, like `{path} = {example}`", names.join(", ")),
        }
    };
    let setting = table.settings.get(path).ok_or_else(missing)?;
    T::from_setting(setting).map_err(|problem| ConfigError::Value {
        origin: setting.origin.clone(),
        key: path.to_owned(),
        problem,
    })
}
