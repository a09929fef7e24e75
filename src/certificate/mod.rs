//! Certificates: the conditions for certifying a finished run, the signed statement about it, and its offline verification.
//! Judges no server and connects to none.

mod completeness;
mod envelope;
mod finding;
pub(crate) mod key;
pub(crate) mod new_key;
mod page;
mod recompute;
mod requirement_list;
mod rules;
mod sheet;
mod signer;
mod statement;
pub(crate) mod survived;
pub(crate) mod test_result;
pub(crate) mod upgrade;
mod verification;

pub(crate) use envelope::Envelope;
pub(crate) use finding::Finding;
pub(crate) use page::render_certificate;
pub(crate) use sheet::render_sheet;
pub(crate) use signer::Signer;
pub(crate) use verification::{Given, Verification, verify};

use crate::{report, results::Results, suite::Suite};
use rules::Rules;

/// The reasons against certifying a run; empty where there are none. `report` is its `report.html`.
pub(crate) fn obstacles(results: &Results, report: &[u8], suite: &Suite) -> Vec<Finding> {
    let rules = match Rules::for_results(results, suite) {
        Ok(rules) => rules,
        Err(finding) => return vec![finding],
    };
    if results.suite.digest != rules.digest {
        return vec![Finding::new(
            format!("it was judged by suite {}, and this build has {}", results.suite.digest, rules.digest),
            "run it again with this build and without --features, or certify it with the build that made it",
        )];
    }
    let mut findings = completeness::findings(results);
    findings.extend(recompute::findings(results, &rules));
    if !is_report_of(report, results) {
        findings.push(Finding::new(
            "the report was not rendered from these results by this build",
            "render it again with `bo-conformance report render RESULTS --format html`",
        ));
    }
    findings
}

/// A report follows from its results, so it can be rendered again and compared.
fn is_report_of(report: &[u8], results: &Results) -> bool {
    let mut rendered = Vec::new();
    report::Format::Html.render(results, &mut rendered).is_ok() && rendered == report
}

#[cfg(test)]
mod tests;
