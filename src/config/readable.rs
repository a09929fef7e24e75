//! What can be read out of a setting. A value from a flag or a variable is text and is converted; a value from the file has
//! the type it was written with, and no other is taken for it.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use steps::target::{BaseUrl, BaseUrlError, Pointer};

use super::{
    duration::{self, DurationError},
    setting::{Raw, Setting},
    unreadable::Unreadable,
};

/// What can be read out of a setting.
pub(super) trait Readable: Sized {
    /// Reads it, or says why it is not what is wanted.
    fn read(setting: &Setting) -> Result<Self, Unreadable>;
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
            other => Err(Unreadable::Type { wanted: "true or false without quotes", found: other.kind() }),
        }
    }
}

impl Readable for Duration {
    fn read(setting: &Setting) -> Result<Self, Unreadable> {
        if let Raw::Whole(number) = setting.raw {
            return Err(DurationError::NoUnit(number.to_string()).into());
        }
        Ok(duration::parse(setting.text("a length of time in quotes, like \"2m\" or \"1.5s\"")?)?)
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
                .map(|word| if let Raw::Text(word) = word { Ok(word.clone()) } else { Err(mismatch(word)) })
                .collect::<Result<_, _>>()?,
            other => return Err(mismatch(other)),
        };
        let program = words.first_mut().filter(|program| !program.is_empty()).ok_or(Unreadable::Empty)?;
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
        let authority = text.split_once("://").map_or(text, |(_, rest)| rest).split(['/', '?', '#']).next();
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
            other => Err(Unreadable::Type { wanted: "a date without quotes, like 2027-03-31", found: other.kind() }),
        }
    }
}

/// The path as seen from the folder of the file that it stands in.
fn beside(setting: &Setting, path: &str) -> PathBuf {
    setting.origin.folder().map_or_else(|| PathBuf::from(path), |folder| folder.join(path))
}

#[cfg(test)]
mod tests {
    use std::{fmt, path::Path};

    use super::{super::setting::Origin, *};

    fn outside(text: &str) -> Setting {
        Setting { raw: Raw::Outside(text.to_owned()), origin: Origin::Flag("--some".to_owned()) }
    }

    fn typed(raw: Raw) -> Setting {
        let source = super::super::place::Source { path: Path::new("conf/bo.toml"), text: "" };
        Setting { raw, origin: Origin::File(source.place(0..0)) }
    }

    fn problem<T: Readable + fmt::Debug>(setting: &Setting) -> String {
        T::read(setting).expect_err("this is not what the key wants").to_string()
    }

    #[test]
    fn flags_and_variables_are_text_that_is_converted() {
        assert_eq!(outside("4").whole(0, 10), Ok(4));
        assert_eq!(bool::read(&outside("yes")), Ok(true));
        assert_eq!(Vec::read(&outside("./mint {login}")), Ok(vec!["./mint".to_owned(), "{login}".to_owned()]));
        assert_eq!(bool::read(&outside("maybe")), Err(Unreadable::Switch("maybe".to_owned())));
    }

    #[test]
    fn the_file_must_have_the_type_itself() {
        assert_eq!(
            typed(Raw::Text("8".to_owned())).whole(1, 9).map_err(|e| e.to_string()),
            Err("wants a whole number without quotes, and this is a string".to_owned())
        );
        let text = typed(Raw::Text("true".to_owned()));
        assert_eq!(problem::<bool>(&text), "wants true or false without quotes, and this is a string");
        assert_eq!(problem::<String>(&typed(Raw::Whole(7))), "wants a string in quotes, and this is a number");
        let bare = typed(Raw::Whole(90));
        assert_eq!(problem::<Duration>(&bare), "has no unit; write \"90s\" for seconds, or \"90ms\" for milliseconds");
        let one_string = typed(Raw::Text("./mint-ott {login}".to_owned()));
        assert_eq!(
            problem::<Vec<String>>(&one_string),
            "wants a list of words, like [\"./mint-ott\", \"{login}\"], and this is a string"
        );
    }

    #[test]
    fn numbers_have_bounds() {
        let bounds = |raw| typed(raw).whole(1, 200).map_err(|e| e.to_string());
        assert_eq!(bounds(Raw::Whole(0)), Err("wants a whole number from 1 to 200, and this is 0".to_owned()));
        assert_eq!(bounds(Raw::Whole(-5)), Err("wants a whole number from 1 to 200, and this is -5".to_owned()));
    }

    #[test]
    fn paths_are_relative_to_the_file_they_stand_in() {
        let path = |setting: &Setting| PathBuf::read(setting).map(|path| path.display().to_string());
        assert_eq!(path(&typed(Raw::Text("ca.pem".to_owned()))), Ok("conf/ca.pem".to_owned()));
        assert_eq!(path(&typed(Raw::Text("/etc/ca.pem".to_owned()))), Ok("/etc/ca.pem".to_owned()));
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
