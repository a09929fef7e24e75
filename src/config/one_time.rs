//! Where one-time tokens come from and whose they are, out of the `ott` table.

use steps::target::OneTimeUsers;

use super::{ConfigError, settings::Settings};
use crate::one_time::OneTimeSource;

const SOURCES: [&str; 3] = ["ott.command", "ott.file", "ott.listen"];

/// Whose one-time tokens the source gives; `None` where no source is described.
pub(super) fn users(settings: &Settings) -> Result<Option<OneTimeUsers>, ConfigError> {
    if !settings.any("ott") {
        return Ok(None);
    }
    Ok(Some(OneTimeUsers {
        login: settings.require("ott.login")?,
        second_login: settings.get("ott.second_login")?,
        lifetime: settings.get("ott.lifetime")?,
    }))
}

/// The source, of which there is at most one.
pub(super) fn source(settings: &Settings) -> Result<Option<OneTimeSource>, ConfigError> {
    if !settings.any("ott") {
        return Ok(None);
    }
    let Some(key) = settings.one_of(&SOURCES)? else {
        return Err(settings.missing(SOURCES[0]));
    };
    let source = match key {
        "ott.command" => OneTimeSource::Command {
            argv: settings.require(key)?,
        },
        "ott.file" => OneTimeSource::File {
            path: settings.require(key)?,
        },
        _ => OneTimeSource::Listen {
            address: settings.require(key)?,
        },
    };
    if settings.find("ott.second_login").is_some() && !source.tells_users_apart() {
        return Err(ConfigError::OneUserSource {
            origin: settings.origin("ott.second_login"),
            key,
        });
    }
    Ok(Some(source))
}
