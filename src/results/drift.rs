//! How the answers of a server differ from a baseline.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What changed since a baseline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Drift {
    /// The folder or file of the baseline, as it was given.
    pub(crate) before: String,
    /// Worst first.
    pub(crate) differences: Vec<Difference>,
    /// How many situations were compared.
    pub(crate) compared: usize,
    /// What the baseline has and this run could not judge.
    pub(crate) not_judged: Vec<String>,
    /// What this run judged and the baseline lacks.
    pub(crate) not_recorded: Vec<String>,
    /// What differs between recordings of the same server, and is therefore not compared.
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
    /// The value in the baseline; `None` where it had none.
    pub(crate) before: Option<String>,
    /// The value now; `None` where there is none.
    pub(crate) after: Option<String>,
    /// The rule that gives it its class.
    pub(crate) because: String,
    /// The requirements whose scenarios show it; empty where it concerns the server as a whole.
    pub(crate) requirements: Vec<String>,
    /// The situations that show it.
    pub(crate) situations: Vec<String>,
}

/// What a change means to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Class {
    /// A client that worked may fail.
    Breaking,
    /// A client may notice; the change should be agreed.
    Notable,
    /// No client that follows the contract notices.
    Compatible,
}

impl Class {
    /// All classes, worst first.
    pub(crate) const ALL: [Self; 3] = [Self::Breaking, Self::Notable, Self::Compatible];
}

impl Drift {
    /// The worst of all differences; `None` when there is none.
    pub(crate) fn worst(&self) -> Option<Class> {
        self.differences.iter().map(|difference| difference.class).min()
    }

    /// Whether something changed that is of this class or a worse one.
    pub(crate) fn fails(&self, least: Class) -> bool {
        self.worst().is_some_and(|worst| worst <= least)
    }

    /// The differences of one class.
    pub(crate) fn in_class(&self, class: Class) -> impl Iterator<Item = &Difference> {
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
