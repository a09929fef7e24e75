//! A target out of its settings: every value read, every default set, and what does not go together refused.

use std::{num::NonZeroU32, time::Duration};

use steps::target::{Credentials, Pace, Probe, ShortLifetimes, Target};

use super::{
    ConfigError, dialect,
    environment::Environment,
    network,
    password::{self, Keys},
    settings::Settings,
    unreadable::Unreadable,
};
use crate::one_time::OneTimeSource;

/// The vendor allows a few requests a second for each collection.
const PER_SECOND: u32 = 4;
const BURST: u32 = 8;
/// Where nothing limits the rate, races are as large as the features ask for.
const BURST_UNPACED: u32 = 20;
const MOST_PER_SECOND: u32 = 10_000;
const MOST_BURST: u32 = 200;
const MAX_WAIT: Duration = Duration::from_secs(120);
/// A server may round lifetimes to whole seconds, so that less than one cannot be told from punctual.
const MARGIN: Duration = Duration::from_millis(1_500);
/// What lifetimes are shortened to where the configuration does not say: access, refresh, one-time.
const SHORT: [u64; 3] = [4, 8, 4];

/// Reads the target, and the passwords that it needs.
pub(super) fn read(
    settings: &Settings,
    one_time: Option<&OneTimeSource>,
    environment: &Environment,
) -> Result<Target, ConfigError> {
    let margin = settings.get("margin")?.unwrap_or(MARGIN);
    Ok(Target {
        base_url: settings.require("base_url")?,
        probe: probe(settings)?,
        one_time: one_time.map(|source| source.users.clone()),
        dialect: dialect::read(settings)?,
        max_wait: settings.get("max_wait")?.unwrap_or(MAX_WAIT),
        margin,
        short_lifetimes: short_lifetimes(settings, margin)?,
        pace: pace(settings)?,
        network: network::read(settings)?,
        // Last, so that nothing asks for a password in vain.
        user: user(settings, "login", &password::FIRST, environment)?,
        second_user: second_user(settings, environment)?,
    })
}

fn user(
    settings: &Settings,
    login: &str,
    password: &Keys,
    environment: &Environment,
) -> Result<Credentials, ConfigError> {
    Ok(Credentials { login: settings.require(login)?, password: password::read(settings, password, environment)? })
}

fn second_user(settings: &Settings, environment: &Environment) -> Result<Option<Credentials>, ConfigError> {
    const LOGIN: &str = "second_user.login";
    if !settings.any("second_user") {
        return Ok(None);
    }
    if settings.require::<String>(LOGIN)? == settings.require::<String>("login")? {
        return Err(ConfigError::SameUser { origin: settings.origin(LOGIN) });
    }
    user(settings, LOGIN, &password::SECOND, environment).map(Some)
}

fn probe(settings: &Settings) -> Result<Option<Probe>, ConfigError> {
    let Some(path) = settings.get::<String>("probe")? else {
        // A place in an answer that nobody asks for is a slip.
        return if settings.find("probe_login").is_some() { Err(settings.missing("probe")) } else { Ok(None) };
    };
    if !path.starts_with('/') || path.starts_with("//") || path.contains(char::is_whitespace) {
        return Err(settings.value("probe", Unreadable::ProbePath(path)));
    }
    Ok(Some(Probe { path, login: settings.get("probe_login")? }))
}

fn pace(settings: &Settings) -> Result<Pace, ConfigError> {
    let per_second = settings.whole("requests_per_second", 0, MOST_PER_SECOND)?.unwrap_or(PER_SECOND);
    let default = if per_second == 0 { BURST_UNPACED } else { BURST };
    let burst = settings.whole("burst", 1, MOST_BURST)?.unwrap_or(default);
    Ok(Pace { per_second: NonZeroU32::new(per_second), burst: NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN) })
}

fn short_lifetimes(settings: &Settings, margin: Duration) -> Result<Option<ShortLifetimes>, ConfigError> {
    let allowed = settings.get("allow_settings_change")?.unwrap_or(false);
    let read = |path: &str, default: u64| {
        let time = settings.get(path)?.unwrap_or(Duration::from_secs(default));
        let used = allowed || settings.find(path).is_some();
        let problem = unfit(time, margin).filter(|_| used);
        problem.map_or(Ok(time), |problem| Err(settings.value(path, problem)))
    };
    let [access, refresh, one_time] = SHORT;
    let short = ShortLifetimes {
        access: read("short_lifetimes.access", access)?,
        refresh: read("short_lifetimes.refresh", refresh)?,
        one_time: read("short_lifetimes.ott", one_time)?,
    };
    Ok(allowed.then_some(short))
}

/// Why a lifetime cannot be set, or not be tried on both sides of its end.
fn unfit(time: Duration, margin: Duration) -> Option<Unreadable> {
    if time.subsec_nanos() != 0 {
        return Some(Unreadable::FractionOfSecond);
    }
    (time <= margin * 2).then_some(Unreadable::WithinMargin(margin))
}
