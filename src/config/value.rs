//! One value as it was given, where, and its conversion to a type. Values of flags and variables are text and are
//! converted; a value of the file must have the type itself.

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use steps::target::{BaseUrl, BaseUrlError, Pointer, PointerError};
use thiserror::Error;

use super::span::Span;

/// Longest time that a key takes: longer than any lifetime that a run can wait for.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
/// Most requests in a second.
const MOST_PER_SECOND: f64 = 10_000.0;
/// Fewest requests in a second: one in an hour.
const FEWEST_PER_SECOND: f64 = 1.0 / 3_600.0;

/// A value with its origin.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) raw: Raw,
    pub(super) origin: ValueOrigin,
}

/// A value before its conversion.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Raw {
    /// Text of a flag or a variable, for any type.
    Untyped(String),
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    Date(jiff::civil::Date),
    List(Vec<Raw>),
    /// Members by name.
    Table(Vec<(String, Raw)>),
    /// A type that no key has.
    Other(&'static str),
}

/// Where a value was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ValueOrigin {
    /// The configuration file.
    File(Span),
    /// An environment variable.
    Variable(String),
    /// A flag, with its dashes.
    Flag(String),
}

/// Why a value is not what its key takes. Continues a sentence that begins with the key.
#[derive(Debug, Error, PartialEq, Eq)]
pub(crate) enum ValueError {
    /// Another type, or out of bounds.
    #[error("must be {wanted} (got {found})")]
    Mismatch {
        /// What the key takes, with an example.
        wanted: String,
        /// What was given: the value between backticks, or its type.
        found: String,
    },
    /// An empty string or list.
    #[error("is empty; write a value or leave the key out")]
    Empty,
    /// A time without a unit.
    #[error("has no unit; write \"{0}s\" for seconds, or \"{0}ms\" for milliseconds")]
    NoUnit(String),
    /// A proxy that cannot be used. Not quoted, as a password may be in it.
    #[error(
        "must be a URL like \"http://proxy.example:3128\", without a login or password in it; those go into `proxy_login`"
    )]
    Proxy,
    /// A lifetime that no setting can express.
    #[error("must be in whole seconds, the unit in which servers take lifetimes")]
    FractionOfSecond,
    /// A lifetime too short to try both sides of its end.
    #[error("must be longer than twice the margin of {} ms, so that both sides of its end can be tried; make it longer or lower `margin`", .0.as_millis())]
    WithinMargin(Duration),
    /// No base URL.
    #[error("cannot be used: {0}")]
    BaseUrl(#[from] BaseUrlError),
    /// No JSON pointer.
    #[error("cannot be used: {0}")]
    Pointer(#[from] PointerError),
}

impl ValueError {
    /// The error about text that was given instead of `wanted`.
    pub(super) fn mismatch(wanted: impl Into<String>, text: &str) -> Self {
        Self::Mismatch { wanted: wanted.into(), found: format!("`{text}`") }
    }
}

/// A type that a setting can be converted to.
pub(super) trait FromSetting: Sized {
    /// Converts the value.
    ///
    /// # Errors
    /// When it has another type or cannot be used.
    fn from_setting(setting: &Setting) -> Result<Self, ValueError>;
}

impl FromSetting for String {
    fn from_setting(setting: &Setting) -> Result<Self, ValueError> {
        setting.text("a string in quotes").map(ToOwned::to_owned)
    }
}

impl FromSetting for bool {
    fn from_setting(setting: &Setting) -> Result<Self, ValueError> {
        match &setting.raw {
            Raw::Bool(value) => Ok(*value),
            Raw::Untyped(text) => match text.trim() {
                "true" | "1" | "yes" => Ok(true),
                "false" | "0" | "no" => Ok(false),
                _ => Err(ValueError::mismatch("true or false", text)),
            },
            _ => Err(setting.type_error("true or false without quotes")),
        }
    }
}

impl FromSetting for Duration {
    fn from_setting(setting: &Setting) -> Result<Self, ValueError> {
        if let Raw::Int(number) = setting.raw {
            return Err(ValueError::NoUnit(number.to_string()));
        }
        parse_duration(setting.text("a time in quotes, like \"2m\" or \"1.5s\"")?)
    }
}

/// A time that may be zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct NoTimeOr(pub(super) Duration);

impl FromSetting for NoTimeOr {
    fn from_setting(setting: &Setting) -> Result<Self, ValueError> {
        let is_none = |text: &str| matches!(text.trim(), "0" | "0s" | "0ms" | "0m" | "0h");
        match &setting.raw {
            Raw::Int(0) => Ok(Self(Duration::ZERO)),
            Raw::Untyped(text) | Raw::Text(text) if is_none(text) => Ok(Self(Duration::ZERO)),
            _ => Duration::from_setting(setting).map(Self),
        }
    }
}

/// Requests in a second; `None` means unlimited.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RequestRate(pub(super) Option<f64>);

impl FromSetting for RequestRate {
    fn from_setting(setting: &Setting) -> Result<Self, ValueError> {
        let wanted =
            "a number of requests in a second from 0 to 10000, like 4 or 0.5, or a count in a time, like \"10/m\"";
        let (rate, given) = match &setting.raw {
            Raw::Int(number) => (Some(*number as f64), number.to_string()),
            Raw::Float(number) => (Some(*number), number.to_string()),
            Raw::Untyped(text) | Raw::Text(text) => (parse_rate(text), text.clone()),
            _ => return Err(setting.type_error(wanted)),
        };
        match rate {
            Some(0.0) => Ok(Self(None)),
            Some(rate) if (FEWEST_PER_SECOND..=MOST_PER_SECOND).contains(&rate) => Ok(Self(Some(rate))),
            _ => Err(ValueError::mismatch(wanted, &given)),
        }
    }
}

impl FromSetting for Vec<String> {
    fn from_setting(setting: &Setting) -> Result<Self, ValueError> {
        const WANTED: &str = "a list of words, like [\"./mint-ott\", \"{login}\"]";
        let mut words: Self = match &setting.raw {
            Raw::Untyped(text) => text.split_whitespace().map(ToOwned::to_owned).collect(),
            Raw::List(list) => list
                .iter()
                .map(|word| if let Raw::Text(word) = word { Ok(word.clone()) } else { Err(word.type_error(WANTED)) })
                .collect::<Result<_, _>>()?,
            _ => return Err(setting.type_error(WANTED)),
        };
        let program = words.first_mut().filter(|program| !program.is_empty()).ok_or(ValueError::Empty)?;
        // A bare name is looked up in PATH; one with a folder is a path like any other of the file.
        if program.contains('/') {
            *program = setting.resolve_path(program).to_string_lossy().into_owned();
        }
        Ok(words)
    }
}

impl FromSetting for PathBuf {
    fn from_setting(setting: &Setting) -> Result<Self, ValueError> {
        setting.text("a path in quotes").map(|path| setting.resolve_path(path))
    }
}

impl FromSetting for SocketAddr {
    fn from_setting(setting: &Setting) -> Result<Self, ValueError> {
        let text = setting.text("an address and a port in quotes")?;
        let wanted = "an address and a port like \"127.0.0.1:8787\"";
        text.trim().parse().map_err(|_| ValueError::mismatch(wanted, text))
    }
}

impl FromSetting for Pointer {
    fn from_setting(setting: &Setting) -> Result<Self, ValueError> {
        Ok(Self::parse(setting.text("a JSON pointer in quotes")?)?)
    }
}

impl FromSetting for BaseUrl {
    fn from_setting(setting: &Setting) -> Result<Self, ValueError> {
        let text = setting.text("a URL in quotes")?;
        let authority = text.split_once("://").map_or(text, |(_, rest)| rest).split(['/', '?', '#']).next();
        // Checked first: the error about a malformed URL would show the password in it.
        if authority.is_some_and(|authority| authority.contains('@')) {
            return Err(BaseUrlError::Credentials.into());
        }
        Ok(Self::parse(text)?)
    }
}

impl FromSetting for Vec<BaseUrl> {
    fn from_setting(setting: &Setting) -> Result<Self, ValueError> {
        const WANTED: &str = "a list of URLs, like [\"https://10.1.0.11:8443/rest\", \"https://10.1.0.12:8443/rest\"]";
        let url = |text: &str| BaseUrl::from_setting(&Setting::untyped(text, &setting.origin));
        match &setting.raw {
            Raw::Untyped(text) => text.split([',', ' ']).filter(|url| !url.is_empty()).map(url).collect(),
            Raw::List(list) => list
                .iter()
                .map(|item| if let Raw::Text(text) = item { url(text) } else { Err(item.type_error(WANTED)) })
                .collect(),
            _ => Err(setting.type_error(WANTED)),
        }
    }
}

impl FromSetting for jiff::civil::Date {
    fn from_setting(setting: &Setting) -> Result<Self, ValueError> {
        match &setting.raw {
            Raw::Date(date) => Ok(*date),
            _ => Err(setting.type_error("a date without quotes, like 2027-03-31")),
        }
    }
}

impl Setting {
    /// A value of a flag or a variable.
    pub(super) fn untyped(text: &str, origin: &ValueOrigin) -> Self {
        Self { raw: Raw::Untyped(text.to_owned()), origin: origin.clone() }
    }

    /// The text of a key that takes text.
    ///
    /// # Errors
    /// When it is empty or no text.
    pub(super) fn text(&self, wanted: &'static str) -> Result<&str, ValueError> {
        match &self.raw {
            Raw::Untyped(text) | Raw::Text(text) if text.trim().is_empty() => Err(ValueError::Empty),
            Raw::Untyped(text) | Raw::Text(text) => Ok(text),
            _ => Err(self.type_error(wanted)),
        }
    }

    /// A whole number between two bounds.
    ///
    /// # Errors
    /// When it is none, or out of bounds.
    pub(super) fn count(&self, least: u32, most: u32) -> Result<u32, ValueError> {
        let error = |found| ValueError::Mismatch { wanted: format!("a whole number from {least} to {most}"), found };
        let number = match &self.raw {
            Raw::Int(number) => *number,
            Raw::Untyped(text) => text.trim().parse().map_err(|_| error(format!("`{text}`")))?,
            _ => return Err(self.type_error("a whole number without quotes")),
        };
        let read = u32::try_from(number).ok().filter(|number| (least..=most).contains(number));
        read.ok_or_else(|| error(number.to_string()))
    }

    /// The path from the folder of the file that has it.
    pub(super) fn resolve_path(&self, path: &str) -> PathBuf {
        if let ValueOrigin::File(span) = &self.origin { span.folder().join(path) } else { PathBuf::from(path) }
    }

    fn type_error(&self, wanted: &str) -> ValueError {
        self.raw.type_error(wanted)
    }
}

impl Raw {
    pub(super) fn type_error(&self, wanted: &str) -> ValueError {
        let found = match self {
            Self::Untyped(_) | Self::Text(_) => "a string",
            Self::Int(_) => "a number",
            Self::Float(_) => "a fraction",
            Self::Bool(_) => "true or false",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind,
        };
        ValueError::Mismatch { wanted: wanted.to_owned(), found: found.to_owned() }
    }
}

impl ValueOrigin {
    /// The line of the file with carets below; empty for flags and variables.
    pub(super) fn excerpt(&self) -> &str {
        if let Self::File(span) = self { span.excerpt() } else { "" }
    }
}

impl fmt::Display for ValueOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(span) => span.fmt(f),
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::Flag(flag) => f.write_str(flag),
        }
    }
}

