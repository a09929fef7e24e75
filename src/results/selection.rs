//! What was asked for: how strictly, and which part of the suite.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How strictly recommendations count; the stricter is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Profile {
    /// A broken `should` is a warning.
    Documented,
    /// A broken `should` is a violation like any other.
    Hardened,
}

/// The part of the suite that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Selection {
    /// The tag expression given.
    pub(crate) tags: Option<String>,
    /// The requirement ids given.
    pub(crate) requirements: Vec<String>,
    /// The part of it that was run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) shard: Option<Shard>,
    /// Whether nothing was left out.
    pub(crate) complete: bool,
}

/// One of the parts that a run was split into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shard {
    /// Which, counted from 1.
    pub(crate) number: usize,
    /// How many there are.
    pub(crate) of: usize,
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documented => "documented",
            Self::Hardened => "hardened",
        })
    }
}
