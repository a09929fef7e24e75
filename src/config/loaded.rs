//! The configuration as commands get it: one target, or several, with the settings of the run.

use std::path::PathBuf;

use steps::Target;

use super::error::ConfigError;
use crate::{
    one_time::OneTimeSource,
    results::{Profile, Waiver},
};

/// File, environment and flags of a command for one target.
#[derive(Clone, Debug)]
pub(crate) struct LoadedConfig {
    /// The target; `None` is the embedded stand-in.
    pub(crate) target: Option<ResolvedTarget>,
    /// How strictly recommendations count, if environment or file set it.
    pub(crate) profile: Option<Profile>,
    /// The folder of the reports, if environment or file set it.
    pub(crate) reports: Option<PathBuf>,
    /// The folder of the journal of changed settings: that of flag, environment or file, else the file's own.
    pub(crate) journal: PathBuf,
    /// Requests of a run on the stand-in that go into exploring; any number but 0 means as many as there is time for.
    pub(crate) explore: ExploreExtent,
}

/// Requests of a run that go into exploring; none where both are 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ExploreExtent {
    /// Those of the survey of inputs, which waits for nothing.
    pub(crate) survey: u32,
    /// Those of the walks.
    pub(crate) walks: u32,
}

impl ExploreExtent {
    /// Requests of the survey on a server without a limit of requests.
    const UNLIMITED_SURVEY: u32 = 6_500;
    /// The share of the survey in hundredths where requests count.
    const SURVEY_SHARE: u32 = 60;

    /// The extent for what is configured. A server without a limit of requests is surveyed unless it is set to 0.
    pub(super) fn of_deployment(configured: Option<u32>, is_unlimited: bool) -> Self {
        match (configured, is_unlimited) {
            (Some(0), _) | (None, false) => Self::default(),
            (walks, true) => Self { survey: Self::UNLIMITED_SURVEY, walks: walks.unwrap_or_default() },
            (Some(all), false) => {
                let survey = all / 100 * Self::SURVEY_SHARE + all % 100 * Self::SURVEY_SHARE / 100;
                Self { survey, walks: all - survey }
            }
        }
    }
}

/// A target with everything that belongs to it.
#[derive(Clone, Debug)]
pub(crate) struct ResolvedTarget {
    /// Its name in the file; host and port where flags and variables alone describe it.
    pub(crate) name: String,
    /// The server as the steps use it.
    pub(crate) target: Target,
    /// The source of fresh one-time tokens.
    pub(crate) one_time: Option<OneTimeSource>,
    /// Its accepted deviations.
    pub(crate) waivers: Vec<Waiver>,
    /// Requests of a run that go into exploring.
    pub(crate) explore: ExploreExtent,
    /// Whether a restart ends every session, as declared.
    pub(crate) sessions_end_at_restart: bool,
}

/// The targets that a command is to judge.
pub(crate) enum SelectedTargets {
    /// One target, or the embedded stand-in.
    One(Box<LoadedConfig>),
    /// Targets that were selected as a fleet, or as one of it.
    Fleet(FleetConfig),
}

/// A target of a fleet by its name, or the error about it.
pub(crate) type FleetTarget = (String, Result<ResolvedTarget, ConfigError>);

/// Several targets.
pub(crate) struct FleetConfig {
    pub(crate) targets: Vec<FleetTarget>,
    /// How strictly recommendations count, if environment or file set it.
    pub(crate) profile: Option<Profile>,
    /// The folder of the reports, if environment or file set it.
    pub(crate) reports: Option<PathBuf>,
    /// The folder of the journals of changed settings.
    pub(crate) journal: PathBuf,
}
