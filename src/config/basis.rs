//! What a command takes besides its targets: where the configuration is, and what flags say instead of it.

use std::path::PathBuf;

use super::Overrides;

/// Flags that every command that meets a server has.
#[derive(clap::Args)]
pub(crate) struct Basis {
    /// The configuration file [default: bo-conformance.toml here or in a parent folder]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The folder of the journal of changed settings [default: that of the configuration file]
    #[arg(long, value_name = "DIR")]
    pub(super) journal: Option<PathBuf>,
    #[command(flatten)]
    pub(super) overrides: Overrides,
}
