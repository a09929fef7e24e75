//! How what a server answers differs from what was recorded before.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What changed between two pictures of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Drift {
    /// What the run was compared with: a folder or file as it was named.
    pub(crate) before: String,
    /// Worst first.
    pub(crate) differences: Vec<Difference>,
    /// How many situations were the same or differ.
    pub(crate) compared: usize,
    /// What was recorded before and could not be judged this time, so that nothing is said about it.
    pub(crate) not_judged: Vec<String>,
    /// What was judged this time and never recorded.
    pub(crate) not_recorded: Vec<String>,
    /// What changes from one recording to the next on the same server, and is therefore not compared.
    pub(crate) unstable: Vec<String>,
}

/// One change, with every situation in which it is seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Difference {
    /// What it means to clients.
    pub(crate) class: Class,
    /// What changed, like `status` or `body /accessToken`.
    pub(crate) what: String,
    /// What it was; `None` where there was nothing.
    pub(crate) before: Option<String>,
    /// What it is; `None` where there is nothing.
    pub(crate) after: Option<String>,
    /// The rule that it is classed by.
    pub(crate) because: String,
    /// The requirements that look at it; none where it concerns the server as a whole.
    pub(crate) requirements: Vec<String>,
    /// Where it is seen.
    pub(crate) situations: Vec<String>,
}

/// What a change means to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Class {
    /// A client that worked may fail.
    Breaking,
    /// A client may notice, and somebody should have agreed to it.
    Notable,
    /// No client that follows the contract notices.
    Compatible,
}

impl Class {
    /// All there are, worst first.
    pub(crate) const ALL: [Self; 3] = [Self::Breaking, Self::Notable, Self::Compatible];
}

impl Drift {
    /// The worst of all differences; `None` when there is none.
    pub(crate) fn worst(&self) -> Option<Class> {
        self.differences.iter().map(|difference| difference.class).min()
    }

    /// Whether something changed that is as bad as this, or worse.
    pub(crate) fn fails(&self, least: Class) -> bool {
        self.worst().is_some_and(|worst| worst <= least)
    }

    /// The differences of one class.
    pub(crate) fn of(&self, class: Class) -> impl Iterator<Item = &Difference> {
        self.differences.iter().filter(move |difference| difference.class == class)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Breaking => "breaking",
            Self::Notable => "notable",
            Self::Compatible => "compatible",
        })
    }
}
