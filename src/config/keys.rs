//! Every key that describes a target: what it is called in the file, as a flag and in the environment. The one list that
//! file, flags, environment and advice are made from.

/// What the names of the environment variables begin with.
pub(super) const PREFIX: &str = "BO_CONFORMANCE_";

/// One key of a target.
#[derive(Debug)]
pub(super) struct Key {
    /// Its path below `[targets.NAME]`.
    pub(super) path: &'static str,
    /// Its name as a flag, without the dashes.
    pub(super) flag: &'static str,
    /// What stands for its value in `--help`; `true|false` for a switch.
    pub(super) value: &'static str,
    /// A value as it stands in the file.
    pub(super) example: &'static str,
    /// What it is.
    pub(super) help: &'static str,
}

const fn key(
    path: &'static str,
    flag: &'static str,
    value: &'static str,
    example: &'static str,
    help: &'static str,
) -> Key {
    Key { path, flag, value, example, help }
}

/// The keys, in the order in which they are explained.
#[rustfmt::skip]
pub(super) const KEYS: &[Key] = &[
    key("base_url", "base-url", "URL", r#""https://bo.example:8443/proftrading/rest""#, "Where the REST API begins; the address of its Swagger page will do"),
    key("login", "login", "LOGIN", r#""qa-certifier""#, "The certifier's own user"),
    key("password.env", "password-env", "VARIABLE", r#""BO_PASSWORD""#, "The environment variable that holds the password"),
    key("password.file", "password-file", "FILE", r#""bo.password""#, "The file whose first line is the password"),
    key("password.command", "password-command", "COMMAND", r#"["pass", "bo/qa"]"#, "A command that prints the password; split at blanks"),
    key("probe", "probe", "PATH", r#""/accounts?limit=1""#, "A GET below the base URL that needs an access token"),
    key("probe_login", "probe-login", "POINTER", r#""/0/owner""#, "Where the probe's answer names the user"),
    key("requests_per_second", "requests-per-second", "NUMBER", "4", "Requests in a second; 0 for as fast as it goes"),
    key("burst", "burst", "NUMBER", "8", "Most requests at one moment, races included"),
    key("max_wait", "max-wait", "TIME", r#""2m""#, "Longest single wait for an expiry"),
    key("margin", "margin", "TIME", r#""1.5s""#, "How far from the end of a lifetime both sides are tried"),
    key("request_timeout", "request-timeout", "TIME", r#""10s""#, "Longest time for one request"),
    key("allow_settings_change", "allow-settings-change", "true|false", "true", "Lets the run shorten the lifetimes and put them back"),
    key("short_lifetimes.access", "short-lifetimes", "ACCESS,REFRESH,OTT", r#""4s""#, "What to shorten the lifetimes to, like 4s,8s,4s"),
    key("short_lifetimes.refresh", "", "", r#""8s""#, ""),
    key("short_lifetimes.ott", "", "", r#""4s""#, ""),
    key("ca_certificate", "ca-certificate", "FILE", r#""staging-ca.pem""#, "PEM certificates to trust instead of the system's"),
    key("insecure_tls", "insecure-tls", "true|false", "true", "Trusts any certificate; every report says so"),
    key("client_certificate", "client-certificate", "FILE", r#""client.pem""#, "PEM file with the certificate chain and the private key to show"),
    key("proxy", "proxy", "URL", r#""http://proxy.example:3128""#, "The HTTP proxy to go through"),
    key("second_user.login", "second-login", "LOGIN", r#""qa-second""#, "Another user, for what must not be mixed up"),
    key("second_user.password.env", "second-password-env", "VARIABLE", r#""BO_PASSWORD_2""#, "The environment variable that holds the second password"),
    key("second_user.password.file", "second-password-file", "FILE", r#""bo.password2""#, "The file whose first line is the second password"),
    key("second_user.password.command", "second-password-command", "COMMAND", r#"["pass", "bo/qa2"]"#, "A command that prints the second password"),
    key("ott.command", "ott-command", "COMMAND", r#"["./mint-ott", "{login}"]"#, "A command that prints a fresh one-time token; {login} is replaced"),
    key("ott.file", "ott-file", "FILE", r#""one-time-tokens.txt""#, "A file of fresh one-time tokens, one a line; {login} is replaced"),
    key("ott.listen", "ott-listen", "ADDRESS:PORT", r#""127.0.0.1:8787""#, "Opens a page there that an external link of BackOffice points at"),
    key("ott.login", "ott-login", "LOGIN", r#""trader1""#, "Whose one-time tokens those are"),
    key("ott.second_login", "ott-second-login", "LOGIN", r#""trader2""#, "Another user the source has one-time tokens for"),
    key("ott.lifetime", "ott-lifetime", "TIME", r#""30s""#, "How long a one-time token lives"),
    key("dialect.access_token", "dialect", "KEY=VALUE", r#""/accessToken""#, "What this deployment calls things, like access_token=/token; repeatable"),
    key("dialect.refresh_token", "", "", r#""/refreshToken""#, ""),
    key("dialect.access_lifetime", "", "", r#""/accessTokenLifeTime""#, ""),
    key("dialect.refresh_lifetime", "", "", r#""/refreshTokenLifeTime""#, ""),
    key("dialect.ott_login", "", "", r#""/login""#, ""),
    key("dialect.error_code", "", "", r#""/code""#, ""),
    key("dialect.refresh_header", "", "", r#""token""#, ""),
    key("dialect.settings_access_lifetime", "", "", r#""accessTokenLifeTime""#, ""),
    key("dialect.settings_refresh_lifetime", "", "", r#""refreshTokenLifeTime""#, ""),
    key("dialect.settings_ott_lifetime", "", "", r#""ottLifeTime""#, ""),
];

/// The keys of one waiver.
pub(super) const WAIVER: &[&str] = &["requirement", "reason", "owner", "expires"];

/// The keys above all targets.
pub(super) const TOP: &[&str] = &["default_target", "profile", "reports", "journal"];

/// The flag that carries several keys of the table of this name.
pub(super) const DIALECT: &str = "dialect";

/// The flag that carries the three lifetimes.
pub(super) const SHORT_LIFETIMES: &str = "short-lifetimes";

impl Key {
    /// Whether it is on or off, so that its flag needs no value.
    pub(super) fn is_switch(&self) -> bool {
        self.value == "true|false"
    }

    /// The environment variable of this key.
    pub(super) fn variable(&self) -> String {
        variable(match self.path.split_once('.') {
            Some(("dialect", _)) => self.path,
            Some(("short_lifetimes", _)) => SHORT_LIFETIMES,
            _ => self.flag,
        })
    }

    /// Its flag as somebody would type it.
    pub(super) fn typed(&self) -> String {
        match self.path.split_once('.') {
            Some(("dialect", name)) => format!("--dialect {name}=…"),
            Some(("short_lifetimes", _)) => "--short-lifetimes 4s,8s,4s".to_owned(),
            _ => format!("--{} {}", self.flag, self.value),
        }
    }
}

/// The environment variable that stands for a flag or a path.
pub(super) fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.to_uppercase().replace(['-', '.'], "_"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_in_the_environment_follow_the_flags() {
        let variable = |path| KEYS.iter().find(|key| key.path == path).map(Key::variable);
        assert_eq!(variable("base_url").as_deref(), Some("BO_CONFORMANCE_BASE_URL"));
        assert_eq!(variable("second_user.login").as_deref(), Some("BO_CONFORMANCE_SECOND_LOGIN"));
        assert_eq!(variable("dialect.error_code").as_deref(), Some("BO_CONFORMANCE_DIALECT_ERROR_CODE"));
        assert_eq!(variable("dialect.access_token").as_deref(), Some("BO_CONFORMANCE_DIALECT_ACCESS_TOKEN"));
    }

    #[test]
    fn no_two_keys_share_a_path_and_only_the_three_lifetimes_a_variable() {
        let paths: BTreeSet<_> = KEYS.iter().map(|key| key.path).collect();
        let variables: BTreeSet<_> = KEYS.iter().map(Key::variable).collect();
        assert_eq!((paths.len(), variables.len()), (KEYS.len(), KEYS.len() - 2));
    }
}
