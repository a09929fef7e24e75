//! The results of a run as one plain value: the format `bo-conformance/results/v1`, described by
//! `schemas/results-v1.schema.json`. All text in it is masked. Every report is rendered from this value, also from a saved
//! one. The module reads saved results and does not know how a run produces them.

mod attempt;
mod cluster;
mod counts;
mod drift;
mod exploration;
mod judged_answer;
mod requirement;
mod run;
#[cfg(test)]
pub(crate) mod sample;
mod saved;
mod scenario;
mod seal;
mod setting_not_restored;
mod suite;
mod target;

pub(crate) use crate::catalogue::Level;
pub(crate) use attempt::{ATTEMPT_FILE, Attempt};
pub(crate) use cluster::{ClusterInfo, MatrixCell};
pub(crate) use counts::{Counts, RequirementCounts, ScenarioCounts, Traffic, Verdict};
pub(crate) use drift::{Class, Difference, Drift};
pub(crate) use exploration::{EXPLORED, ExplorationInfo, explored_scenario};
pub(crate) use judged_answer::{TokenAlphabet, TokenShape};
pub(crate) use requirement::{RequirementResult, RequirementVerdict, Waiver, WaiverTerms};
pub(crate) use run::{ClientFile, ClientInfo, FORMAT, Observation, Results, day};
pub(crate) use saved::{LARGEST, SavedError, parse, read, read_from};
pub(crate) use scenario::{
    Failure, Outcome, RecordedAnswer, RecordedExchange, RecordedRequest, ScenarioResult, StepResult,
};
pub(crate) use seal::{SealError, check_seal, write_seal};
pub(crate) use setting_not_restored::SettingNotRestored;
pub(crate) use suite::{Profile, SelectionInfo, ShardInfo, SuiteInfo, SuiteScore, Tool};
pub(crate) use target::{ServerCertificate, ServerInfo, Software, TargetInfo, TlsInfo};
