//! Certificates: what a finished run must be to be certified, the signed statement about it, and what must hold for somebody
//! who was not there to rely on it. Judges no server; asks nobody.

mod completeness;
mod envelope;
mod finding;
pub(crate) mod key;
pub(crate) mod new_key;
mod page;
mod recount;
mod signatory;
mod statement;
pub(crate) mod test_result;
pub(crate) mod upgrade;
mod verification;

pub(crate) use envelope::Envelope;
pub(crate) use finding::Finding;
pub(crate) use page::told;
pub(crate) use signatory::Signatory;
pub(crate) use verification::{Given, Verification, verify};

use crate::{report, results::Results, suite::Suite};

/// Everything that keeps a run from being certified; empty where nothing does. `report` is its `report.html`.
pub(crate) fn obstacles(results: &Results, report: &[u8], suite: &Suite) -> Vec<Finding> {
    if results.suite.digest != suite.digest {
        return vec![Finding::new(
            format!("it was judged by suite {}, and this build has {}", results.suite.digest, suite.digest),
            "run it again with this build and without --features, or certify it with the build that made it",
        )];
    }
    let mut findings = completeness::findings(results);
    findings.extend(recount::findings(results, suite));
    if !is_report_of(report, results) {
        findings.push(Finding::new(
            "the report was not rendered from these results by this build",
            "render it again with `bo-conformance report render RESULTS --format html`",
        ));
    }
    findings
}

/// A report says nothing but what its results say, so that it can be rendered again and compared.
fn is_report_of(report: &[u8], results: &Results) -> bool {
    let mut rendered = Vec::new();
    report::Format::Html.render(results, &mut rendered).is_ok() && rendered == report
}

#[cfg(test)]
mod tests;
