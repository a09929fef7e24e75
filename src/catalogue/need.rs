//! What a target must offer so that a requirement can be judged, and what to configure where it does not.

use std::{fmt, str::FromStr};

use serde::Deserialize;
use thiserror::Error;

/// Something that only some targets offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Need {
    /// A GET that needs an access token.
    Probe,
    /// The probe's answer names the user.
    Identity,
    /// A second user.
    User2,
    /// A source of fresh one-time tokens.
    Ott,
    /// The source makes them for a second user as well.
    Ott2,
    /// Lifetimes may be changed.
    Settings,
    /// The wait for a lifetime fits in the longest wait allowed.
    Time,
    /// The addresses of the nodes behind the base URL.
    Nodes,
}

/// A name without a need.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("`{0}` is not a need; the needs are {names}", names = Need::names())]
pub(crate) struct UnknownNeed(String);

impl Need {
    /// All needs.
    pub(crate) const ALL: [Self; 8] =
        [Self::Probe, Self::Identity, Self::User2, Self::Ott, Self::Ott2, Self::Settings, Self::Time, Self::Nodes];

    /// Its name in the catalogue, and in tags after `needs-`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Probe => "probe",
            Self::Identity => "identity",
            Self::User2 => "user2",
            Self::Ott => "ott",
            Self::Ott2 => "ott2",
            Self::Settings => "settings",
            Self::Time => "time",
            Self::Nodes => "nodes",
        }
    }

    /// The reason of a skip: what is missing and what to configure.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::Probe => {
                "no `probe` is configured: set `probe = \"/accounts?limit=1\"`, or another GET that needs an access token"
            }
            Self::Identity => {
                "it is not known where the probe's answer names the user: set `probe_login = \"/0/owner\"`, a JSON pointer"
            }
            Self::User2 => "no second user is configured: add `[targets.NAME.second_user]` with `login` and `password`",
            Self::Ott => {
                "there is no source of one-time tokens: add `[targets.NAME.ott]` with `login` and one of `command`, `file`, \
                 `listen`"
            }
            Self::Ott2 => "one-time tokens are made for one user only: set `second_login` in `[targets.NAME.ott]`",
            Self::Settings => {
                "lifetimes may not be changed: set `allow_settings_change = true` and `short_lifetimes`, where that is agreed"
            }
            Self::Time => "the wait is longer than allowed: raise `max_wait`, or set `allow_settings_change = true`",
            Self::Nodes => "the nodes behind the base URL are not known: set `nodes`, a list of their base URLs",
        }
    }

    fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Need {
    type Err = UnknownNeed;

    fn from_str(name: &str) -> Result<Self, UnknownNeed> {
        Self::ALL.into_iter().find(|need| need.name() == name).ok_or_else(|| UnknownNeed(name.to_owned()))
    }
}

impl TryFrom<String> for Need {
    type Error = UnknownNeed;

    fn try_from(name: String) -> Result<Self, UnknownNeed> {
        name.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_need() {
        for need in Need::ALL {
            assert_eq!(need.name().parse(), Ok(need));
        }
        assert_eq!(
            "Probe".parse::<Need>().expect_err("names are in lower case").to_string(),
            "`Probe` is not a need; the needs are probe, identity, user2, ott, ott2, settings, time, nodes"
        );
    }
}
