//! The claim that a server keeps the contract: in-toto's `test-result` (in-toto/attestation, spec/predicates/test-result.md),
//! with what a reader of a certificate wants to know beside it. Everything in it but the signatory is made from the results.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    requirement_list::{Listed, listed},
    signer::Signer,
    statement::{Resource, Statement},
    survived::DURING,
    upgrade::{BEFORE, Runs, Upgrade},
};
use crate::results::{
    ClientInfo, ClusterInfo, Counts, Observation, Profile, RequirementResult, RequirementVerdict, Results, SuiteInfo,
    TargetInfo, Tool, Verdict, WaiverTerms,
};

/// The type of the predicate.
pub(crate) const TEST_RESULT: &str = "https://in-toto.io/attestation/test-result/v0.1";
/// What the results are called in a certificate, independent of the name of their file.
pub(crate) const RESULTS: &str = "results.json";
/// What the report is called in a certificate.
pub(crate) const REPORT: &str = "report.html";
const SUITE: &str = "bo-conformance suite";

/// A certificate's statement.
pub(crate) type Certified = Statement<TestResult>;

/// The predicate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestResult {
    /// Whether every test passed, or some with a warning.
    pub(crate) result: Outcome,
    /// What was tested by: the suite.
    pub(crate) configuration: Vec<Resource>,
    /// Requirements that are kept.
    pub(crate) passed_tests: Vec<String>,
    /// Requirements that are broken without making the server nonconformant: recommendations, and what is waived.
    pub(crate) warned_tests: Vec<String>,
    /// Requirements that are broken and not waived.
    pub(crate) failed_tests: Vec<String>,
    /// What in-toto has no field for. Fields of one's own have a URI for a name.
    #[serde(rename = "bo-conformance://certification/v1")]
    pub(crate) certification: Certification,
    /// What changed since a run before an upgrade, where one is certified.
    #[serde(rename = "bo-conformance://upgrade/v1", skip_serializing_if = "Option::is_none", default)]
    pub(crate) upgrade: Option<Upgrade>,
}

/// What a test comes to, in in-toto's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Outcome {
    Passed,
    Warned,
    Failed,
}

/// What was judged, how, by what and by whom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Certification {
    pub(crate) verdict: Verdict,
    pub(crate) profile: Profile,
    pub(crate) target: TargetInfo,
    /// `false` where the embedded stand-in or a client was judged.
    pub(crate) deployment: bool,
    /// The client, where one was judged.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) client: Option<ClientInfo>,
    pub(crate) started_at: Timestamp,
    pub(crate) duration_ms: u64,
    pub(crate) tool: Tool,
    pub(crate) suite: SuiteInfo,
    pub(crate) counts: Counts,
    /// Every requirement with its verdict, those without one in in-toto's lists too.
    pub(crate) requirements: Vec<Listed>,
    /// Known deviations that were accepted.
    pub(crate) waivers: Vec<Waived>,
    pub(crate) observations: Vec<Observation>,
    /// The nodes behind the base URL, and what was found between them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) cluster: Option<ClusterInfo>,
    pub(crate) signatory: Signer,
}

/// A requirement that is broken, and the waiver that covers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waived {
    pub(crate) requirement: String,
    #[serde(flatten)]
    pub(crate) waiver: WaiverTerms,
}

/// The SHA-256 of the files that a statement is about.
pub(crate) struct Files<'a> {
    pub(crate) results_sha256: &'a str,
    pub(crate) report_sha256: &'a str,
}

/// The statement about results and report, and about the results of a run before an upgrade.
pub(crate) fn of(results: &Results, files: &Files<'_>, upgrade: Option<&Runs<'_>>, signatory: Signer) -> Certified {
    let mut subject = vec![Resource::new(RESULTS, files.results_sha256), Resource::new(REPORT, files.report_sha256)];
    subject.extend(upgrade.map(|runs| Resource::new(BEFORE, &runs.before_sha256)));
    let during = upgrade.and_then(|runs| runs.during.as_ref());
    subject.extend(during.map(|during| Resource::new(DURING, &during.sha256)));
    let upgrade = upgrade.map(|runs| Upgrade::of(runs, results));
    Statement::new(subject, TEST_RESULT, TestResult { upgrade, ..TestResult::of(results, signatory) })
}

impl TestResult {
    fn of(results: &Results, signatory: Signer) -> Self {
        let ids = |which: fn(&RequirementResult) -> bool| -> Vec<String> {
            results.requirements.iter().filter(|it| which(it)).map(|it| it.id.clone()).collect()
        };
        let warned = ids(is_warned);
        let failed = ids(|it| it.verdict == RequirementVerdict::Fail && it.waived.is_none());
        let result = match (failed.is_empty(), warned.is_empty()) {
            (false, _) => Outcome::Failed,
            (true, false) => Outcome::Warned,
            (true, true) => Outcome::Passed,
        };
        let digest = results.suite.digest.strip_prefix("sha256:").unwrap_or(&results.suite.digest);
        Self {
            result,
            configuration: vec![Resource::new(SUITE, digest)],
            passed_tests: ids(|it| it.verdict == RequirementVerdict::Pass),
            warned_tests: warned,
            failed_tests: failed,
            certification: Certification::of(results, signatory),
            upgrade: None,
        }
    }
}

fn is_warned(requirement: &RequirementResult) -> bool {
    let RequirementResult { verdict, waived, .. } = requirement;
    let is_waived = matches!(verdict, RequirementVerdict::Fail | RequirementVerdict::Inconclusive) && waived.is_some();
    *verdict == RequirementVerdict::Warn || is_waived
}

impl Certification {
    fn of(results: &Results, signatory: Signer) -> Self {
        let waived =
            |it: &RequirementResult| it.waived.clone().map(|waiver| Waived { requirement: it.id.clone(), waiver });
        Self {
            verdict: results.verdict,
            profile: results.profile,
            target: results.target.clone(),
            deployment: results.target.base_url.is_some(),
            client: results.client.clone(),
            started_at: results.started_at,
            duration_ms: results.duration_ms,
            tool: results.tool.clone(),
            suite: results.suite.clone(),
            counts: results.counts.clone(),
            requirements: listed(results),
            waivers: results.requirements.iter().filter_map(waived).collect(),
            observations: results.observations.clone(),
            cluster: results.cluster.clone(),
            signatory,
        }
    }
}
