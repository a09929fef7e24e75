//! An upgrade on one page: the server before it, tokens and service meanwhile, the server after it, and what changed.

use std::io;

use serde::Serialize;

use super::{drift, headline, html::render_page};
use crate::{
    results::{Class, Drift, Outcome, Results, Tool},
    sanitize::sanitize,
};

/// Most findings of one kind that the page lists; the linked reports have all.
const MOST: usize = 10;

/// What was found of an upgrade. What is missing was not judged.
pub(crate) struct UpgradeFindings<'a> {
    pub(crate) target: &'a str,
    pub(crate) before: Option<&'a Results>,
    pub(crate) during: Option<&'a Results>,
    pub(crate) after: Option<&'a Results>,
    pub(crate) drift: Option<&'a Drift>,
    /// Whether the command of the upgrade ended with 0.
    pub(crate) succeeded: bool,
}

/// The page, for a browser and for a terminal.
#[derive(Serialize)]
pub(crate) struct UpgradePage {
    target: String,
    verdict: &'static str,
    rows: Vec<PageRow>,
    findings: Vec<String>,
    tool: String,
}

#[derive(Serialize)]
struct PageRow {
    name: &'static str,
    text: String,
    report: Option<&'static str>,
}

impl UpgradePage {
    /// The page with this verdict in words.
    pub(crate) fn new(it: &UpgradeFindings<'_>, verdict: &'static str) -> Self {
        let tool = Tool::this();
        let mut rows = Vec::new();
        let mut add = |name, text: String, report| rows.push(PageRow { name, text, report });
        match it.before {
            Some(before) => add("before", heading(before), Some("before/report.html")),
            None => add("before", "as recorded in the baseline".to_owned(), None),
        }
        add("command", if it.succeeded { "succeeded" } else { "failed" }.to_owned(), None);
        let missing = || "not judged".to_owned();
        add("meanwhile", it.during.map_or_else(missing, heading), Some("during/report.html"));
        for observed in it.during.iter().flat_map(|during| &during.observations) {
            add("", format!("{} {}", observed.question, observed.answer), None);
        }
        add("after", it.after.map_or_else(missing, heading), Some("after/report.html"));
        add("changed", it.drift.map_or_else(missing, drift::drift_sentence), None);
        Self {
            target: it.target.to_owned(),
            verdict,
            rows,
            findings: findings(it),
            tool: format!("{} {}", tool.name, tool.version),
        }
    }

    /// The page as HTML.
    ///
    /// # Errors
    /// When the template is wrong; a test renders it.
    pub(crate) fn to_html(&self) -> io::Result<String> {
        render_page(include_str!("upgrade.html"), self)
    }

    /// The page as lines.
    pub(crate) fn to_text(&self) -> String {
        let rows = self.rows.iter().map(|row| format!("{:<10} {}\n", row.name, sanitize(&row.text)));
        let findings = self.findings.iter().map(|finding| format!("  {}\n", sanitize(finding)));
        format!("{}{}upgrade    {}\n", rows.collect::<String>(), findings.collect::<String>(), self.verdict)
    }
}

fn heading(results: &Results) -> String {
    format!("{}: {}", results.verdict, headline::because(results))
}

/// What a reader of the page must look at: broken promises, and differences that may break clients.
fn findings(it: &UpgradeFindings<'_>) -> Vec<String> {
    let failed = [("meanwhile", it.during), ("after", it.after)].into_iter().filter_map(|(when, it)| Some((when, it?)));
    let of_run = failed.flat_map(|(when, results)| {
        let failed = results.scenarios.iter().filter(|scenario| scenario.verdict == Outcome::Failed).take(MOST);
        failed.map(move |scenario| {
            let reason = scenario.reason.as_deref().unwrap_or("no reason is recorded");
            format!("{when}, {}: {}: {reason}", scenario.requirements.join(", "), scenario.name)
        })
    });
    let breaking = it.drift.into_iter().flat_map(|drift| drift.in_class(Class::Breaking)).take(MOST);
    let changed = breaking.map(|it| {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        format!("changed, {}: {}, before {}, now {}", it.class, it.what, value(&it.before), value(&it.after))
    });
    of_run.chain(changed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::sample;

    #[test]
    fn the_page_names_what_broke_and_what_was_not_judged() {
        let (passing, failing) = (sample::passing(), sample::failing());
        let findings = UpgradeFindings {
            target: "<staging>",
            before: Some(&passing),
            during: Some(&failing),
            after: None,
            drift: None,
            succeeded: true,
        };
        let page = UpgradePage::new(&findings, "rejected");
        let (html, text) = (page.to_html().expect("the template is right"), page.to_text());
        assert!(html.contains("&lt;staging&gt;") && !html.contains("<staging>"), "{html}");
        for expected in ["breaks OTT-2", "meanwhile, OTT-2: ", "not judged", "rejected"] {
            assert!(html.contains(expected) && text.contains(expected), "{expected}: {text}");
        }
    }
}
