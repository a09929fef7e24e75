//! What a run found, as one plain value: the format `bo-conformance/results/v1`, described by
//! `schemas/results-v1.schema.json`. Everything in it is already masked. Every report is rendered from this value, a
//! saved one can be rendered again, and nothing here knows how it came about.

mod attempt;
mod counts;
mod drift;
mod exchange;
mod requirement;
mod said;
mod saved;
mod scenario;
mod selection;
mod suite;
mod target;

use jiff::{Timestamp, civil::Date, tz::Offset};
use serde::{Deserialize, Serialize};
use steps::Masked;

pub(crate) use attempt::{ATTEMPT_FILE, Attempt};
pub(crate) use counts::{Counts, RequirementCounts, ScenarioCounts, Traffic, Verdict};
pub(crate) use drift::{Class, Difference, Drift};
pub(crate) use exchange::{Answer, Exchange, Request};
pub(crate) use requirement::{Deviation, Level, Requirement, RequirementVerdict, Waiver};
pub(crate) use saved::{LARGEST, SavedError, parse, read, read_from};
pub(crate) use scenario::{Failure, Outcome, Scenario, Step};
pub(crate) use selection::{Profile, Selection, Shard};
pub(crate) use suite::{Score, Suite, Tool};
pub(crate) use target::{Certificate, Server, Software, TargetInfo, Tls};

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
    pub(crate) target: TargetInfo,
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
    /// Where secrets of the run stand in what it wrote. Such a run ended with 3, and nothing of it may be passed on.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) leaks: Vec<String>,
}

/// What the server chose where the contract leaves a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Observation {
    /// The requirement that asks.
    pub(crate) requirement: String,
    /// The question.
    pub(crate) question: String,
    /// What the server does.
    pub(crate) answer: Masked,
    /// Id of the scenario that found it out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) scenario: Option<String>,
}

impl Results {
    /// The day on which the run began, in UTC; waivers are held against it.
    pub(crate) fn day(&self) -> Date {
        day(self.started_at)
    }
}

/// The day of a moment, in UTC: all that dates of waivers and certificates are held against.
pub(crate) fn day(moment: Timestamp) -> Date {
    Offset::UTC.to_datetime(moment).date()
}
