//! Results that a run has saved, read again.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use super::{FORMAT, Results};
use crate::read_limited::{ReadError, read_file};

/// Largest file in bytes; a run of ten thousand scenarios takes a twentieth of it.
pub(crate) const LARGEST: u64 = 1 << 30;

/// Why saved results cannot be read.
#[derive(Debug, Error)]
pub(crate) enum SavedError {
    /// The file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// It is something else.
    #[error("{} is no {FORMAT}: {reason}; give the results.json of a run", file.display())]
    Other {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
}

#[derive(Deserialize)]
struct Marked {
    format: String,
}

/// Reads the results of a run.
///
/// # Errors
/// When the file cannot be read, is too large, or is no results file of this format.
pub(crate) fn read(file: &Path) -> Result<Results, SavedError> {
    read_from(file, &read_file(file, LARGEST)?)
}

/// Reads the results of a run from the content of a file.
///
/// # Errors
/// When it holds no results of this format.
pub(crate) fn read_from(file: &Path, content: &[u8]) -> Result<Results, SavedError> {
    parse(content).map_err(|reason| SavedError::Other { file: file.to_owned(), reason })
}

/// Reads results from what is in their file.
///
/// # Errors
/// Says why they are none.
pub(crate) fn parse(text: &[u8]) -> Result<Results, String> {
    let marked: Marked = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    if marked.format != FORMAT {
        return Err(format!("it says it is {:?}", marked.format));
    }
    serde_json::from_slice(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn error(text: &str) -> String {
        let home = tempfile::tempdir().expect("there is room");
        let file = home.path().join("results.json");
        fs::write(&file, text).expect("it can be written");
        let error = read(&file).expect_err("it is no results file").to_string();
        error.replace(&format!("{}/", home.path().display()), "")
    }

    #[test]
    fn what_is_no_results_file_is_refused_with_the_reason() {
        assert_eq!(
            error("{\"format\":\"bo-conformance/results/v9\"}"),
            "results.json is no bo-conformance/results/v1: it says it is \"bo-conformance/results/v9\"; give the results.json \
             of a run"
        );
        assert!(error("no JSON").contains(": expected ident at line 1 column 2; "), "{}", error("no JSON"));
        assert!(error("{\"format\":\"bo-conformance/results/v1\"}").contains("missing field `tool`"));
        assert!(
            read(Path::new("/no/such.json"))
                .is_err_and(|it| it.to_string().starts_with("/no/such.json cannot be read"))
        );
    }
}