/// Parses a number with a unit (`90s`, `1.5s`, `2m`, `500ms`, `1h`): greater than zero, at most a day.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, ValueError> {
    let text = text.trim();
    let malformed = || ValueError::mismatch("a number with ms, s, m or h, like \"1.5s\" or \"2m\"", text);
    let (number, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len()));
    let number = number.trim();
    if unit.is_empty() && is_decimal(number) {
        return Err(ValueError::NoUnit(number.to_owned()));
    }
    let unit = seconds_of_unit(unit).filter(|_| is_decimal(number)).ok_or_else(malformed)?;
    let seconds = number.parse::<f64>().map_err(|_| malformed())? * unit;
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if time > LONGEST => Err(ValueError::mismatch("at most 24h", text)),
        Ok(time) if !time.is_zero() => Ok(time),
        Err(_) if seconds > 0.0 => Err(ValueError::mismatch("at most 24h", text)),
        _ => Err(ValueError::mismatch("greater than zero", text)),
    }
}

/// Parses a number, or a count in a time (`10/m`, `4/s`), as requests in a second.
pub(crate) fn parse_rate(text: &str) -> Option<f64> {
    let (count, unit) = text.trim().split_once('/').unwrap_or((text.trim(), "s"));
    let count = count.trim();
    let unit = seconds_of_unit(unit.trim()).filter(|_| is_decimal(count))?;
    Some(count.parse::<f64>().ok()? / unit)
}

