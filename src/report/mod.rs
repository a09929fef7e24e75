//! Reports of a run, one file for each format, all rendered from the same results. Renders and writes files; judges nothing,
//! calls nobody, prints nothing.

mod classic;
mod document;
mod drift;
mod exchange;
mod figures;
pub(crate) mod fleet;
mod folder;
mod headline;
mod html;
mod json;
mod junit;
mod messages;
#[cfg(test)]
mod sample;
mod server;
mod standing;
mod status;
mod step_summary;
mod summary;
mod terminal;

use std::{io, path::PathBuf};

pub(crate) use folder::Folder;
pub(crate) use headline::because;
pub(crate) use step_summary::step_summary;
pub(crate) use terminal::{Paint, drift, terminal};

use crate::results::Results;

/// What was written into a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// The file.
    pub(crate) file: PathBuf,
    /// Where in it what was written begins, in bytes; what stands before is not ours.
    pub(crate) from: u64,
}

impl From<PathBuf> for Written {
    fn from(file: PathBuf) -> Self {
        Self { file, from: 0 }
    }
}

/// Writes the reports, and the summary where a CI service wants it.
///
/// # Errors
/// When one of them cannot be written.
pub(crate) fn write(results: &Results, folder: &Folder, formats: &[Format]) -> anyhow::Result<Vec<Written>> {
    let mut written: Vec<Written> = folder.write(results, formats)?.into_iter().map(Into::into).collect();
    written.extend(step_summary(results)?);
    Ok(written)
}

/// A format that is written into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// The results themselves, which every other report can be rendered from again.
    Json,
    /// For people: one file for any browser.
    Html,
    /// Half a page of Markdown, for CI services that show such pages.
    Summary,
    /// For Jenkins, GitLab, GitHub and whatever else reads JUnit's XML.
    Junit,
    /// Cucumber Messages, for Cucumber's own reporters.
    Messages,
    /// Cucumber's classic JSON, for tools that know no messages.
    Classic,
}

impl Format {
    /// All there are.
    pub(crate) const ALL: [Self; 6] =
        [Self::Json, Self::Html, Self::Summary, Self::Junit, Self::Messages, Self::Classic];

    /// What its file is called in the reports folder.
    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Self::Json => "results.json",
            Self::Html => "report.html",
            Self::Summary => "summary.md",
            Self::Junit => "junit.xml",
            Self::Messages => "cucumber.ndjson",
            Self::Classic => "cucumber.json",
        }
    }

    /// Renders results in this format.
    ///
    /// # Errors
    /// When nothing more can be written.
    pub(crate) fn render(self, results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
        match self {
            Self::Json => json::render(results, out),
            Self::Html => html::render(results, out),
            Self::Summary => summary::render(results, out),
            Self::Junit => junit::render(results, out),
            Self::Messages => messages::render(results, out),
            Self::Classic => classic::render(results, out),
        }
    }
}
