//! One statement of the contract, and how it is referred to.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::need::Need;

/// What a violation of a requirement means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    /// The documentation promises it.
    Must,
    /// Good practice; the catalogue names the source.
    Should,
    /// Open; the server's choice is recorded.
    Observe,
}

/// The id of a requirement, like `OTT-2`: capital letters, a hyphen, a number from 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct RequirementId(String);

/// A text that is not an id.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("`{0}` is not a requirement id; write it like `OTT-2`")]
pub(crate) struct InvalidId(String);

impl RequirementId {
    /// Its text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The word before the number, the same for a whole area.
    pub(super) fn word(&self) -> &str {
        self.0.split_once('-').map_or(&self.0, |(word, _)| word)
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::Observe => "observe",
        })
    }
}

impl fmt::Display for RequirementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for RequirementId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let is_number = |number: &str| !number.starts_with(['0', '+']) && number.parse::<u16>().is_ok();
        let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase());
        match text.split_once('-') {
            Some((word, number)) if is_word(word) && is_number(number) => Ok(Self(text.to_owned())),
            _ => Err(InvalidId(text.to_owned())),
        }
    }
}

impl TryFrom<String> for RequirementId {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

/// The part of the API that a requirement is about, and the folder of its features.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Area {
    /// `POST /auth/token`.
    Issue,
    /// `Authorization: Bearer` on any other call.
    Use,
    /// The end of every kind of lifetime.
    Expiry,
    /// `GET /auth/token/refresh`.
    Refresh,
    /// `POST /external/token/verify`.
    OneTime,
    /// `PATCH /connectors/settings`.
    Settings,
    /// Every refusal.
    Errors,
    /// Several nodes behind one address.
    Cluster,
    /// What a client does; never judged in the run of a server.
    Client,
    /// A restart or an upgrade.
    Survive,
}

impl Area {
    /// As the catalogue writes it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Use => "use",
            Self::Expiry => "expiry",
            Self::Refresh => "refresh",
            Self::OneTime => "one-time",
            Self::Settings => "settings",
            Self::Errors => "errors",
            Self::Cluster => "cluster",
            Self::Client => "client",
            Self::Survive => "survive",
        }
    }
}

/// The token whose lifetime a requirement waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WaitsFor {
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
    /// A one-time token.
    OneTime,
}

impl WaitsFor {
    /// The token, as part of a sentence.
    pub(crate) fn token(self) -> &'static str {
        match self {
            Self::Access => "an access token",
            Self::Refresh => "a refresh token",
            Self::OneTime => "a one-time token",
        }
    }
}

/// One statement of the contract.
#[derive(Clone, Debug)]
pub(crate) struct Requirement {
    pub(crate) id: RequirementId,
    /// What a violation means.
    pub(crate) level: Level,
    /// What has to hold.
    pub(crate) statement: String,
    /// The page and clause, or the standard and section.
    pub(crate) source: String,
    /// What a target has to offer to be judged by it.
    pub(crate) needs: Vec<Need>,
    /// The lifetime whose end it waits for, where that is one that the server sets.
    pub(crate) waits_for: Option<WaitsFor>,
    /// What is recommended beside what is promised; its scenarios are tagged `should`.
    pub(crate) also: Option<Recommendation>,
}

/// Good practice that belongs to a promise.
#[derive(Clone, Debug)]
pub(crate) struct Recommendation {
    /// What should hold.
    pub(crate) statement: String,
    /// The page and clause, or the standard and section.
    pub(crate) source: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_one_spelling() {
        for good in ["OTT-2", "REFRESH-16", "X-65535"] {
            assert_eq!(good.parse::<RequirementId>().expect(good).to_string(), good);
        }
        for bad in ["", "OTT", "OTT-", "-2", "OTT-0", "OTT-02", "OTT-+2", "ott-2", "OTT 2", "OTT-2-3", "OTT-65536"] {
            assert_eq!(bad.parse::<RequirementId>(), Err(InvalidId(bad.to_owned())), "{bad}");
        }
    }
}
