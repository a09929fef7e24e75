//! One target: its verdict with the reason, and a link to its own report.

use std::path::{Component, Path, PathBuf};

use serde::Serialize;
use steps::percent_encode;

use super::found::{FleetEntry, TargetState};
use crate::{
    report::{headline, renderer::Format},
    results::{Results, Verdict},
};

/// A target.
#[derive(Serialize)]
pub(super) struct TargetRow<'a> {
    /// Position by verdict, the worst first.
    #[serde(skip)]
    pub(super) rank: u8,
    name: &'a str,
    /// The verdict in the style sheet.
    class: &'static str,
    verdict: &'static str,
    because: String,
    warnings: Vec<String>,
    url: Option<&'a str>,
    when: Option<String>,
    link: Option<String>,
}

impl<'a> TargetRow<'a> {
    pub(super) fn new(target: &'a FleetEntry, folder: &Path) -> Self {
        match &target.state {
            TargetState::Judged(results, file) => Self::judged(&target.name, results, file, folder),
            TargetState::NotJudged(reason) => Self {
                rank: 1,
                name: &target.name,
                class: "skip",
                verdict: "not judged",
                because: reason.clone(),
                warnings: Vec::new(),
                url: None,
                when: None,
                link: None,
            },
        }
    }

    fn judged(name: &'a str, results: &'a Results, file: &Path, folder: &Path) -> Self {
        let (rank, class, verdict) = match results.verdict {
            Verdict::Nonconformant => (0, "fail", "not conformant"),
            Verdict::Inconclusive => (2, "inconclusive", "inconclusive"),
            Verdict::Conformant => (3, "pass", "conformant"),
        };
        let report = file.with_file_name(Format::Html.file_name());
        Self {
            rank,
            name,
            class,
            verdict,
            because: headline::because_in_part(results),
            warnings: headline::warnings(results),
            url: results.target.base_url.as_deref(),
            when: Some(results.started_at.strftime("%Y-%m-%d %H:%M UTC").to_string()),
            link: report.is_file().then(|| relative_link(folder, &report)),
        }
    }
}

/// The relative URL of a file for a page in a folder.
fn relative_link(folder: &Path, file: &Path) -> String {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (folder, file) = (absolute(folder), absolute(file));
    let common = folder.components().zip(file.components()).take_while(|(one, other)| one == other).count();
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(file.components().skip(common)).collect();
    let steps: Vec<String> =
        path.components().map(|step| percent_encode(&step.as_os_str().to_string_lossy())).collect();
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_relative_to_the_page() {
        let link = |folder: &str, file: &str| relative_link(Path::new(folder), Path::new(file));
        assert_eq!(link("/a/reports", "/a/reports/alpha/report.html"), "alpha/report.html");
        assert_eq!(link("/a/pages", "/a/reports/al pha/re#1.html"), "../reports/al%20pha/re%231.html");
        assert_eq!(link("reports", "reports/x/report.html"), "x/report.html");
    }
}
