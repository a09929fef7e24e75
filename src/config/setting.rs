//! One value as it was given, and what can be read out of it. A value from a flag or a variable is always text; a value
//! from the file has the type it was written with, and no other is taken for it.

use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use steps::target::{BaseUrl, BaseUrlError, Pointer, PointerError};
use thiserror::Error;

use super::{
    duration::{self, DurationError},
    place::Place,
};

/// A value with where it came from.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) raw: Raw,
    pub(super) origin: Origin,
}

/// A value before anybody asked what it means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Raw {
    /// From a flag or a variable.
    Outside(String),
    Text(String),
    Whole(i64),
    Switch(bool),
    Date(jiff::civil::Date),
    List(Vec<Raw>),
    /// A type that no key has.
    Other(&'static str),
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The configuration file.
    File(Place),
    /// An environment variable.
    Variable(String),
    /// A flag, with its dashes.
    Flag(String),
}

/// Why a value is not what its key wants. Continues a sentence that begins with the key.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Unreadable {
    /// Another type.
    #[error("wants {wanted}, and this is {found}")]
    Type {
        /// What the key takes, with an example.
        wanted: &'static str,
        /// What stands there.
        found: &'static str,
    },
    /// Nothing in it.
    #[error("is empty; write a value or leave the key out")]
    Empty,
    /// A number out of bounds.
    #[error("wants a whole number from {least} to {most}, and this is {found}")]
    Bounds {
        /// The least.
        least: u32,
        /// The most.
        most: u32,
        /// What stands there.
        found: String,
    },
    /// Neither true nor false.
    #[error("wants true or false, and this is `{0}`")]
    Switch(String),
    /// No address to listen on.
    #[error("wants an address and a port like \"127.0.0.1:8787\", and this is `{0}`")]
    Address(String),
    /// No path below the base URL.
    #[error("wants a path below the base URL that begins with a slash, like \"/accounts?limit=1\", and this is `{0}`")]
    ProbePath(String),
    /// No name of a header.
    #[error("wants the name of a request header, like \"token\", and this is `{0}`")]
    HeaderName(String),
    /// No proxy.
    #[error("wants a URL like \"http://proxy.example:3128\", without a login or password in it")]
    Proxy,
    /// None of the profiles.
    #[error("wants \"documented\" or \"hardened\", and this is `{0}`")]
    Profile(String),
    /// Not three lengths of time.
    #[error("wants the lifetimes of access, refresh and one-time tokens, like 4s,8s,4s, and this is `{0}`")]
    Lifetimes(String),
    /// A lifetime no setting can express.
    #[error("wants whole seconds, as lifetimes are set in seconds")]
    FractionOfSecond,
    /// A lifetime with no room for both sides of its end.
    #[error("must be longer than twice the margin of {} ms, to be tried on both sides of its end; make it longer or lower `margin`", .0.as_millis())]
    WithinMargin(Duration),
    /// No length of time.
    #[error(transparent)]
    Duration(#[from] DurationError),
    /// No base URL.
    #[error("cannot be used: {0}")]
    BaseUrl(#[from] BaseUrlError),
    /// No JSON pointer.
    #[error("cannot be used: {0}")]
    Pointer(#[from] PointerError),
}

/// What can be read out of a setting.
pub(super) trait Readable: Sized {
    fn read(setting: &Setting) -> Result<Self, Unreadable>;
}

impl Origin {
    /// The line of the file with a caret; empty for anything that is no file.
    pub(super) fn excerpt(&self) -> &str {
        if let Self::File(place) = self {
            place.excerpt()
        } else {
            ""
        }
    }

    /// What relative paths are relative to: the folder of the file, else the current one.
    fn folder(&self) -> Option<&Path> {
        if let Self::File(place) = self {
            place.file().parent()
        } else {
            None
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(place) => place.fmt(f),
            Self::Variable(name) => write!(f, "environment variable {name}"),
            Self::Flag(flag) => f.write_str(flag),
        }
    }
}

impl Setting {
    /// The text, where text is wanted.
    fn text(&self, wanted: &'static str) -> Result<&str, Unreadable> {
        match &self.raw {
            Raw::Outside(text) | Raw::Text(text) if text.trim().is_empty() => Err(Unreadable::Empty),
            Raw::Outside(text) | Raw::Text(text) => Ok(text),
            other => Err(Unreadable::Type {
                wanted,
                found: other.kind(),
            }),
        }
    }

    /// A whole number between these bounds.
    pub(super) fn whole(&self, least: u32, most: u32) -> Result<u32, Unreadable> {
        let number = match &self.raw {
            Raw::Whole(number) => *number,
            Raw::Outside(text) => text.trim().parse().map_err(|_| Unreadable::Bounds {
                least,
                most,
                found: format!("`{text}`"),
            })?,
            other => {
                return Err(Unreadable::Type {
                    wanted: "a whole number without quotes",
                    found: other.kind(),
                });
            }
        };
        let read = u32::try_from(number)
            .ok()
            .filter(|number| (least..=most).contains(number));
        read.ok_or_else(|| Unreadable::Bounds {
            least,
            most,
            found: number.to_string(),
        })
    }
}

impl Raw {
    fn kind(&self) -> &'static str {
        match self {
            Self::Outside(_) | Self::Text(_) => "a string",
            Self::Whole(_) => "a number",
            Self::Switch(_) => "true or false",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Other(kind) => kind,
        }
    }
}

impl Readable for String {
    fn read(setting: &Setting) -> Result<Self, Unreadable> {
        setting.text("a string in quotes").map(ToOwned::to_owned)
    }
}

impl Readable for bool {
    fn read(setting: &Setting) -> Result<Self, Unreadable> {
        match &setting.raw {
            Raw::Switch(switch) => Ok(*switch),
            Raw::Outside(text) => match text.trim() {
                "true" | "1" | "yes" => Ok(true),
                "false" | "0" | "no" => Ok(false),
                _ => Err(Unreadable::Switch(text.clone())),
            },
            other => Err(Unreadable::Type {
                wanted: "true or false without quotes",
                found: other.kind(),
            }),
        }
    }
}

impl Readable for Duration {
    fn read(setting: &Setting) -> Result<Self, Unreadable> {
        if let Raw::Whole(number) = setting.raw {
            return Err(DurationError::NoUnit(number.to_string()).into());
        }
        Ok(duration::parse(
            setting.text("a length of time in quotes, like \"2m\" or \"1.5s\"")?,
        )?)
    }
}

impl Readable for Vec<String> {
    fn read(setting: &Setting) -> Result<Self, Unreadable> {
        let mismatch = |found: &Raw| Unreadable::Type {
            wanted: "a list of words, like [\"./mint-ott\", \"{login}\"]",
            found: found.kind(),
        };
        let mut words: Self = match &setting.raw {
            Raw::Outside(text) => text.split_whitespace().map(ToOwned::to_owned).collect(),
            Raw::List(list) => list
                .iter()
                .map(|word| {
                    if let Raw::Text(word) = word {
                        Ok(word.clone())
                    } else {
                        Err(mismatch(word))
                    }
                })
                .collect::<Result<_, _>>()?,
            other => return Err(mismatch(other)),
        };
        let program = words
            .first_mut()
            .filter(|program| !program.is_empty())
            .ok_or(Unreadable::Empty)?;
        // A bare name is looked up in PATH; what has a folder in it is a path like any other of the file.
        if program.contains('/') {
            *program = beside(setting, program).to_string_lossy().into_owned();
        }
        Ok(words)
    }
}

impl Readable for PathBuf {
    fn read(setting: &Setting) -> Result<Self, Unreadable> {
        setting.text("a path in quotes").map(|path| beside(setting, path))
    }
}

impl Readable for SocketAddr {
    fn read(setting: &Setting) -> Result<Self, Unreadable> {
        let text = setting.text("an address and a port in quotes")?;
        text.trim().parse().map_err(|_| Unreadable::Address(text.to_owned()))
    }
}

impl Readable for Pointer {
    fn read(setting: &Setting) -> Result<Self, Unreadable> {
        Ok(Self::parse(setting.text("a JSON pointer in quotes")?)?)
    }
}

impl Readable for BaseUrl {
    fn read(setting: &Setting) -> Result<Self, Unreadable> {
        let text = setting.text("a URL in quotes")?;
        let authority = text
            .split_once("://")
            .map_or(text, |(_, rest)| rest)
            .split(['/', '?', '#'])
            .next();
        // Asked first, since a URL that is malformed besides would be shown with the password in it.
        if authority.is_some_and(|authority| authority.contains('@')) {
            return Err(BaseUrlError::Credentials.into());
        }
        Ok(Self::parse(text)?)
    }
}

impl Readable for jiff::civil::Date {
    fn read(setting: &Setting) -> Result<Self, Unreadable> {
        match &setting.raw {
            Raw::Date(date) => Ok(*date),
            other => Err(Unreadable::Type {
                wanted: "a date without quotes, like 2027-03-31",
                found: other.kind(),
            }),
        }
    }
}

/// The path as seen from the folder of the file that it stands in.
fn beside(setting: &Setting, path: &str) -> PathBuf {
    setting
        .origin
        .folder()
        .map_or_else(|| PathBuf::from(path), |folder| folder.join(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outside(text: &str) -> Setting {
        Setting {
            raw: Raw::Outside(text.to_owned()),
            origin: Origin::Flag("--some".to_owned()),
        }
    }

    fn typed(raw: Raw) -> Setting {
        let source = super::super::place::Source {
            path: Path::new("conf/bo.toml"),
            text: "",
        };
        Setting {
            raw,
            origin: Origin::File(source.place(0..0)),
        }
    }

    fn problem<T: Readable + fmt::Debug>(setting: &Setting) -> String {
        T::read(setting)
            .expect_err("this is not what the key wants")
            .to_string()
    }

    #[test]
    fn flags_and_variables_are_text_that_is_converted() {
        assert_eq!(outside("4").whole(0, 10), Ok(4));
        assert_eq!(bool::read(&outside("yes")), Ok(true));
        assert_eq!(
            Vec::read(&outside("./mint {login}")),
            Ok(vec!["./mint".to_owned(), "{login}".to_owned()])
        );
        assert_eq!(
            bool::read(&outside("maybe")),
            Err(Unreadable::Switch("maybe".to_owned()))
        );
    }

    #[test]
    fn the_file_must_have_the_type_itself() {
        assert_eq!(
            typed(Raw::Text("8".to_owned())).whole(1, 9).map_err(|e| e.to_string()),
            Err("wants a whole number without quotes, and this is a string".to_owned())
        );
        let text = typed(Raw::Text("true".to_owned()));
        assert_eq!(
            problem::<bool>(&text),
            "wants true or false without quotes, and this is a string"
        );
        assert_eq!(
            problem::<String>(&typed(Raw::Whole(7))),
            "wants a string in quotes, and this is a number"
        );
        let bare = typed(Raw::Whole(90));
        assert_eq!(
            problem::<Duration>(&bare),
            "has no unit; write \"90s\" for seconds, or \"90ms\" for milliseconds"
        );
        let one_string = typed(Raw::Text("./mint-ott {login}".to_owned()));
        assert_eq!(
            problem::<Vec<String>>(&one_string),
            "wants a list of words, like [\"./mint-ott\", \"{login}\"], and this is a string"
        );
    }

    #[test]
    fn numbers_have_bounds() {
        let bounds = |raw| typed(raw).whole(1, 200).map_err(|e| e.to_string());
        assert_eq!(
            bounds(Raw::Whole(0)),
            Err("wants a whole number from 1 to 200, and this is 0".to_owned())
        );
        assert_eq!(
            bounds(Raw::Whole(-5)),
            Err("wants a whole number from 1 to 200, and this is -5".to_owned())
        );
    }

    #[test]
    fn paths_are_relative_to_the_file_they_stand_in() {
        let path = |setting: &Setting| PathBuf::read(setting).map(|path| path.display().to_string());
        assert_eq!(
            path(&typed(Raw::Text("ca.pem".to_owned()))),
            Ok("conf/ca.pem".to_owned())
        );
        assert_eq!(
            path(&typed(Raw::Text("/etc/ca.pem".to_owned()))),
            Ok("/etc/ca.pem".to_owned())
        );
        assert_eq!(path(&outside("ca.pem")), Ok("ca.pem".to_owned()));
    }

    #[test]
    fn a_program_with_a_folder_is_relative_and_a_bare_one_is_not() {
        let program = |name: &str| Vec::read(&typed(Raw::List(vec![Raw::Text(name.to_owned())])));
        assert_eq!(program("./mint"), Ok(vec!["conf/./mint".to_owned()]));
        assert_eq!(program("pass"), Ok(vec!["pass".to_owned()]));
    }

    #[test]
    fn a_url_with_a_password_is_refused_without_being_shown() {
        for url in ["https://me:hunter2@bo.example", "https://me:hunter2@bo example:x"] {
            assert_eq!(
                problem::<BaseUrl>(&outside(url)),
                "cannot be used: the base URL must not carry a login or password; use the keys `login` and `password`"
            );
        }
    }
}
