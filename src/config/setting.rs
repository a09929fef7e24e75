//! One value as it was given, and where.

use std::{fmt, path::Path};

use super::{place::Place, unreadable::Unreadable};

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
pub(crate) enum Origin {
    /// The configuration file.
    File(Place),
    /// An environment variable.
    Variable(String),
    /// A flag, with its dashes.
    Flag(String),
}

impl Origin {
    /// The line of the file with a caret; empty for anything that is no file.
    pub(super) fn excerpt(&self) -> &str {
        if let Self::File(place) = self { place.excerpt() } else { "" }
    }

    /// What relative paths are relative to: the folder of the file, else the current one.
    pub(super) fn folder(&self) -> Option<&Path> {
        if let Self::File(place) = self { place.file().parent() } else { None }
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
    pub(super) fn text(&self, wanted: &'static str) -> Result<&str, Unreadable> {
        match &self.raw {
            Raw::Outside(text) | Raw::Text(text) if text.trim().is_empty() => Err(Unreadable::Empty),
            Raw::Outside(text) | Raw::Text(text) => Ok(text),
            other => Err(Unreadable::Type { wanted, found: other.kind() }),
        }
    }

    /// A whole number between these bounds.
    pub(super) fn whole(&self, least: u32, most: u32) -> Result<u32, Unreadable> {
        let number = match &self.raw {
            Raw::Whole(number) => *number,
            Raw::Outside(text) => {
                text.trim().parse().map_err(|_| Unreadable::Bounds { least, most, found: format!("`{text}`") })?
            }
            other => {
                return Err(Unreadable::Type { wanted: "a whole number without quotes", found: other.kind() });
            }
        };
        let read = u32::try_from(number).ok().filter(|number| (least..=most).contains(number));
        read.ok_or_else(|| Unreadable::Bounds { least, most, found: number.to_string() })
    }
}

impl Raw {
    /// Its type, as part of a sentence.
    pub(super) fn kind(&self) -> &'static str {
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
