//! What a run found, as one plain value: the format `bo-conformance/results/v1`, described by
//! `schemas/results-v1.schema.json`. Everything in it is already masked. Every report is rendered from this value, a
//! saved one can be rendered again, and nothing here knows how it came about.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The value of [`Results::format`].
pub const FORMAT: &str = "bo-conformance/results/v1";

/// A finished run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Results {
    /// Always [`FORMAT`].
    pub format: String,
    /// The build that made the run.
    pub tool: Tool,
    /// What it was judged by.
    pub suite: Suite,
    /// Who was judged.
    pub target: Judged,
    /// How strictly.
    pub profile: Profile,
    /// Which part of the suite was asked for.
    pub selection: Selection,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// What it comes to.
    pub verdict: Verdict,
    /// How many of each.
    pub counts: Counts,
    /// Every requirement of the selection, in the catalogue's order.
    pub requirements: Vec<Requirement>,
    /// Every scenario of the selection, in the features' order.
    pub scenarios: Vec<Scenario>,
    /// What the server chose where the contract leaves a choice.
    pub observations: Vec<Observation>,
    /// What the run cost the server.
    pub traffic: Traffic,
}

/// The program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// Features, schemas and requirements.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Suite {
    /// `sha256:` and the digest over every file of the suite, own features included.
    pub digest: String,
    /// Requirements in the catalogue.
    pub requirements: usize,
    /// Scenarios in the features, rows counted singly.
    pub scenarios: usize,
}

/// The server that was judged.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// Its name in the configuration; `stand-in` for the embedded one.
    pub name: String,
    /// Where its API begins; `None` for the embedded stand-in, which has no address of its own.
    pub base_url: Option<String>,
    /// Whether certificates went unchecked, which every report says.
    pub insecure_tls: bool,
    /// Seconds kept from both sides of the end of a lifetime.
    pub margin_seconds: f64,
    /// Longest single wait allowed, in seconds.
    pub max_wait_seconds: f64,
}

/// How strictly recommendations count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// A broken `should` is a warning.
    Documented,
    /// A broken `should` is a violation like any other.
    Hardened,
}

/// The part of the suite that was asked for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Selection {
    /// The tag expression given.
    pub tags: Option<String>,
    /// The requirement ids given.
    pub requirements: Vec<String>,
    /// Whether nothing was left out.
    pub complete: bool,
}

/// What a run comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No requirement fails, and every `must` could be judged or was skipped with a reason.
    Conformant,
    /// A requirement fails that no valid waiver covers.
    Nonconformant,
    /// A `must` could not be judged although it should have been, or nothing was judged.
    Inconclusive,
}

/// How many of each verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Requirements by verdict.
    pub requirements: RequirementCounts,
    /// Scenarios by verdict.
    pub scenarios: ScenarioCounts,
}

/// Requirements by verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementCounts {
    /// Kept.
    pub pass: usize,
    /// Broken; waived ones too.
    pub fail: usize,
    /// Recommendations broken.
    pub warn: usize,
    /// Not testable on this target.
    pub skip: usize,
    /// Could not be judged.
    pub inconclusive: usize,
    /// Recorded without judging.
    pub observed: usize,
    /// Broken ones that a valid waiver covers.
    pub waived: usize,
}

/// Scenarios by verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioCounts {
    /// Every step held.
    pub passed: usize,
    /// The server's answer was wrong.
    pub failed: usize,
    /// A need is missing.
    pub skipped: usize,
    /// Could not be carried out.
    pub inconclusive: usize,
}

/// What a violation of a requirement means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The documentation promises it.
    Must,
    /// Good practice; the catalogue names the source.
    Should,
    /// Open; what the server does is recorded.
    Observe,
}

