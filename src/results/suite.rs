//! By what a server was judged: the program, its suite, and how good that is.

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
pub(crate) struct Suite {
    /// `sha256:` and the digest over every file of the suite, own features included.
    pub(crate) digest: String,
    /// Requirements in the catalogue.
    pub(crate) requirements: usize,
    /// Scenarios in the features, rows counted singly.
    pub(crate) scenarios: usize,
    /// How good it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) score: Option<Score>,
}

/// How many seeded defects the suite catches, and how many conforming variations it blames.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Score {
    /// Seeded defects.
    pub(crate) faults: usize,
    /// Those that are caught for every reason named.
    pub(crate) caught: usize,
    /// Conforming variations.
    pub(crate) freedoms: usize,
    /// Those that are blamed.
    pub(crate) blamed: usize,
    /// Digest of the suite that this was measured with.
    pub(crate) measured_with: String,
    /// Whether that is the suite of this run.
    pub(crate) current: bool,
}

impl Tool {
    /// This build.
    pub(crate) fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { faults, caught, freedoms, blamed, .. } = self;
        write!(
            f,
            "this build catches {caught} of {faults} seeded defects, blames {blamed} of {freedoms} conforming variations"
        )?;
        if self.current { Ok(()) } else { f.write_str(" (measured before the suite was changed)") }
    }
}
