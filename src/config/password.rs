//! The sources of a password: variable, file or command. Passwords are read for the selected targets only, and are never in
//! the configuration itself.

use std::{
    io,
    path::{Path, PathBuf},
};

use steps::Secret;

use super::{
    error::{ConfigError, PasswordError},
    layers::Environment,
    settings::Settings,
};
use crate::{one_time::program, read_limited::read_text};

/// Longer than any password.
const LONGEST: u64 = 4 * 1024;

/// The paths of the keys of one user's password.
pub(super) struct PasswordKeys {
    /// The table that has them, for messages.
    pub(super) table: &'static str,
    variable: &'static str,
    file: &'static str,
    command: &'static str,
}

/// The certifier's own password.
pub(super) const FIRST: PasswordKeys =
    PasswordKeys { table: "password", variable: "password.env", file: "password.file", command: "password.command" };

/// The second user's.
pub(super) const SECOND: PasswordKeys = PasswordKeys {
    table: "second_user.password",
    variable: "second_user.password.env",
    file: "second_user.password.file",
    command: "second_user.password.command",
};

/// The login at the proxy, with its password.
pub(super) const PROXY: PasswordKeys = PasswordKeys {
    table: "proxy_login",
    variable: "proxy_login.env",
    file: "proxy_login.file",
    command: "proxy_login.command",
};

/// The keys that name a variable with a password.
pub(super) const VARIABLES: [&str; 3] = [FIRST.variable, SECOND.variable, PROXY.variable];

/// Reads the password from the source that the settings name.
pub(super) fn read_password(
    settings: &Settings,
    keys: &PasswordKeys,
    environment: &Environment,
) -> Result<Secret, ConfigError> {
    let chosen = settings.one_of(&[keys.variable, keys.file, keys.command])?;
    let Some(key) = chosen else {
        return Err(settings.missing_error(keys.table));
    };
    let secret = if key == keys.variable {
        from_variable(&settings.require::<String>(key)?, environment)
    } else if key == keys.file {
        from_file(&settings.require::<PathBuf>(key)?)
    } else {
        let argv: Vec<String> = settings.require(key)?;
        program::first_line_blocking(&argv, program::PATIENCE).map_err(PasswordError::from)
    };
    secret.map_err(|problem| ConfigError::Password { origin: settings.origin(key), problem })
}

fn from_variable(name: &str, environment: &Environment) -> Result<Secret, PasswordError> {
    // `export BO_PASSWORD="$(cat file)"` cuts the line break off, Kubernetes secrets and .env files keep it.
    let value = environment.get(name).map(|value| value.trim_end_matches(['\r', '\n']));
    value.filter(|value| !value.is_empty()).map(Secret::new).ok_or_else(|| PasswordError::NotSet(name.to_owned()))
}

pub(super) fn from_file(path: &Path) -> Result<Secret, PasswordError> {
    let text = read_text(path, LONGEST).map_err(|reason| match reason.kind() {
        io::ErrorKind::FileTooLarge => PasswordError::TooLarge(path.to_owned()),
        _ => PasswordError::Unreadable { path: path.to_owned(), reason },
    })?;
    // Blanks may be part of a password; only the line break that editors add is not.
    match text.lines().next() {
        Some(line) if !line.is_empty() => Ok(Secret::new(line)),
        _ => Err(PasswordError::Empty(path.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn file(text: &str) -> Result<String, String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("pw");
        fs::write(&path, text).expect("a file");
        let shown = path.display().to_string();
        let read = from_file(&path).map(|secret| secret.expose().to_owned());
        read.map_err(|error| error.to_string().replace(&shown, "PW"))
    }

    #[test]
    fn the_first_line_of_the_file_is_the_password() {
        assert_eq!(file(" hunter 2 \r\nnotes\n"), Ok(" hunter 2 ".to_owned()));
        assert_eq!(file("\u{feff}hunter2\r\n"), Ok("hunter2".to_owned()));
        assert_eq!(file(""), Err("the password file PW is empty; its first line must be the password".to_owned()));
        assert_eq!(
            file("\nhunter2"),
            Err("the password file PW is empty; its first line must be the password".to_owned())
        );
        let large = "the password file PW is larger than 4 KiB; its first line must be the password";
        assert_eq!(file(&"x".repeat(5_000)), Err(large.to_owned()));
    }

    #[test]
    fn a_variable_that_is_not_set_is_named() {
        let error =
            from_variable("BO_PASSWORD", &Environment::from_pairs(&[("BO_PASSWORD", "")])).expect_err("it is empty");
        let with_line_break = Environment::from_pairs(&[("BO_PASSWORD", "hunter 2 \r\n")]);
        let read = from_variable("BO_PASSWORD", &with_line_break).expect("it is set");
        assert_eq!(read.expose(), "hunter 2 ");
        assert_eq!(
            error.to_string(),
            "the environment variable BO_PASSWORD with the password is not set; set it with `export BO_PASSWORD=…`"
        );
    }
}
