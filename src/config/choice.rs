//! Which target is meant: the arguments that every command that meets a server has.

use std::path::PathBuf;

use super::{ConfigError, Loaded, Overrides, load};
use crate::catalogue::Catalogue;

/// The target of a command. Flatten it into the command's arguments.
#[derive(clap::Args)]
pub(crate) struct Choice {
    /// The target, by its name in the configuration; without one, the embedded stand-in
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// The configuration file [default: bo-conformance.toml here or in a parent folder]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of the journal of changed settings [default: that of the configuration file]
    #[arg(long, value_name = "DIR")]
    journal: Option<PathBuf>,
    #[command(flatten)]
    overrides: Overrides,
}

impl Choice {
    /// What file, environment and these flags come to.
    ///
    /// # Errors
    /// As [`load`].
    pub(crate) fn load(&self, catalogue: &Catalogue) -> Result<Loaded, ConfigError> {
        let loaded = load(self.config.as_deref(), self.target.as_deref(), &self.overrides, catalogue)?;
        Ok(Loaded { journal: self.journal.clone().unwrap_or(loaded.journal), ..loaded })
    }
}
