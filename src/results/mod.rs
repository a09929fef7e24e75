//! What a run found, as one plain value: the format `bo-conformance/results/v1`, described by
//! `schemas/results-v1.schema.json`. Everything in it is already masked. Every report is rendered from this value, a
//! saved one can be rendered again, and nothing here knows how it came about.

mod drift;
mod said;
mod saved;

use std::fmt;

use jiff::{Timestamp, civil::Date, tz::Offset};
use serde::{Deserialize, Serialize};

pub(crate) use drift::{Class, Difference, Drift};
pub(crate) use saved::{LARGEST, SavedError, parse, read, read_from};

/// The value of [`Results::format`].
pub(crate) const FORMAT: &str = "bo-conformance/results/v1";

/// A finished run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Results {
    /// Always [`FORMAT`].
    pub(crate) format: String,
    /// The build that made the run.
    pub(crate) tool: Tool,
    /// What it was judged by.
    pub(crate) suite: Suite,
    /// Who was judged.
    pub(crate) target: Judged,
    /// How strictly.
    pub(crate) profile: Profile,
    /// Which part of the suite was asked for.
    pub(crate) selection: Selection,
    /// When it began.
    pub(crate) started_at: Timestamp,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: u64,
    /// What it comes to.
    pub(crate) verdict: Verdict,
    /// How many of each.
    pub(crate) counts: Counts,
    /// Every requirement of the selection, in the catalogue's order.
    pub(crate) requirements: Vec<Requirement>,
    /// Every scenario of the selection, in the features' order.
    pub(crate) scenarios: Vec<Scenario>,
    /// What the server chose where the contract leaves a choice.
    pub(crate) observations: Vec<Observation>,
    /// What the run cost the server.
    pub(crate) traffic: Traffic,
    /// How it differs from what was recorded before, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) drift: Option<Drift>,
    /// Every deviation that is accepted for this server, whether it was met or not.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) waivers: Vec<Deviation>,
}

/// The program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tool {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
}

/// Features, schemas and requirements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Suite {
    /// `sha256:` and the digest over every file of the suite, own features included.
    pub(crate) digest: String,
    /// Requirements in the catalogue.
    pub(crate) requirements: usize,
    /// Scenarios in the features, rows counted singly.
    pub(crate) scenarios: usize,
    /// How good it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) score: Option<Score>,
}

/// How many seeded defects the suite catches, and how many conforming variations it blames.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Score {
    /// Seeded defects.
    pub(crate) faults: usize,
    /// Those that are caught for every reason named.
    pub(crate) caught: usize,
    /// Conforming variations.
    pub(crate) freedoms: usize,
    /// Those that are blamed.
    pub(crate) blamed: usize,
    /// Digest of the suite that this was measured with.
    pub(crate) measured_with: String,
    /// Whether that is the suite of this run.
    pub(crate) current: bool,
}

/// The server that was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Judged {
    /// Its name in the configuration; `stand-in` for the embedded one.
    pub(crate) name: String,
    /// Where its API begins; `None` for the embedded stand-in, which has no address of its own.
    pub(crate) base_url: Option<String>,
    /// Whether certificates went unchecked, which every report says.
    pub(crate) insecure_tls: bool,
    /// Seconds kept from both sides of the end of a lifetime.
    pub(crate) margin_seconds: f64,
    /// Longest single wait allowed, in seconds.
    pub(crate) max_wait_seconds: f64,
    /// What answered; `None` for the embedded stand-in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) server: Option<Server>,
}

/// What a look ahead of the run found about the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Server {
    /// What it calls itself.
    pub(crate) software: Vec<Software>,
    /// Its encryption; `None` where there is none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) tls: Option<Tls>,
}

/// A header in which a server names its software.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Software {
    /// Name of the header.
    pub(crate) header: String,
    /// What it says.
    pub(crate) value: String,
}

