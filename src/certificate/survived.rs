//! The claim about tokens and service while a server was upgraded, made from the results of `survival`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    completeness,
    finding::Finding,
    recompute,
    requirement_list::{Listed, listed},
};
use crate::{
    catalogue::Catalogue,
    results::{Observation, Results, Tool, Verdict},
};

/// What the results of `survival` are called in a certificate, whatever their file is called.
pub(crate) const DURING: &str = "during/results.json";

/// The results of `survival` around an upgrade.
pub(crate) struct During<'a> {
    pub(crate) results: &'a Results,
    /// SHA-256 of their file.
    pub(crate) sha256: String,
}

/// What became of tokens and service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Survived {
    pub(crate) verdict: Verdict,
    pub(crate) started_at: Timestamp,
    pub(crate) tool: Tool,
    pub(crate) requirements: Vec<Listed>,
    /// When the server was unavailable.
    pub(crate) observations: Vec<Observation>,
}

impl Survived {
    /// The claim of these results.
    pub(super) fn new(results: &Results) -> Self {
        Self {
            verdict: results.verdict,
            started_at: results.started_at,
            tool: results.tool.clone(),
            requirements: listed(results),
            observations: results.observations.clone(),
        }
    }

    /// The verdict and the outage in one line.
    pub(super) fn summary(&self) -> String {
        let outage = self.observations.first().map(|it| format!("; unavailable {}", it.answer)).unwrap_or_default();
        format!("{}{outage}", self.verdict)
    }
}

/// What keeps the results of `survival` from being certified with the run after the upgrade.
pub(super) fn obstacles(during: &Results, before: &Results, after: &Results) -> Vec<Finding> {
    let Ok(catalogue) = Catalogue::survival() else {
        return vec![Finding::new("the requirements of `survival` cannot be read", "install this build again")];
    };
    let judged: Vec<&str> = during.requirements.iter().map(|it| it.id.as_str()).collect();
    if !catalogue.iter().map(|entry| entry.id.as_str()).eq(judged) {
        let advice = "give the results.json that `bo-conformance survival run` wrote";
        return vec![Finding::new("--survival is not given results of `survival`", advice)];
    }
    let mut findings = recompute::survival(during, &catalogue);
    findings.extend(completeness::judged(during));
    if during.target.base_url != after.target.base_url {
        findings.push(Finding::new("the restart was judged on another server", "judge one server with all three"));
    }
    if during.started_at <= before.started_at || after.started_at <= during.started_at {
        findings
            .push(Finding::new("the restart does not lie between the two runs", "run the suite before and after it"));
    }
    findings
}
