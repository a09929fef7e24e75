//! Where one-time tokens come from and whose they are, out of the `ott` table.

use steps::target::OneTimeUsers;

use super::{ConfigError, settings::Settings};
use crate::one_time::{OneTimeSource, Way};

const WAYS: [&str; 3] = ["ott.command", "ott.file", "ott.listen"];

/// The source with its users; `None` where none is described.
pub(super) fn read(settings: &Settings) -> Result<Option<OneTimeSource>, ConfigError> {
    if !settings.any("ott") {
        return Ok(None);
    }
    Ok(Some(OneTimeSource { way: way(settings)?, users: users(settings)? }))
}

fn users(settings: &Settings) -> Result<OneTimeUsers, ConfigError> {
    Ok(OneTimeUsers {
        login: settings.require("ott.login")?,
        second_login: settings.get("ott.second_login")?,
        lifetime: settings.get("ott.lifetime")?,
    })
}

/// The way to a token, of which there is exactly one.
fn way(settings: &Settings) -> Result<Way, ConfigError> {
    let Some(key) = settings.one_of(&WAYS)? else {
        return Err(settings.missing(WAYS[0]));
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
