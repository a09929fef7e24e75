//! The arguments of commands that judge a server: its target, or several, with the configuration they come from.

use std::path::{Path, PathBuf};

use super::{
    error::ConfigError,
    layers::TargetFlags,
    loaded::{FleetConfig, LoadedConfig, SelectedTargets},
    sources::{ConfigSources, Wanted},
    value::ValueOrigin,
};
use crate::catalogue::Catalogue;

/// The arguments of every command that judges a server.
#[derive(clap::Args)]
struct CommonArgs {
    /// The configuration file [default: bo-conformance.toml here or in a parent folder]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of the journal of changed settings [default: that of the configuration file]
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    journal: Option<PathBuf>,
    /// The embedded stand-in, even where the configuration names targets
    #[arg(long, conflicts_with = "target")]
    stand_in: bool,
    #[command(flatten)]
    flags: TargetFlags,
}

impl CommonArgs {
    fn wanted<'a>(&self, target: Option<&'a str>) -> Wanted<'a> {
        match target {
            Some(name) => Wanted::Target(name),
            None if self.stand_in => Wanted::StandIn,
            None => Wanted::Default,
        }
    }
}

/// The target of a command. Flatten it into the command's arguments.
#[derive(clap::Args)]
pub(crate) struct OneTargetArgs {
    /// The target, by its name in the configuration; without a configuration, the embedded stand-in
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    #[command(flatten)]
    common: CommonArgs,
}

impl OneTargetArgs {
    /// Reads the file given, or else the nearest `bo-conformance.toml`, if there is one, and the environment. The target is
    /// that of `--target`, or else the one that `--base-url` describes; then the same from the environment; then the file's
    /// `default_target`, or else its only target. With `stand_in`, the stand-in is selected even if the file names targets.
    ///
    /// # Errors
    /// When the file cannot be read or has unknown keys, the target is unknown, a value cannot be used, or a password
    /// cannot be read.
    pub(crate) fn load(&self, stand_in: bool, catalogue: &Catalogue) -> Result<LoadedConfig, ConfigError> {
        let sources = ConfigSources::read(self.common.config.as_deref())?;
        let wanted = if stand_in { Wanted::StandIn } else { self.common.wanted(self.target.as_deref()) };
        load_one(&sources, wanted, &self.common, catalogue)
    }
}

/// The targets of a command. Flatten it into the command's arguments.
#[derive(clap::Args)]
pub(crate) struct TargetsArgs {
    /// The targets, by their names in the configuration; without a configuration, the embedded stand-in
    #[arg(long, value_name = "NAME", num_args = 1..)]
    target: Vec<String>,
    /// Every target of the configuration, each with its own folder among the reports
    #[arg(long, conflicts_with_all = ["target", "target_index"])]
    all_targets: bool,
    /// The target with this index among all, sorted by name and counted from 0 [env: `BO_CONFORMANCE_TARGET_INDEX`]
    #[arg(long, value_name = "I", conflicts_with = "target", hide_short_help = true)]
    target_index: Option<usize>,
    #[command(flatten)]
    common: CommonArgs,
}

impl TargetsArgs {
    /// Reads file, environment and these flags. Passwords are read for the selected targets only. With `stand_in`, the stand-in
    /// is selected even if the file names targets.
    ///
    /// # Errors
    /// As [`OneTargetArgs::load`]; of several targets, an error about one of them is kept with it.
    pub(crate) fn load(&self, stand_in: bool, catalogue: &Catalogue) -> Result<SelectedTargets, ConfigError> {
        let sources = ConfigSources::read(self.common.config.as_deref())?;
        if stand_in || self.common.stand_in {
            let one = load_one(&sources, Wanted::StandIn, &self.common, catalogue)?;
            return Ok(SelectedTargets::One(Box::new(one)));
        }
        let Some(names) = self.fleet_names(&sources)? else {
            let wanted = self.common.wanted(self.target.first().map(String::as_str));
            return load_one(&sources, wanted, &self.common, catalogue).map(|one| SelectedTargets::One(Box::new(one)));
        };
        Ok(SelectedTargets::Fleet(FleetConfig {
            profile: sources.profile()?,
            reports: sources.reports()?,
            journal: sources.journal(self.common.journal.as_deref())?,
            targets: sources.fleet(&names, &self.common.flags, catalogue)?,
        }))
    }

    /// The names of a fleet, or of one target of it; `None` where one target or none is selected otherwise.
    fn fleet_names(&self, sources: &ConfigSources) -> Result<Option<Vec<String>>, ConfigError> {
        if self.all_targets {
            return sources.names().map(Some);
        }
        if let Some(index) = self.target_index {
            let name = sources.name_at(index, ValueOrigin::Flag("--target-index".to_owned()))?;
            return Ok(Some(vec![name]));
        }
        let mut names: Vec<String> = Vec::new();
        for name in &self.target {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        match names.len() {
            0 if self.common.flags.has_base_url() => Ok(None),
            0 => {
                let index = sources.index()?;
                index.map(|(index, origin)| Ok(vec![sources.name_at(index, origin)?])).transpose()
            }
            1 => Ok(None),
            _ => Ok(Some(names)),
        }
    }
}

fn load_one(
    sources: &ConfigSources,
    wanted: Wanted<'_>,
    common: &CommonArgs,
    catalogue: &Catalogue,
) -> Result<LoadedConfig, ConfigError> {
    Ok(LoadedConfig {
        profile: sources.profile()?,
        reports: sources.reports()?,
        journal: sources.journal(common.journal.as_deref())?,
        explore: sources.explore(),
        target: sources.target(wanted, &common.flags, catalogue)?,
    })
}

/// The names of all targets in a configuration file.
///
/// # Errors
/// When the file cannot be read, or has no target.
pub(crate) fn target_names(file: &Path) -> Result<Vec<String>, ConfigError> {
    ConfigSources::read(Some(file))?.names()
}
