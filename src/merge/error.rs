//! Why results cannot be merged: which file has what, and what to do.

use std::path::{Path, PathBuf};

use thiserror::Error;

/// Most scenarios that a message names.
const MOST: usize = 5;

/// A file that tells of something else than another.
#[derive(Debug)]
pub(crate) struct Side {
    /// The file.
    pub(super) file: PathBuf,
    /// What it has.
    pub(super) has: String,
}

/// Why results cannot be merged.
#[derive(Debug, Error)]
pub(crate) enum MergeError {
    /// No file.
    #[error("there is nothing to merge; give the results.json of at least one run")]
    Nothing,
    /// Two files tell of different things.
    #[error(
        "only runs of one {what} can be merged: it is {} in {}, and {} in {}{advice}",
        one.has,
        one.file.display(),
        other.has,
        other.file.display()
    )]
    Differ {
        /// What is different.
        what: &'static str,
        /// A file.
        one: Box<Side>,
        /// Another.
        other: Box<Side>,
        /// What to do instead.
        advice: &'static str,
    },
    /// They are of another suite than this program's.
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
    /// A run whose files must not be passed on.
    #[error(
        "{}: secrets of that run stand in what it wrote ({places}); take them out of what it was given and repeat it",
        file.display()
    )]
    Leaked {
        /// The file.
        file: PathBuf,
        /// Where they stand.
        places: String,
    },
    /// A file that does not fit itself.
    #[error("{} was altered or cut: {problem}; repeat that run", file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A shard is there more than once.
    #[error(
        "shard {number} of {of} is there twice, in {} and in {}; give one of them, or merge the shards of each run first",
        one.display(),
        other.display()
    )]
    Double {
        /// Which shard.
        number: usize,
        /// Of how many.
        of: usize,
        /// A file.
        one: PathBuf,
        /// Another.
        other: PathBuf,
    },
    /// A shard is not there.
    #[error("shard {} of {of} is missing, and with it {}; run it with --shard {}/{of}", list(numbers), some(scenarios), numbers.first().unwrap_or(of))]
    Missing {
        /// Which shards.
        numbers: Vec<usize>,
        /// Of how many.
        of: usize,
        /// Ids of the scenarios in them.
        scenarios: Vec<String>,
    },
    /// A waiver ended in between.
    #[error(
        "the waiver of {requirement} by {owner} ended on {expires}, between the runs in {} and in {}; merge runs of one side \
         of that day",
        one.display(),
        other.display()
    )]
    WaiverEnded {
        /// What was waived.
        requirement: String,
        /// Who answered for it.
        owner: String,
        /// The last day it held.
        expires: String,
        /// The first run.
        one: PathBuf,
        /// The last run.
        other: PathBuf,
    },
}

impl MergeError {
    /// A file that does not fit itself.
    pub(super) fn broken(file: &Path, problem: impl ToString) -> Self {
        Self::Broken { file: file.to_owned(), problem: problem.to_string() }
    }
}

/// The first scenarios, and how many more.
pub(super) fn some(scenarios: &[String]) -> String {
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
