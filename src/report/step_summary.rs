//! The page that GitHub Actions shows beside a step. The summary is appended to the file of that page.

use std::{
    env,
    ffi::OsString,
    fs::OpenOptions,
    io::{self, Write},
    path::PathBuf,
};

use thiserror::Error;

use super::renderer::Format;
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

/// A summary that is not added yet.
#[derive(Debug)]
pub(crate) struct StepSummary {
    file: PathBuf,
    text: Vec<u8>,
}

impl StepSummary {
    /// The summary of these results, where there is a page for it.
    pub(crate) fn from_environment(results: &Results) -> Option<Self> {
        Self::for_page(results, env::var_os(VARIABLE))
    }

    fn for_page(results: &Results, file: Option<OsString>) -> Option<Self> {
        let file = file.filter(|file| !file.is_empty()).map(PathBuf::from)?;
        let mut text = Vec::new();
        // Memory takes everything.
        let _ = Format::Summary.render(results, &mut text);
        Some(Self { file, text })
    }

    /// The page and what will be added to it.
    pub(crate) fn place_and_bytes(&self) -> (String, &[u8]) {
        (self.file.display().to_string(), &self.text)
    }

    /// Adds the summary to the page.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn append(self) -> Result<(), StepSummaryError> {
        let Self { file, text } = self;
        let page = OpenOptions::new().create(true).append(true).open(&file);
        page.and_then(|mut page| page.write_all(&text)).map_err(|reason| StepSummaryError { file, reason })
    }
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
        let page = StepSummary::for_page(&sample::passing(), Some(file.clone().into_os_string()));
        page.expect("there is a page").append().expect("it can be added to");
        let page = fs::read_to_string(&file).expect("it is there");
        assert!(page.starts_with("from another step\n## Conformant: stand-in\n"), "{page}");
    }

    #[test]
    fn without_a_page_nothing_happens_and_a_bad_one_is_named() {
        assert!(StepSummary::for_page(&sample::passing(), None).is_none());
        assert!(StepSummary::for_page(&sample::passing(), Some(OsString::new())).is_none());
        let page = StepSummary::for_page(&sample::passing(), Some("/no/such/page.md".into())).expect("it is named");
        let error = page.append().expect_err("there is no such folder");
        assert!(error.to_string().starts_with("/no/such/page.md of GITHUB_STEP_SUMMARY cannot be appended to: "));
    }
}
