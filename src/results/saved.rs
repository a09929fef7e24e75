//! Reads saved results.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use super::run::{FORMAT, Results};
use crate::read_limited::{ReadError, read_file};

/// Largest file, in bytes. A run of ten thousand scenarios takes a twentieth of it.
pub(crate) const LARGEST: u64 = 1 << 30;

/// Why saved results cannot be read.
#[derive(Debug, Error)]
pub(crate) enum SavedError {
    /// The file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// The file has another format.
    #[error("{} is not a {FORMAT} file: {reason}; give the results.json of a run", file.display())]
    OtherFormat {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
}

#[derive(Deserialize)]
struct FormatMark {
    format: String,
}

/// Reads the results of a run.
///
/// # Errors
/// When the file cannot be read, is too large, or has another format.
pub(crate) fn read(file: &Path) -> Result<Results, SavedError> {
    read_from(file, &read_file(file, LARGEST)?)
}

/// Reads the results of a run from the content of a file.
///
/// # Errors
/// When the content has another format.
pub(crate) fn read_from(file: &Path, content: &[u8]) -> Result<Results, SavedError> {
    parse(content).map_err(|reason| SavedError::OtherFormat { file: file.to_owned(), reason })
}

/// Reads results from the content of a file.
///
/// # Errors
/// The reason why the content is not in this format.
pub(crate) fn parse(text: &[u8]) -> Result<Results, String> {
    let mark: FormatMark = serde_json::from_slice(text).map_err(|error| error.to_string())?;
    if mark.format != FORMAT {
        return Err(format!("its format is {:?}", mark.format));
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
        let error = read(&file).expect_err("it is not a results file").to_string();
        error.replace(&format!("{}/", home.path().display()), "")
    }

    #[test]
    fn other_files_are_refused_with_a_reason() {
        assert_eq!(
            error("{\"format\":\"bo-conformance/results/v9\"}"),
            "results.json is not a bo-conformance/results/v1 file: its format is \"bo-conformance/results/v9\"; give the results.json \
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