/// One statement of the contract and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Requirement {
    /// Its id, like `OTT-2`.
    pub id: String,
    /// What a violation means.
    pub level: Level,
    /// The statement, in the catalogue's words.
    pub statement: String,
    /// Where the statement comes from.
    pub source: String,
    /// What it comes to.
    pub verdict: RequirementVerdict,
    /// The waiver that covers a failure.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub waived: Option<Waiver>,
    /// Why it was skipped, is inconclusive or only partly judged.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// Ids of the scenarios that judge it.
    pub scenarios: Vec<String>,
}

/// What a requirement comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RequirementVerdict {
    /// Recorded, not judged.
    Observed,
    /// Kept.
    Pass,
    /// Not testable on this target.
    Skip,
    /// Could not be judged.
    Inconclusive,
    /// A recommendation is broken.
    Warn,
    /// Broken.
    Fail,
}

/// A known deviation, accepted for now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// The last day it holds, as `2027-03-31`.
    pub expires: String,
}

/// What a scenario or step comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Everything held.
    Passed,
    /// A need is missing, or (of a step) an earlier one did not pass.
    Skipped,
    /// The harness or the network could not carry it out.
    Inconclusive,
    /// The server's answer was wrong.
    Failed,
}

/// One scenario and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scenario {
    /// Stable over runs: the feature's path, the scenario's name and, of an outline, the row.
    pub id: String,
    /// Path of the feature file.
    pub feature: String,
    /// Line in it, counted from 1; of an outline, the row's.
    pub line: usize,
    /// What it is called.
    pub name: String,
    /// All its tags, those of feature and rule included, without `@`.
    pub tags: Vec<String>,
    /// The requirements it judges.
    pub requirements: Vec<String>,
    /// What it comes to.
    pub verdict: Outcome,
    /// Why, when it did not pass.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// When it began, in milliseconds after the run did.
    pub started_ms: f64,
    /// How long it took, in milliseconds.
    pub duration_ms: f64,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// What went over the wire, in order, masked.
    pub exchanges: Vec<Exchange>,
}

/// One step and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// `Given`, `When`, `Then`, `And` or `But`, as written.
    pub keyword: String,
    /// The sentence.
    pub text: String,
    /// Line in the feature file, counted from 1.
    pub line: usize,
    /// What it comes to.
    pub verdict: Outcome,
    /// How long it took, in milliseconds.
    pub duration_ms: f64,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure: Option<Failure>,
    /// What it has to say although it passed, as that a snapshot was recorded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
}

/// An expectation and what came instead.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    /// What the contract says.
    pub expected: String,
    /// What the server answered.
    pub answered: String,
    /// Position in [`Scenario::exchanges`] of the answer in question.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub exchange: Option<usize>,
}

/// One request and its answer, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// Position in [`Scenario::steps`] of the step that sent it.
    pub step: usize,
    /// When it was sent, in milliseconds after the run began.
    pub at_ms: f64,
    /// Until the last byte of the answer, in milliseconds.
    pub duration_ms: f64,
    /// Milliseconds it waited for its turn before it was sent.
    pub paced_ms: f64,
    /// The request.
    pub request: Request,
    /// The answer; `None` when none came.
    pub answer: Option<Answer>,
    /// Why no answer came.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trouble: Option<String>,
}

/// A request, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Headers in the order sent.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub body: Option<String>,
}

/// An answer, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// Headers in the order received.
    pub headers: Vec<(String, String)>,
    /// The body as text, cut at 16 kB.
    pub body: String,
}

/// What the server chose where the contract leaves a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// The requirement that asks.
    pub requirement: String,
    /// The question.
    pub question: String,
    /// What the server does.
    pub answer: String,
}

/// What the run cost the server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Traffic {
    /// Requests sent.
    pub requests: u64,
    /// Logins that were meant to fail and did.
    pub failed_logins: u64,
    /// Most requests in any one second.
    pub peak_per_second: u64,
    /// Milliseconds that scenarios waited for lifetimes to pass, overlapping waits counted once.
    pub waited_ms: u64,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Conformant => "conformant",
            Self::Nonconformant => "not conformant",
            Self::Inconclusive => "inconclusive",
        })
    }
}
