//! What is wrong with features, with file and line.

use thiserror::Error;

/// What is wrong with features.
#[derive(Debug, Error)]
#[error("{}", problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n"))]
pub(crate) struct SuiteError {
    pub(crate) problems: Vec<Problem>,
}

/// One thing that is wrong in a feature file.
#[derive(Debug, Error, PartialEq, Eq, PartialOrd, Ord)]
#[error("{file}{}: {what}", if *line == 0 { String::new() } else { format!(":{line}") })]
pub(crate) struct Problem {
    pub(crate) file: String,
    /// Counted from 1; 0 where the file as a whole is meant.
    pub(crate) line: usize,
    pub(crate) what: String,
}
