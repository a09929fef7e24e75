//! The program, its suite, and the selected part of it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tool {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
}

/// Features, schemas and requirements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SuiteInfo {
    /// `sha256:` and the digest over every file of the suite, own features included.
    pub(crate) digest: String,
    /// Requirements in the catalogue.
    pub(crate) requirements: usize,
    /// Scenarios in the features; each row of an outline is one.
    pub(crate) scenarios: usize,
    /// Its measured quality.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) score: Option<SuiteScore>,
}

/// How many seeded defects the suite catches, and how many conforming variations it blames.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SuiteScore {
    /// Seeded defects.
    pub(crate) faults: usize,
    /// Seeded defects that every expected requirement catches.
    pub(crate) caught: usize,
    /// Conforming variations.
    pub(crate) freedoms: usize,
    /// Conforming variations that are blamed.
    pub(crate) blamed: usize,
    /// Digest of the suite that was measured.
    pub(crate) measured_with: String,
    /// Whether that is the suite of this run.
    pub(crate) current: bool,
}

/// How strictly recommendations count; the stricter is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Profile {
    /// A broken `should` is a warning.
    Documented,
    /// A broken `should` is a violation like any other.
    Hardened,
}

/// The selected part of the suite.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SelectionInfo {
    /// The tag expression given.
    pub(crate) tags: Option<String>,
    /// The requirement ids given.
    pub(crate) requirements: Vec<String>,
    /// Ids of the scenarios that an earlier run chose; empty where none did.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) scenarios: Vec<String>,
    /// The part of the selection that was run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) shard: Option<ShardInfo>,
    /// Whether the whole suite was run.
    pub(crate) complete: bool,
}

/// One of the parts that a run is split into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShardInfo {
    /// Its number, counted from 1.
    pub(crate) number: usize,
    /// How many there are.
    pub(crate) of: usize,
}

impl Tool {
    /// This build.
    pub(crate) fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

impl fmt::Display for SuiteScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { faults, caught, freedoms, blamed, .. } = self;
        write!(
            f,
            "this build catches {caught} of {faults} seeded defects, blames {blamed} of {freedoms} conforming variations"
        )?;
        if self.current { Ok(()) } else { f.write_str(" (measured before the suite was changed)") }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documented => "documented",
            Self::Hardened => "hardened",
        })
    }
}
