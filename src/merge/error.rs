//! Why results cannot be merged: the files, the difference, and what to do.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// Most scenarios that a message lists.
const MOST: usize = 5;

/// One of two files that differ.
#[derive(Debug)]
pub(crate) struct Side {
    /// The file.
    pub(super) file: PathBuf,
    /// Its value.
    pub(super) value: String,
}

/// Why results cannot be merged.
#[derive(Debug, Error)]
pub(crate) enum MergeError {
    /// No file is given.
    #[error("there is nothing to merge; give the results.json of at least one run")]
    Nothing,
    /// Two files differ in something that all must have in common.
    #[error(
        "only runs of one {what} can be merged: it is {} in {}, and {} in {}{advice}",
        one.value,
        one.file.display(),
        other.value,
        other.file.display()
    )]
    Differ {
        /// The property that differs.
        what: &'static str,
        /// A file.
        one: Box<Side>,
        /// Another.
        other: Box<Side>,
        /// What to do instead.
        advice: &'static str,
    },
    /// The suite is another than that of this program.
    #[error(
        "{} was judged by the suite {digest}, and this program has {own}; merge with version {version} of the program, and \
         with the same --features DIR as the run",
        file.display()
    )]
    OtherSuite {
        /// A file.
        file: PathBuf,
        /// Its suite.
        digest: String,
        /// Ours.
        own: String,
        /// The version that made the file.
        version: String,
    },
    /// The run leaked secrets, so that its files must not be passed on.
    #[error(
        "{}: secrets of that run are in its files ({places}); remove them from the input of the run and repeat it",
        file.display()
    )]
    Leaked {
        /// The file.
        file: PathBuf,
        /// The files that contain them.
        places: String,
    },
    /// The content of a file contradicts itself.
    #[error("{} was altered or cut: {problem}; repeat that run", file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// The contradiction.
        problem: String,
    },
    /// A shard is given more than once.
    #[error(
        "shard {number} of {of} is there twice, in {} and in {}; give one of them, or merge the shards of each run first",
        one.display(),
        other.display()
    )]
    Double {
        /// Number of the shard.
        number: usize,
        /// How many shards there are.
        of: usize,
        /// A file.
        one: PathBuf,
        /// Another.
        other: PathBuf,
    },
    /// A shard is missing.
    #[error("shard {} of {of} is missing, and with it {}; run it with --shard {}/{of}", list(numbers), list_scenarios(scenarios), numbers.first().unwrap_or(of))]
    Missing {
        /// Numbers of the missing shards.
        numbers: Vec<usize>,
        /// How many shards there are.
        of: usize,
        /// Ids of the scenarios in them.
        scenarios: Vec<String>,
    },
    /// A waiver expired between two runs.
    #[error(
        "the waiver of {requirement} by {owner} ended on {expires}, between the runs in {} and in {}; merge runs of one side \
         of that day",
        one.display(),
        other.display()
    )]
    WaiverEnded {
        /// The waived requirement.
        requirement: String,
        /// Who is responsible for it.
        owner: String,
        /// The last day on which it counts.
        expires: String,
        /// The first run.
        one: PathBuf,
        /// The last run.
        other: PathBuf,
    },
}

impl MergeError {
    /// The content of a file contradicts itself.
    pub(super) fn broken(file: &Path, problem: impl ToString) -> Self {
        Self::Broken { file: file.to_owned(), problem: problem.to_string() }
    }
}

/// The first scenarios, and how many more there are.
pub(super) fn list_scenarios(scenarios: &[String]) -> String {
    let quoted: Vec<String> = scenarios.iter().take(MOST).map(|id| format!("`{id}`")).collect();
    match scenarios.len() {
        0 => "no scenario".to_owned(),
        many if many > MOST => format!("{many} scenarios: {} and {} more", quoted.join(", "), many - MOST),
        1 => format!("the scenario {}", quoted.join("")),
        few => format!("{few} scenarios: {}", quoted.join(", ")),
    }
}

fn list(numbers: &[usize]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