/// What a TLS handshake agreed on, and who the server said it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tls {
    /// The version, like `TLSv1.3`.
    pub(crate) version: String,
    /// The cipher suite.
    pub(crate) cipher: String,
    /// The server's own certificate.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) certificate: Option<Certificate>,
    /// Why the certificate would not be trusted, where it is used all the same.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) distrust: Option<String>,
}

/// The certificate of a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Certificate {
    /// Whose it is.
    pub(crate) subject: String,
    /// Who issued it.
    pub(crate) issuer: String,
    /// The names and addresses it was made for.
    pub(crate) names: Vec<String>,
    /// The last day it holds, as `2027-03-31`.
    pub(crate) expires: String,
}

/// How strictly recommendations count; the stricter is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Profile {
    /// A broken `should` is a warning.
    Documented,
    /// A broken `should` is a violation like any other.
    Hardened,
}

/// The part of the suite that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Selection {
    /// The tag expression given.
    pub(crate) tags: Option<String>,
    /// The requirement ids given.
    pub(crate) requirements: Vec<String>,
    /// The part of it that was run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) shard: Option<Shard>,
    /// Whether nothing was left out.
    pub(crate) complete: bool,
}

/// One of the parts that a run was split into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shard {
    /// Which, counted from 1.
    pub(crate) number: usize,
    /// How many there are.
    pub(crate) of: usize,
}

/// What a run comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Verdict {
    /// No requirement fails, and every `must` could be judged or was skipped with a reason.
    Conformant,
    /// A requirement fails that no valid waiver covers.
    Nonconformant,
    /// A `must` could not be judged although it should have been, or nothing was judged.
    Inconclusive,
}

/// How many of each verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counts {
    /// Requirements by verdict.
    pub(crate) requirements: RequirementCounts,
    /// Scenarios by verdict.
    pub(crate) scenarios: ScenarioCounts,
}

/// Requirements by verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RequirementCounts {
    /// Kept.
    pub(crate) pass: usize,
    /// Broken; waived ones too.
    pub(crate) fail: usize,
    /// Recommendations broken.
    pub(crate) warn: usize,
    /// Not testable on this target.
    pub(crate) skip: usize,
    /// Could not be judged.
    pub(crate) inconclusive: usize,
    /// Recorded without judging.
    pub(crate) observed: usize,
    /// Broken ones that a valid waiver covers.
    pub(crate) waived: usize,
}

/// Scenarios by verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ScenarioCounts {
    /// Every step held.
    pub(crate) passed: usize,
    /// The server's answer was wrong.
    pub(crate) failed: usize,
    /// A need is missing.
    pub(crate) skipped: usize,
    /// Could not be carried out.
    pub(crate) inconclusive: usize,
}

/// What a violation of a requirement means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
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
pub(crate) struct Requirement {
    /// Its id, like `OTT-2`.
    pub(crate) id: String,
    /// What a violation means.
    pub(crate) level: Level,
    /// The statement, in the catalogue's words.
    pub(crate) statement: String,
    /// Where the statement comes from.
    pub(crate) source: String,
    /// What it comes to.
    pub(crate) verdict: RequirementVerdict,
    /// The waiver that covers a failure.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) waived: Option<Waiver>,
    /// Why it was skipped, is inconclusive or only partly judged.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) reason: Option<String>,
    /// Ids of the scenarios that judge it.
    pub(crate) scenarios: Vec<String>,
}

/// What a requirement comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RequirementVerdict {
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
pub(crate) struct Waiver {
    /// Why it is accepted.
    pub(crate) reason: String,
    /// Who answers for it.
    pub(crate) owner: String,
    /// The last day it holds, as `2027-03-31`.
    pub(crate) expires: String,
}

/// A waiver with what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deviation {
    /// The requirement that is deviated from.
    pub(crate) requirement: String,
    /// Why, who and until when.
    #[serde(flatten)]
    pub(crate) waiver: Waiver,
}

