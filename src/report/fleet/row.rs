//! One target among all: its verdict, where it comes from, and where its own report is.

use std::path::{Component, Path, PathBuf};

use serde::Serialize;

use super::{State, Target};
use crate::{
    report::{Format, headline},
    results::{Results, Verdict},
};

/// A target.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    /// The worst first.
    #[serde(skip)]
    pub(super) rank: u8,
    name: &'a str,
    /// The verdict as the style sheet knows it.
    class: &'static str,
    verdict: &'static str,
    because: String,
    alarms: Vec<String>,
    url: Option<&'a str>,
    when: Option<String>,
    link: Option<String>,
}

impl<'a> Row<'a> {
    pub(super) fn of(target: &'a Target, folder: &Path) -> Self {
        match &target.state {
            State::Judged(results, file) => Self::judged(&target.name, results, file, folder),
            State::NotJudged(reason) => Self {
                rank: 1,
                name: &target.name,
                class: "skip",
                verdict: "not judged",
                because: reason.clone(),
                alarms: Vec::new(),
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
            because: headline::because(results),
            alarms: headline::alarms(results),
            url: results.target.base_url.as_deref(),
            when: Some(results.started_at.strftime("%Y-%m-%d %H:%M UTC").to_string()),
            link: report.is_file().then(|| link(folder, &report)),
        }
    }
}

/// The way from a folder to a file, as a page in that folder links to it.
fn link(folder: &Path, file: &Path) -> String {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (folder, file) = (absolute(folder), absolute(file));
    let common = folder.components().zip(file.components()).take_while(|(one, other)| one == other).count();
    let up = folder.components().skip(common).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(file.components().skip(common)).collect();
    let steps: Vec<String> = way.components().map(|step| escaped(&step.as_os_str().to_string_lossy())).collect();
    steps.join("/")
}

/// A step of a path as a URL has it.
fn escaped(step: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    step.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_from_the_page_to_the_report() {
        let link = |folder: &str, file: &str| link(Path::new(folder), Path::new(file));
        assert_eq!(link("/a/reports", "/a/reports/alpha/report.html"), "alpha/report.html");
        assert_eq!(link("/a/pages", "/a/reports/al pha/re#1.html"), "../reports/al%20pha/re%231.html");
        assert_eq!(link("reports", "reports/x/report.html"), "x/report.html");
    }
}