fn seconds_of_unit(unit: &str) -> Option<f64> {
    match unit {
        "ms" => Some(0.001),
        "s" => Some(1.0),
        "m" => Some(60.0),
        "h" => Some(3_600.0),
        _ => None,
    }
}

/// Whether it has digits and dots alone, without the exponents and words that `f64` accepts.
fn is_decimal(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    digits.starts_with(|c: char| c.is_ascii_digit()) && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{super::span::SourceText, *};

    fn untyped(text: &str) -> Setting {
        Setting::untyped(text, &ValueOrigin::Flag("--some".to_owned()))
    }

    fn typed(raw: Raw) -> Setting {
        let source = SourceText { path: Path::new("conf/bo.toml"), folder: Path::new("conf"), text: "" };
        Setting { raw, origin: ValueOrigin::File(source.span(0..0)) }
    }

    fn text(text: &str) -> Setting {
        typed(Raw::Text(text.to_owned()))
    }

    fn problem<T: FromSetting + fmt::Debug>(setting: &Setting) -> String {
        T::from_setting(setting).expect_err("the key takes something else").to_string()
    }

    #[test]
    fn text_of_flags_and_variables_is_converted() {
        assert_eq!(untyped("4").count(0, 10), Ok(4));
        assert_eq!(bool::from_setting(&untyped("yes")), Ok(true));
        let words = Vec::from_setting(&untyped("./mint {login}"));
        assert_eq!(words, Ok(vec!["./mint".to_owned(), "{login}".to_owned()]));
        assert_eq!(problem::<bool>(&untyped("maybe")), "must be true or false (got `maybe`)");
    }

    #[test]
    fn a_value_of_the_file_must_have_the_type_itself() {
        let error = text("8").count(1, 9).expect_err("it is a string").to_string();
        assert_eq!(error, "must be a whole number without quotes (got a string)");
        assert_eq!(problem::<bool>(&text("true")), "must be true or false without quotes (got a string)");
        assert_eq!(problem::<String>(&typed(Raw::Int(7))), "must be a string in quotes (got a number)");
        assert_eq!(
            problem::<Vec<String>>(&text("./mint-ott {login}")),
            "must be a list of words, like [\"./mint-ott\", \"{login}\"] (got a string)"
        );
    }

    #[test]
    fn counts_have_bounds() {
        let error = |number| typed(Raw::Int(number)).count(1, 200).map_err(|error| error.to_string());
        assert_eq!(error(0), Err("must be a whole number from 1 to 200 (got 0)".to_owned()));
        assert_eq!(error(-5), Err("must be a whole number from 1 to 200 (got -5)".to_owned()));
    }

    #[test]
    fn times_have_a_unit() {
        for (given, millis) in [("500ms", 500), ("1.5s", 1_500), ("90 s", 90_000), ("2m", 120_000), ("24h", 86_400_000)]
        {
            assert_eq!(Duration::from_setting(&text(given)), Ok(Duration::from_millis(millis)), "{given}");
        }
        let no_unit = "has no unit; write \"90s\" for seconds, or \"90ms\" for milliseconds";
        assert_eq!(problem::<Duration>(&typed(Raw::Int(90))), no_unit);
        assert_eq!(problem::<Duration>(&text("90")), no_unit);
        for given in ["soon", "1.2.3s", "5 days", "s", "1e3s"] {
            let expected = format!("must be a number with ms, s, m or h, like \"1.5s\" or \"2m\" (got `{given}`)");
            assert_eq!(problem::<Duration>(&text(given)), expected);
        }
        for given in ["0s", "-2m", "0.0000000001s"] {
            assert_eq!(problem::<Duration>(&text(given)), format!("must be greater than zero (got `{given}`)"));
        }
        assert_eq!(problem::<Duration>(&text("25h")), "must be at most 24h (got `25h`)");
    }

    #[test]
    fn rates_are_numbers_or_counts_in_a_time() {
        for (setting, rate) in [
            (typed(Raw::Int(0)), None),
            (typed(Raw::Int(4)), Some(4.0)),
            (typed(Raw::Float(0.5)), Some(0.5)),
            (text("0.5"), Some(0.5)),
            (text("0"), None),
            (text("30/m"), Some(0.5)),
            (text("10 / s"), Some(10.0)),
            (untyped("3600/h"), Some(1.0)),
        ] {
            assert_eq!(RequestRate::from_setting(&setting), Ok(RequestRate(rate)), "{setting:?}");
        }
        let negative = typed(Raw::Int(-1));
        let refused = [negative, typed(Raw::Float(f64::NAN)), text("10/d"), text("fast"), text("0.1/h"), text("1e9")];
        for setting in refused.into_iter().chain([typed(Raw::Int(10_001)), typed(Raw::Bool(true))]) {
            let error = problem::<RequestRate>(&setting);
            let expected = "must be a number of requests in a second from 0 to 10000, like 4 or 0.5, or a count in a \
                            time, like \"10/m\" (got ";
            assert!(error.starts_with(expected), "{setting:?}: {error}");
        }
    }

    #[test]
    fn paths_are_relative_to_their_file() {
        let path = |setting: &Setting| PathBuf::from_setting(setting).map(|path| path.display().to_string());
        assert_eq!(path(&text("ca.pem")), Ok("conf/ca.pem".to_owned()));
        assert_eq!(path(&text("/etc/ca.pem")), Ok("/etc/ca.pem".to_owned()));
        assert_eq!(path(&untyped("ca.pem")), Ok("ca.pem".to_owned()));
        let program = |name: &str| Vec::from_setting(&typed(Raw::List(vec![Raw::Text(name.to_owned())])));
        assert_eq!(program("./mint"), Ok(vec!["conf/./mint".to_owned()]));
        assert_eq!(program("pass"), Ok(vec!["pass".to_owned()]));
    }

    #[test]
    fn a_url_with_a_password_is_refused_without_being_shown() {
        for url in ["https://me:hunter2@bo.example", "https://me:hunter2@bo example:x"] {
            assert_eq!(
                problem::<BaseUrl>(&untyped(url)),
                "cannot be used: the base URL must not carry a login or password; use the keys `login` and `password`"
            );
        }
    }
}
