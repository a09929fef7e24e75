//! The claim that goes with an upgrade: what the server answered before it, what changed, and what was agreed. Made from the
//! results of both runs, so that whoever has them can make it again.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    completeness::leaked,
    finding::{Finding, named},
    recompute,
    rules::Rules,
    survived::{self, During, Survived},
};
use crate::{
    baseline::Record,
    results::{Class, Drift, Results, TargetInfo, Tool, Verdict},
    suite::Suite,
};

/// What the results of the run before the upgrade are called in a certificate, independent of the name of their file.
pub(crate) const BEFORE: &str = "before/results.json";

/// Two runs, before an upgrade and after it.
pub(crate) struct Runs<'a> {
    pub(crate) before: &'a Results,
    /// SHA-256 of the file of the results before.
    pub(crate) before_sha256: String,
    /// Why breaking differences are accepted.
    pub(crate) agreed: Option<String>,
    /// What became of tokens and service meanwhile, where that was judged.
    pub(crate) during: Option<During<'a>>,
}

/// What an upgrade changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Upgrade {
    /// The server before, as it was described then.
    pub(crate) target: TargetInfo,
    pub(crate) verdict: Verdict,
    pub(crate) started_at: Timestamp,
    pub(crate) tool: Tool,
    /// The differences, classed.
    pub(crate) drift: Drift,
    /// Why breaking differences are accepted.
    pub(crate) agreed: Option<String>,
    /// What became of tokens and service meanwhile, where that was judged.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) survived: Option<Survived>,
}

impl Upgrade {
    /// What changed between two runs.
    pub(super) fn of(runs: &Runs<'_>, after: &Results) -> Self {
        let before = runs.before;
        Self {
            target: before.target.clone(),
            verdict: before.verdict,
            started_at: before.started_at,
            tool: before.tool.clone(),
            drift: drift(before, after),
            agreed: runs.agreed.clone(),
            survived: runs.during.as_ref().map(|during| Survived::new(during.results)),
        }
    }

    /// How many differences there are of each class.
    pub(super) fn counted(&self) -> String {
        Class::ALL.map(|class| format!("{} {class}", self.drift.in_class(class).count())).join(", ")
    }
}

fn drift(before: &Results, after: &Results) -> Drift {
    Record::from_results(before).drift(BEFORE, &Record::from_results(after))
}

/// What keeps an upgrade from being certified, beside what keeps the run after it from being.
pub(crate) fn obstacles(runs: &Runs<'_>, after: &Results, suite: &Suite) -> Vec<Finding> {
    let before = runs.before;
    if before.client.is_some() || after.client.is_some() {
        return vec![Finding::new("it judges a client, and only a server is upgraded", "certify it without --upgrade")];
    }
    if before.suite.digest != suite.digest {
        let what =
            format!("the run before was judged by suite {}, and this build has {}", before.suite.digest, suite.digest);
        return vec![Finding::new(what, "both runs must be judged by the same suite; make them with one build")];
    }
    let mut findings = recompute::findings(before, &Rules::from_suite(suite));
    findings.extend(leaked(before));
    findings.extend(runs.during.iter().flat_map(|during| survived::obstacles(during.results, before, after)));
    if before.started_at >= after.started_at {
        findings.push(Finding::new("the run before began after the other one", "give them as BEFORE AFTER"));
    }
    let drift = drift(before, after);
    if drift.compared == 0 {
        findings.push(Finding::new("the runs have judged nothing in common", "run the whole suite both times"));
    }
    let breaking: Vec<&str> = drift.in_class(Class::Breaking).map(|difference| difference.what.as_str()).collect();
    if runs.agreed.is_none() && !breaking.is_empty() {
        let advice = "have it repaired, or say with --agreed TEXT by whom and why it is accepted";
        findings.push(Finding::new(format!("clients may break: {}", named(&breaking)), advice));
    }
    findings
}
