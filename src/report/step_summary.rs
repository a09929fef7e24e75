//! The page that GitHub Actions shows beside a step. The summary is appended to the file of that page.

use std::{
    env,
    ffi::OsString,
    fs::OpenOptions,
    io::{self, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::renderer::{Format, Written};
use crate::results::Results;

/// The variable that names the file.
const VARIABLE: &str = "GITHUB_STEP_SUMMARY";

/// Why the summary cannot be appended.
#[derive(Debug, Error)]
#[error("{} of {VARIABLE} cannot be appended to: {reason}", file.display())]
pub(crate) struct StepSummaryError {
    file: PathBuf,
    reason: io::Error,
}

/// Appends the summary to the page, if there is one, and returns its place.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn step_summary(results: &Results) -> Result<Option<Written>, StepSummaryError> {
    append_to(results, env::var_os(VARIABLE))
}

fn append_to(results: &Results, file: Option<OsString>) -> Result<Option<Written>, StepSummaryError> {
    let Some(file) = file.filter(|file| !file.is_empty()).map(PathBuf::from) else { return Ok(None) };
    let added = append(results, &file).map_err(|reason| StepSummaryError { file: file.clone(), reason });
    added.map(|from| Some(Written { file, from }))
}

/// Returns the earlier length of the page.
fn append(results: &Results, file: &Path) -> io::Result<u64> {
    let mut page = OpenOptions::new().create(true).append(true).open(file)?;
    let from = page.seek(SeekFrom::End(0))?;
    Format::Summary.render(results, &mut page)?;
    Ok(from)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::results::sample;

    #[test]
    fn earlier_content_of_the_page_stays() {
        let home = tempfile::tempdir().expect("there is room");
        let file = home.path().join("page.md");
        fs::write(&file, "from another step\n").expect("it can be written");
        append_to(&sample::passing(), Some(file.clone().into_os_string())).expect("it can be appended to");
        let page = fs::read_to_string(&file).expect("it is there");
        assert!(page.starts_with("from another step\n## Conformant: stand-in\n"), "{page}");
    }

    #[test]
    fn a_missing_page_is_ignored_and_a_bad_one_is_named() {
        append_to(&sample::passing(), None).expect("there is nothing to do");
        append_to(&sample::passing(), Some(OsString::new())).expect("there is nothing to do");
        let error =
            append_to(&sample::passing(), Some("/no/such/page.md".into())).expect_err("there is no such folder");
        assert!(error.to_string().starts_with("/no/such/page.md of GITHUB_STEP_SUMMARY cannot be appended to: "));
    }
}
