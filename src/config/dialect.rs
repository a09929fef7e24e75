//! What a deployment calls things, out of the `dialect` table.

use steps::target::{Dialect, Pointer};

use super::{ConfigError, readable::Readable, settings::Settings, unreadable::Unreadable};

/// The dialect; what is not set is as public clients know it.
pub(super) fn read(settings: &Settings) -> Result<Dialect, ConfigError> {
    let default = Dialect::default();
    Ok(Dialect {
        access_token: or(settings, "dialect.access_token", default.access_token)?,
        refresh_token: or(settings, "dialect.refresh_token", default.refresh_token)?,
        access_lifetime: or(settings, "dialect.access_lifetime", default.access_lifetime)?,
        refresh_lifetime: or(settings, "dialect.refresh_lifetime", default.refresh_lifetime)?,
        ott_login: or(settings, "dialect.ott_login", default.ott_login)?,
        error_code: settings.get::<Pointer>("dialect.error_code")?.or(default.error_code),
        refresh_header: refresh_header(settings, default.refresh_header)?,
        settings_access_lifetime: or(settings, "dialect.settings_access_lifetime", default.settings_access_lifetime)?,
        settings_refresh_lifetime: or(
            settings,
            "dialect.settings_refresh_lifetime",
            default.settings_refresh_lifetime,
        )?,
        settings_ott_lifetime: or(settings, "dialect.settings_ott_lifetime", default.settings_ott_lifetime)?,
    })
}

/// The name of a header is a token of RFC 9110, section 5.6.2.
fn refresh_header(settings: &Settings, default: String) -> Result<String, ConfigError> {
    const KEY: &str = "dialect.refresh_header";
    let name = or(settings, KEY, default)?;
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c));
    if is_name { Ok(name) } else { Err(settings.value(KEY, Unreadable::HeaderName(name))) }
}

fn or<T: Readable>(settings: &Settings, path: &str, default: T) -> Result<T, ConfigError> {
    Ok(settings.get(path)?.unwrap_or(default))
}
