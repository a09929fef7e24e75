//! The formats of reports, with the file and the renderer of each.

use std::io;

use super::{
    code_quality,
    cucumber::{cucumber_json, cucumber_messages},
    html, json, junit, summary,
};
use crate::results::Results;

/// A format that is written into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// The results themselves. Every other report can be rendered from them again.
    Json,
    /// For people: one file for any browser.
    Html,
    /// Half a page of Markdown, for CI services that show such pages.
    Summary,
    /// For Jenkins, GitLab, GitHub and others that read JUnit's XML.
    Junit,
    /// Cucumber Messages, for Cucumber's own reporters.
    Messages,
    /// Cucumber's classic JSON, for tools that cannot read messages.
    Classic,
    /// GitLab's Code Quality report; also written where GitLab runs the job.
    CodeQuality,
}

impl Format {
    /// The formats that are written unless others are chosen.
    pub(crate) const ALL: [Self; 6] =
        [Self::Json, Self::Html, Self::Summary, Self::Junit, Self::Messages, Self::Classic];

    /// Name of its file in the reports folder.
    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Self::Json => "results.json",
            Self::Html => "report.html",
            Self::Summary => "summary.md",
            Self::Junit => "junit.xml",
            Self::Messages => "cucumber.ndjson",
            Self::Classic => "cucumber.json",
            Self::CodeQuality => "gl-code-quality-report.json",
        }
    }

    /// Renders results in this format.
    ///
    /// # Errors
    /// When `out` accepts no more.
    pub(crate) fn render(self, results: &Results, out: &mut dyn io::Write) -> io::Result<()> {
        match self {
            Self::Json => json::render(results, out),
            Self::Html => html::render(results, out),
            Self::Summary => summary::render(results, out),
            Self::Junit => junit::render(results, out),
            Self::Messages => cucumber_messages::render(results, out),
            Self::Classic => cucumber_json::render(results, out),
            Self::CodeQuality => code_quality::render(results, out),
        }
    }
}
