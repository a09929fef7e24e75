//! Which target is meant: the arguments that every command that meets a server has.

use super::{ConfigError, Loaded, basis::Basis, load};
use crate::catalogue::Catalogue;

/// The target of a command. Flatten it into the command's arguments.
#[derive(clap::Args)]
pub(crate) struct Choice {
    /// The target, by its name in the configuration; without one, the embedded stand-in
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    #[command(flatten)]
    basis: Basis,
}

impl Choice {
    /// What file, environment and these flags come to.
    ///
    /// # Errors
    /// As [`load`].
    pub(crate) fn load(&self, catalogue: &Catalogue) -> Result<Loaded, ConfigError> {
        let Basis { config, journal, overrides } = &self.basis;
        let loaded = load(config.as_deref(), self.target.as_deref(), overrides, catalogue)?;
        Ok(Loaded { journal: journal.clone().unwrap_or(loaded.journal), ..loaded })
    }
}
