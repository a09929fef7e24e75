//! Every key of the configuration: its name in the file, as a flag and in the environment, its type and what it is. Flags,
//! variables, the template, the keys that a file may have and the advice in messages are all made from these tables.
//!
//! To add a key, add its line here and read it where the target is built (`target.rs`).

use KeyKind::{Address, Command, Count, Date, File, Pointer, Rate, Switch, Table, Text, Time, Url, Urls};

/// The name of the configuration file, in the current folder or one above it.
pub(crate) const FILE_NAME: &str = "bo-conformance.toml";
/// The prefix of the environment variables.
pub(super) const PREFIX: &str = "BO_CONFORMANCE_";

/// One key.
#[derive(Debug)]
pub(super) struct Key {
    /// Its path below its table, which is `[targets.NAME]` for the keys of a target.
    pub(super) path: &'static str,
    /// Its flag, without the dashes. The keys of a table may share one.
    pub(super) flag: &'static str,
    pub(super) kind: KeyKind,
    /// A value as the file has it.
    pub(super) example: &'static str,
    /// What it is, as in `--help` and in the template.
    pub(super) help: &'static str,
}

/// The type of a key's value.
#[derive(Clone, Copy, Debug)]
pub(super) enum KeyKind {
    /// A string, by its name in `--help`.
    Text(&'static str),
    Url,
    /// A list of URLs.
    Urls,
    /// A path relative to the configuration file.
    File,
    Pointer,
    Command,
    Address,
    Time,
    Switch,
    /// Requests in a time.
    Rate,
    /// A whole number between two bounds.
    Count(u32, u32),
    /// A day.
    Date,
    /// Members with names of the user's own, by their form in `--help`.
    Table(&'static str),
}

const fn key(path: &'static str, flag: &'static str, kind: KeyKind, example: &'static str, help: &'static str) -> Key {
    Key { path, flag, kind, example, help }
}

/// The keys above all targets.
#[rustfmt::skip]
pub(super) const TOP: &[Key] = &[
    key("default_target", "target", Text("NAME"), r#""staging""#, "The target without --target; a file with one target needs neither"),
    key("profile", "profile", Text("PROFILE"), r#""documented""#, "Or \"hardened\": recommendations count like promises"),
    key("reports", "reports", File, r#""reports""#, "The folder of the reports"),
    key("journal", "journal", File, r#"".""#, "The folder of the journal of changed settings; it must outlive a run that is killed"),
];

/// The keys of a target, in the order in which they are explained.
#[rustfmt::skip]
pub(super) const TARGET: &[Key] = &[
    key("base_url", "base-url", Url, r#""https://bo.example:8443/proftrading/rest""#, "Where the REST API begins; the address of its Swagger page works too"),
    key("nodes", "nodes", Urls, r#"["https://10.1.0.11:8443/proftrading/rest", "https://10.1.0.12:8443/proftrading/rest"]"#, "The single nodes behind the base URL, at least two; what one promises is tested on the others"),
    key("login", "login", Text("LOGIN"), r#""qa-certifier""#, "The certifier's own user"),
    key("password.env", "password-env", Text("VARIABLE"), r#""BO_PASSWORD""#, "The environment variable that holds the password"),
    key("password.file", "password-file", File, r#""bo.password""#, "The file whose first line is the password"),
    key("password.command", "password-command", Command, r#"["pass", "bo/qa"]"#, "A command that prints the password; split at blanks"),
    key("probe", "probe", Text("PATH"), r#""/accounts?limit=1""#, "A GET below the base URL that needs an access token; without it no access token can be judged"),
    key("probe_login", "probe-login", Pointer, r#""/0/owner""#, "Where the probe's answer names the user"),
    key("requests_per_second", "requests-per-second", Rate, "4", "Requests in a second: a number like 0.5, or a count in a time like 10/m; 0 means unlimited"),
    key("burst", "burst", Count(1, 200), "8", "Most requests at one moment, races included"),
    key("max_wait", "max-wait", Time, r#""2m""#, "Longest single wait for an expiry; longer lifetimes are skipped"),
    key("margin", "margin", Time, r#""1.5s""#, "Distance from the end of a lifetime at which both sides are tried"),
    key("explore", "explore", Count(0, 1_000_000), "150", "Requests of a run that go into exploring, which finds what no scenario imagined; 0 means none. Not set: none where requests are limited, else a survey of 6,500 requests"),
    key("request_timeout", "request-timeout", Time, r#""10s""#, "Longest time for one request"),
    key("allow_settings_change", "allow-settings-change", Switch, "true", "Lets the run shorten the lifetimes and restore them"),
    key("short_lifetimes.access", "short-lifetimes", Time, r#""4s""#, "Lifetime of access tokens, where the run may shorten them"),
    key("short_lifetimes.refresh", "short-lifetimes", Time, r#""8s""#, "Lifetime of refresh tokens"),
    key("short_lifetimes.ott", "short-lifetimes", Time, r#""4s""#, "Lifetime of one-time tokens"),
    key("access_lifetime", "access-lifetime", Time, r#""5m""#, "Lifetime of access tokens that is restored after a run, where the server does not show it"),
    key("refresh_lifetime", "refresh-lifetime", Time, r#""60m""#, "Lifetime of refresh tokens that is restored after a run"),
    key("refresh_grace", "refresh-grace", Time, r#""10s""#, "Declares how long a spent refresh token may still be answered with the same pair, at most 60s; 0s, the default, means not at all"),
    key("sessions_end_at_restart", "sessions-end-at-restart", Switch, "true", "Declares that a restart ends every session; `survival` holds the server to it"),
    key("ca_certificate", "ca-certificate", File, r#""staging-ca.pem""#, "PEM certificates to trust instead of the system's"),
    key("insecure_tls", "insecure-tls", Switch, "true", "Trusts any certificate; every report warns of it"),
    key("client_certificate", "client-certificate", File, r#""client.pem""#, "PEM file with the client's certificate chain and private key"),
    key("proxy", "proxy", Text("URL"), r#""http://proxy.example:3128""#, "The HTTP proxy to go through"),
    key("proxy_login.env", "proxy-login-env", Text("VARIABLE"), r#""PROXY_LOGIN""#, "The environment variable that holds USER:PASSWORD for the proxy"),
    key("proxy_login.file", "proxy-login-file", File, r#""proxy.login""#, "The file whose first line is USER:PASSWORD for the proxy"),
    key("proxy_login.command", "proxy-login-command", Command, r#"["pass", "proxy"]"#, "A command that prints USER:PASSWORD for the proxy"),
    key("anonymous", "anonymous", Switch, "true", "Leaves out the User-Agent that names this program, so that no server can tell a run from other clients"),
    key("connections", "connections", Text("alternating|kept|fresh"), r#""alternating""#, "Kept and new connections in turn, for each node behind the base URL to answer; or \"kept\"; or \"fresh\": a new one for each request, where kept ones die"),
    key("headers", "headers", Table("NAME=VARIABLE,…"), r#"{ "X-Api-Key" = { env = "GATEWAY_KEY" } }"#, "Headers of every request, as a gateway may want them; as a flag, each with the variable that holds its value"),
    key("login_fields", "login-fields", Table("NAME=VALUE,…"), r#"{ tenant = "main" }"#, "Further members of a login's body"),
    key("second_user.login", "second-login", Text("LOGIN"), r#""qa-second""#, "Another user, to test that tokens of two users stay apart"),
    key("second_user.password.env", "second-password-env", Text("VARIABLE"), r#""BO_PASSWORD_2""#, "The environment variable that holds the second password"),
    key("second_user.password.file", "second-password-file", File, r#""bo.password2""#, "The file whose first line is the second password"),
    key("second_user.password.command", "second-password-command", Command, r#"["pass", "bo/qa2"]"#, "A command that prints the second password"),
    key("ott.command", "ott-command", Command, r#"["./mint-ott", "{login}"]"#, "A command that prints a fresh one-time token; {login} is replaced"),
    key("ott.file", "ott-file", File, r#""one-time-tokens.txt""#, "A file of fresh one-time tokens, one a line, each used once; {login} is replaced"),
    key("ott.listen", "ott-listen", Address, r#""127.0.0.1:8787""#, "Serves a page that an external link of BackOffice opens"),
    key("ott.login", "ott-login", Text("LOGIN"), r#""trader1""#, "The user of these one-time tokens"),
    key("ott.second_login", "ott-second-login", Text("LOGIN"), r#""trader2""#, "Another user for whom the source has one-time tokens"),
    key("ott.lifetime", "ott-lifetime", Time, r#""30s""#, "Lifetime of a one-time token"),
    key("dialect.access_token", "dialect", Pointer, r#""/accessToken""#, "Where a token answer has the access token"),
    key("dialect.refresh_token", "dialect", Pointer, r#""/refreshToken""#, "Where a token answer has the refresh token"),
    key("dialect.access_lifetime", "dialect", Pointer, r#""/accessTokenLifeTime""#, "Where a token answer has the access token's lifetime"),
    key("dialect.refresh_lifetime", "dialect", Pointer, r#""/refreshTokenLifeTime""#, "Where a token answer has the refresh token's lifetime"),
    key("dialect.lifetime_unit", "dialect", Text("UNIT"), r#""seconds""#, "Or \"milliseconds\", \"minutes\", or \"moment\" for an end since 1970 or as date and time"),
    key("dialect.login_field", "dialect", Text("NAME"), r#""login""#, "The member of a login's body that carries the login"),
    key("dialect.password_field", "dialect", Text("NAME"), r#""password""#, "The member that carries the password"),
    key("dialect.token_path", "dialect", Text("PATH"), r#""/auth/token""#, "The path of a login, below the base URL"),
    key("dialect.refresh_path", "dialect", Text("PATH"), r#""/auth/token/refresh""#, "The path of a refresh"),
    key("dialect.verify_path", "dialect", Text("PATH"), r#""/external/token/verify""#, "The path of a verification of a one-time token"),
    key("dialect.settings_path", "dialect", Text("PATH"), r#""/connectors/settings""#, "The path of the settings"),
    key("dialect.refresh_method", "dialect", Text("METHOD"), r#""GET""#, "The method of a refresh; POST where refresh_body is set"),
    key("dialect.refresh_prefix", "dialect", Text("TEXT"), r#""Bearer ""#, "What precedes the refresh token in its header; without it, nothing"),
    key("dialect.refresh_body", "dialect", Text("NAME"), r#""refreshToken""#, "The member of the body that carries the refresh token; without it, the header does"),
    key("dialect.ott_login", "dialect", Pointer, r#""/login""#, "Where the answer to a one-time token names the user"),
    key("dialect.error_code", "dialect", Pointer, r#""/code""#, "Where an error has its dotted code; without it, the whole answer is searched"),
    key("dialect.refresh_header", "dialect", Text("NAME"), r#""token""#, "The request header that carries the refresh token"),
    key("dialect.settings_access_lifetime", "dialect", Text("NAME"), r#""accessTokenLifeTime""#, "The setting of the access token's lifetime: a name, or a pointer like \"/auth/access\""),
    key("dialect.settings_refresh_lifetime", "dialect", Text("NAME"), r#""refreshTokenLifeTime""#, "The setting of the refresh token's lifetime"),
    key("dialect.settings_ott_lifetime", "dialect", Text("NAME"), r#""ottLifeTime""#, "The setting of the one-time token's lifetime"),
];

/// The keys of one waiver.
#[rustfmt::skip]
pub(super) const WAIVER: &[Key] = &[
    key("requirement", "", Text("ID"), r#""REFRESH-9""#, "The requirement that is not met"),
    key("reason", "", Text("REASON"), r#""rotation comes with 4.2""#, "Why that is accepted"),
    key("owner", "", Text("OWNER"), r#""auth team""#, "Who is responsible"),
    key("expires", "", Date, "2027-03-31", "The last day on which the waiver counts"),
];

/// The flag of all keys of `dialect`, each given as `KEY=VALUE`.
pub(super) const DIALECT: &str = "dialect";
/// The flag of the three lifetimes, given together.
pub(super) const SHORT_LIFETIMES: &str = "short-lifetimes";

impl Key {
    /// Whether its value is true or false, so that its flag needs none.
    pub(super) fn is_switch(&self) -> bool {
        matches!(self.kind, Switch)
    }

    /// Its environment variable.
    pub(super) fn variable(&self) -> String {
        variable(if self.flag == DIALECT { self.path } else { self.flag })
    }

    /// Its value's name in `--help`.
    pub(super) fn value_name(&self) -> &'static str {
        match (self.flag, self.kind) {
            (DIALECT, _) => "KEY=VALUE",
            (SHORT_LIFETIMES, _) => "ACCESS,REFRESH,OTT",
            (_, Text(name)) => name,
            (_, Url) => "URL",
            (_, Urls) => "URL,URL…",
            (_, File) => "FILE",
            (_, Pointer) => "POINTER",
            (_, Command) => "COMMAND",
            (_, Address) => "ADDRESS:PORT",
            (_, Time) => "TIME",
            (_, Switch) => "true|false",
            (_, Rate) => "RATE",
            (_, Count(..)) => "NUMBER",
            (_, Date) => "DATE",
            (_, Table(form)) => form,
        }
    }

    /// The line of `--help`, without the variable.
    pub(super) fn flag_help(&self) -> &'static str {
        match self.flag {
            DIALECT => "A name that differs in this deployment, like access_token=/token; repeatable",
            SHORT_LIFETIMES => "What to shorten the lifetimes to, like 4s,8s,4s",
            _ => self.help,
        }
    }

    /// Its flag with a value, as one would type it.
    pub(super) fn typed(&self) -> String {
        match self.flag {
            DIALECT => format!("--dialect {}=…", self.name()),
            SHORT_LIFETIMES => "--short-lifetimes 4s,8s,4s".to_owned(),
            _ => format!("--{} {}", self.flag, self.value_name()),
        }
    }

    /// The table that has it, below `[targets.NAME]`; empty for the target itself.
    pub(super) fn table(&self) -> &'static str {
        self.path.rsplit_once('.').map_or("", |(table, _)| table)
    }

    /// The last part of its path.
    pub(super) fn name(&self) -> &'static str {
        self.path.rsplit_once('.').map_or(self.path, |(_, name)| name)
    }
}

/// The key of a target with this path, or the first one in the table with this path.
pub(super) fn find(path: &str) -> Option<&'static Key> {
    TARGET.iter().find(|key| key.path == path).or_else(|| TARGET.iter().find(|key| key.table() == path))
}

/// The keys that have a flag, each flag once.
pub(super) fn flags() -> impl Iterator<Item = &'static Key> {
    let is_first = |(at, key): &(usize, &Key)| TARGET.iter().position(|other| other.flag == key.flag) == Some(*at);
    TARGET.iter().enumerate().filter(is_first).map(|(_, key)| key)
}

/// The environment variable of a flag or a path.
pub(super) fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.to_uppercase().replace(['-', '.'], "_"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn variables_are_named_after_the_flags() {
        let variable = |path| find(path).map(Key::variable);
        assert_eq!(variable("base_url").as_deref(), Some("BO_CONFORMANCE_BASE_URL"));
        assert_eq!(variable("second_user.login").as_deref(), Some("BO_CONFORMANCE_SECOND_LOGIN"));
        assert_eq!(variable("dialect.error_code").as_deref(), Some("BO_CONFORMANCE_DIALECT_ERROR_CODE"));
        assert_eq!(TOP.first().map(Key::variable).as_deref(), Some("BO_CONFORMANCE_TARGET"));
    }

    #[test]
    fn no_two_keys_share_a_path_and_only_the_three_lifetimes_a_variable() {
        let paths: BTreeSet<_> = TARGET.iter().map(|key| key.path).collect();
        let variables: BTreeSet<_> = TARGET.iter().map(Key::variable).collect();
        assert_eq!((paths.len(), variables.len()), (TARGET.len(), TARGET.len() - 2));
    }
}
