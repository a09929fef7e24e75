//! Which targets are meant: the arguments of a command that can meet several servers.

use std::path::{Path, PathBuf};

use super::{ConfigError, Loaded, Resolved, basis::Basis, setting::Origin, sources::Sources};
use crate::{catalogue::Catalogue, results::Profile};

/// The targets of a command. Flatten it into the command's arguments.
#[derive(clap::Args)]
pub(crate) struct Choices {
    /// The targets, by their names in the configuration; without one, the embedded stand-in
    #[arg(long, value_name = "NAME", num_args = 1..)]
    target: Vec<String>,
    /// Every target of the configuration, each with a folder of its own among the reports
    #[arg(long, conflicts_with_all = ["target", "target_index"])]
    all_targets: bool,
    /// The target at this place among all, sorted by name and counted from 0 [env: `BO_CONFORMANCE_TARGET_INDEX`]
    #[arg(long, value_name = "I", conflicts_with = "target")]
    target_index: Option<usize>,
    #[command(flatten)]
    basis: Basis,
}

/// What file, environment and flags come to.
pub(crate) enum Chosen {
    /// One target, or the embedded stand-in.
    One(Box<Loaded>),
    /// Targets that were chosen as a fleet, or as one of it.
    Fleet(Fleet),
}

/// A target by its name, with what is wrong with it, if anything.
pub(crate) type OneOfMany = (String, Result<Resolved, ConfigError>);

/// Several targets.
pub(crate) struct Fleet {
    /// Each by its name, with what is wrong with it, if anything.
    pub(crate) targets: Vec<OneOfMany>,
    /// How strictly recommendations count, if environment or file say.
    pub(crate) profile: Option<Profile>,
    /// Where reports go, if environment or file say.
    pub(crate) reports: Option<PathBuf>,
    /// Where the journals of changed settings are kept.
    pub(crate) journal: PathBuf,
}

impl Choices {
    /// What file, environment and these flags come to. Passwords are read for the chosen targets only.
    ///
    /// # Errors
    /// When the file cannot be used, or there is no such target. What is wrong with one of several targets is told with it.
    pub(crate) fn load(&self, catalogue: &Catalogue) -> Result<Chosen, ConfigError> {
        let Basis { config, journal, overrides } = &self.basis;
        let sources = Sources::read(config.as_deref())?;
        let requirements: Vec<_> = catalogue.iter().map(|requirement| requirement.id.as_str()).collect();
        let (profile, reports) = (sources.profile()?, sources.reports()?);
        let journal = sources.journal(journal.as_deref())?;
        if let Some(names) = self.names(&sources)? {
            let targets = sources.several(&names, overrides, &requirements)?;
            return Ok(Chosen::Fleet(Fleet { targets, profile, reports, journal }));
        }
        let target = sources.target(self.target.first().map(String::as_str), overrides, &requirements)?;
        Ok(Chosen::One(Box::new(Loaded { target, profile, reports, journal })))
    }

    /// The names of a fleet, or of one of it; `None` where one target or none is meant.
    fn names(&self, sources: &Sources) -> Result<Option<Vec<String>>, ConfigError> {
        if self.all_targets {
            return sources.names().map(Some);
        }
        if let Some(index) = self.target_index {
            let name = sources.name_at(index, Origin::Flag("--target-index".to_owned()))?;
            return Ok(Some(vec![name]));
        }
        let mut names: Vec<String> = Vec::new();
        for name in &self.target {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        match names.len() {
            0 if self.basis.overrides.has_base_url() => Ok(None),
            0 => {
                let index = sources.index()?;
                index.map(|(index, origin)| Ok(vec![sources.name_at(index, origin)?])).transpose()
            }
            1 => Ok(None),
            _ => Ok(Some(names)),
        }
    }
}

/// The names of all targets in a configuration file.
///
/// # Errors
/// When the file cannot be used, or has no target.
pub(crate) fn names(file: &Path) -> Result<Vec<String>, ConfigError> {
    Sources::read(Some(file))?.names()
}