/// What a scenario or step comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
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
pub(crate) struct Scenario {
    /// Stable over runs: the feature's path, the scenario's name and, of an outline, the row.
    pub(crate) id: String,
    /// Path of the feature file.
    pub(crate) feature: String,
    /// Line in it, counted from 1; of an outline, the row's.
    pub(crate) line: usize,
    /// What it is called.
    pub(crate) name: String,
    /// All its tags, those of feature and rule included, without `@`.
    pub(crate) tags: Vec<String>,
    /// The requirements it judges.
    pub(crate) requirements: Vec<String>,
    /// What it comes to.
    pub(crate) verdict: Outcome,
    /// Why, when it did not pass.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) reason: Option<String>,
    /// When it began, in milliseconds after the run did.
    pub(crate) started_ms: f64,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: f64,
    /// Its steps, in order.
    pub(crate) steps: Vec<Step>,
    /// What went over the wire, in order, masked.
    pub(crate) exchanges: Vec<Exchange>,
}

/// One step and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Step {
    /// `Given`, `When`, `Then`, `And` or `But`, as written.
    pub(crate) keyword: String,
    /// The sentence.
    pub(crate) text: String,
    /// Line in the feature file, counted from 1.
    pub(crate) line: usize,
    /// What it comes to.
    pub(crate) verdict: Outcome,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: f64,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) failure: Option<Failure>,
    /// What it has to say although it passed, as that a snapshot was recorded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) note: Option<String>,
}

/// An expectation and what came instead.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// What the contract says.
    pub(crate) expected: String,
    /// What the server answered.
    pub(crate) answered: String,
    /// Position in [`Scenario::exchanges`] of the answer in question.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) exchange: Option<usize>,
}

/// One request and its answer, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Exchange {
    /// Position in [`Scenario::steps`] of the step that sent it.
    pub(crate) step: usize,
    /// When it was sent, in milliseconds after the run began.
    pub(crate) at_ms: f64,
    /// Until the last byte of the answer, in milliseconds.
    pub(crate) duration_ms: f64,
    /// Milliseconds it waited for its turn before it was sent.
    pub(crate) paced_ms: f64,
    /// The request.
    pub(crate) request: Request,
    /// The answer; `None` when none came.
    pub(crate) answer: Option<Answer>,
    /// Why no answer came.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) trouble: Option<String>,
    /// What a client reads from the answer, where the scenario judges it; most exchanges only lead there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) judged: Option<steps::Reading>,
}

/// A request, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    /// The method.
    pub(crate) method: String,
    /// The whole URL.
    pub(crate) url: String,
    /// Headers in the order sent.
    pub(crate) headers: Vec<(String, String)>,
    /// The body as text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) body: Option<String>,
}

/// An answer, masked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// Headers in the order received.
    pub(crate) headers: Vec<(String, String)>,
    /// The body as text, cut at 16 kB.
    pub(crate) body: String,
}

/// What the server chose where the contract leaves a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Observation {
    /// The requirement that asks.
    pub(crate) requirement: String,
    /// The question.
    pub(crate) question: String,
    /// What the server does.
    pub(crate) answer: String,
    /// Id of the scenario that found it out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) scenario: Option<String>,
}

/// What the run cost the server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Traffic {
    /// Requests sent.
    pub(crate) requests: u64,
    /// Logins that were meant to fail and did.
    pub(crate) failed_logins: u64,
    /// Most requests in any one second.
    pub(crate) peak_per_second: u64,
    /// Milliseconds that scenarios waited for lifetimes to pass, overlapping waits counted once.
    pub(crate) waited_ms: u64,
}

impl Results {
    /// The day on which the run began, in UTC; waivers are held against it.
    pub(crate) fn day(&self) -> Date {
        Offset::UTC.to_datetime(self.started_at).date()
    }
}

impl Tool {
    /// This build.
    pub(crate) fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documented => "documented",
            Self::Hardened => "hardened",
        })
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { faults, caught, freedoms, blamed, .. } = self;
        write!(
            f,
            "this build catches {caught} of {faults} seeded defects, blames {blamed} of {freedoms} conforming variations"
        )?;
        if self.current { Ok(()) } else { f.write_str(" (measured before the suite was changed)") }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::Observe => "observe",
        })
    }
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
