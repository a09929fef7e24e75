//! How strictly `survival` judges, and where its reports go.

use std::path::PathBuf;

use crate::{report, results::Profile};

/// Arguments about the reports.
#[derive(clap::Args)]
pub(super) struct ReportArgs {
    /// How strictly recommendations count
    #[arg(long, value_enum)]
    pub(super) profile: Option<Profile>,
    /// Where the reports are written
    #[arg(long, value_name = "DIR")]
    pub(super) reports: Option<PathBuf>,
    /// Which reports are written; may be given again [default: all]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) format: Vec<report::Format>,
    /// End with 3 when a requirement had to be skipped
    #[arg(long)]
    pub(super) require_complete: bool,
}
