//! A finished run.

use std::fmt;

use jiff::{Timestamp, civil::Date, tz::Offset};
use serde::{Deserialize, Serialize};
use steps::Masked;

use super::{
    cluster::ClusterInfo,
    counts::{Counts, Traffic, Verdict},
    drift::Drift,
    exploration::ExplorationInfo,
    requirement::{RequirementResult, RequirementVerdict, Waiver},
    scenario::ScenarioResult,
    setting_not_restored::SettingNotRestored,
    suite::{Profile, SelectionInfo, SuiteInfo, Tool},
    target::TargetInfo,
};
use crate::catalogue::Need;

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
    /// The suite that judged the server.
    pub(crate) suite: SuiteInfo,
    /// The server that was judged.
    pub(crate) target: TargetInfo,
    /// How strictly recommendations count.
    pub(crate) profile: Profile,
    /// The program that was judged, where that was a client and not a server.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) client: Option<ClientInfo>,
    /// The selected part of the suite.
    pub(crate) selection: SelectionInfo,
    /// When the run began.
    pub(crate) started_at: Timestamp,
    /// How long it took, in milliseconds.
    pub(crate) duration_ms: u64,
    /// The verdict of the run.
    pub(crate) verdict: Verdict,
    /// Requirements and scenarios by verdict.
    pub(crate) counts: Counts,
    /// Every requirement of the selection, in the catalogue's order.
    pub(crate) requirements: Vec<RequirementResult>,
    /// Every scenario of the selection, in the features' order.
    pub(crate) scenarios: Vec<ScenarioResult>,
    /// What the server does where the contract leaves a choice.
    pub(crate) observations: Vec<Observation>,
    /// What the run cost the server.
    pub(crate) traffic: Traffic,
    /// Decides what the run made up: `run --seed` with it makes up the same.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) seed: Option<u64>,
    /// How many scenarios ran at one time; earlier versions leave it out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) concurrency: Option<usize>,
    /// What exploring came to; `None` where nothing was explored.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) exploration: Option<ExplorationInfo>,
    /// The nodes behind the base URL of a deployment.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) cluster: Option<ClusterInfo>,
    /// The difference to a baseline; `None` without a comparison.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) drift: Option<Drift>,
    /// Every waiver of this server, whether it was needed or not.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) waivers: Vec<Waiver>,
    /// Files of the run that contain its secrets. Such a run exits 3 and must not be passed on.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) leaks: Vec<String>,
    /// The signal that ended the run before everything was judged. Such a run is inconclusive; `run --resume` judges the rest.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) interrupted: Option<String>,
    /// Lifetimes that the run may have left changed. Such a run does not exit 0 and is not certified.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) settings_not_restored: Vec<SettingNotRestored>,
}

/// A client that was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientInfo {
    /// The program that was started, without its arguments.
    pub(crate) program: Masked,
    /// What it names itself in most of its requests.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) user_agent: Option<Masked>,
    /// The files that the command names; earlier versions leave them out.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) files: Vec<ClientFile>,
    /// How often it was started.
    pub(crate) starts: usize,
    /// How many requests it sent.
    pub(crate) requests: usize,
}

/// A file of a client, as it was when the run began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ClientFile {
    /// Its name, without its folder.
    pub(crate) name: Masked,
    /// Its SHA-256, in hexadecimal digits.
    pub(crate) sha256: String,
}

impl fmt::Display for ClientInfo {
    /// The program, what it names itself, and its files.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.files.iter().map(|file| file.name.to_string()).collect();
        write!(out, "{}", self.program)?;
        if !names.is_empty() && names.first() != Some(&self.program.to_string()) {
            write!(out, " {}", names.join(" "))?;
        }
        self.user_agent.as_ref().map_or(Ok(()), |agent| write!(out, ", which names itself {agent}"))
    }
}

/// What the server does where the contract leaves a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Observation {
    /// The requirement that asks.
    pub(crate) requirement: String,
    /// The question.
    pub(crate) question: String,
    /// What the server does.
    pub(crate) answer: Masked,
    /// Id of the scenario that made the observation; earlier versions leave it out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) scenario: Option<String>,
}

impl Results {
    /// The requirements that were skipped although the target could offer what they need. Those about several nodes are left out where
    /// no nodes are configured: a deployment may have one.
    pub(crate) fn skipped(&self) -> impl Iterator<Item = &RequirementResult> {
        let has_nodes = self.cluster.as_ref().is_some_and(|cluster| !cluster.nodes.is_empty());
        let counts = move |it: &&RequirementResult| has_nodes || !it.needs(Need::Nodes);
        self.requirements.iter().filter(|it| it.verdict == RequirementVerdict::Skip).filter(counts)
    }

    /// Who was judged, as the subject of a sentence.
    pub(crate) fn subject(&self) -> &'static str {
        if self.client.is_some() { "the client" } else { "the server" }
    }

    /// The day on which the run began, in UTC. Waivers are compared with it.
    pub(crate) fn day(&self) -> Date {
        day(self.started_at)
    }
}

/// The day of a moment, in UTC. Dates of waivers and certificates are compared with it.
pub(crate) fn day(moment: Timestamp) -> Date {
    Offset::UTC.to_datetime(moment).date()
}
