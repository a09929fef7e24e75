//! The configuration: `bo-conformance.toml`, environment variables and flags, in rising precedence, turned into the target
//! that the steps know. Connects to nothing; passwords are read for the chosen target only.

mod basis;
mod choice;
mod choices;
mod dialect;
mod document;
mod duration;
mod environment;
mod error;
mod find;
mod keys;
mod nearest;
mod network;
mod one_time;
mod overrides;
mod password;
mod place;
mod readable;
mod reader;
mod setting;
mod settings;
mod sources;
mod table;
mod target;
mod unreadable;
mod waivers;

use std::path::{Path, PathBuf};

use steps::Target;

pub(crate) use choice::Choice;
pub(crate) use choices::{Choices, Chosen, Fleet, OneOfMany, names};
pub(crate) use error::ConfigError;
pub(crate) use find::FILE_NAME;
pub(crate) use waivers::Waiver;

use self::{overrides::Overrides, sources::Sources};
use crate::{catalogue::Catalogue, one_time::OneTimeSource, results::Profile};

/// The file that `bo-conformance init` writes: every key with its explanation.
pub(crate) const TEMPLATE: &str = include_str!("template.toml");

/// What file, environment and flags come to.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The target that is meant; `None` is the embedded stand-in.
    pub(crate) target: Option<Resolved>,
    /// How strictly recommendations count, if environment or file say.
    pub(crate) profile: Option<Profile>,
    /// Where reports go, if environment or file say.
    pub(crate) reports: Option<PathBuf>,
    /// Where the journal of changed settings is kept: where flag, environment or file say, else beside the file.
    pub(crate) journal: PathBuf,
}

/// A target with all that belongs to it.
#[derive(Debug)]
pub(crate) struct Resolved {
    /// Its name in the file; host and port where it is described by flags and variables alone.
    pub(crate) name: String,
    /// The server as the steps know it.
    pub(crate) target: Target,
    /// Where fresh one-time tokens come from.
    pub(crate) one_time: Option<OneTimeSource>,
    /// Its accepted deviations.
    pub(crate) waivers: Vec<Waiver>,
}

/// Reads the file given, or else the nearest `bo-conformance.toml`, if there is one, and the environment. The target is the
/// one named, or else the one that `--base-url` describes; then the same from the environment; then the file's
/// `default_target`. Waivers may name the requirements of the catalogue.
///
/// # Errors
/// When the file given is not there, is no TOML or has keys that do not exist; when there is no such target, a value cannot
/// be used, or a password cannot be had.
fn load(
    explicit: Option<&Path>,
    target: Option<&str>,
    overrides: &Overrides,
    catalogue: &Catalogue,
) -> Result<Loaded, ConfigError> {
    let sources = Sources::read(explicit)?;
    let requirements: Vec<_> = catalogue.iter().map(|requirement| requirement.id.as_str()).collect();
    Ok(Loaded {
        profile: sources.profile()?,
        reports: sources.reports()?,
        journal: sources.journal(None)?,
        target: sources.target(target, overrides, &requirements)?,
    })
}

#[cfg(test)]
mod tests;
