//! The configuration: `bo-conformance.toml`, environment variables and flags, in rising precedence, turned into the target
//! that the steps use. Connects to nothing; passwords are read for the selected targets only.

mod document;
mod error;
mod keys;
mod layers;
mod loaded;
mod password;
mod pem;
mod settings;
mod sources;
mod span;
mod target;
mod target_args;
mod template;
mod value;
mod wire_forms;

pub(crate) use error::ConfigError;
pub(crate) use keys::FILE_NAME;
pub(crate) use loaded::{ExploreExtent, FleetConfig, FleetTarget, LoadedConfig, ResolvedTarget, SelectedTargets};
pub(crate) use target_args::{OneTargetArgs, TargetsArgs, target_names};
pub(crate) use template::render_template;
pub(crate) use value::{parse_duration, parse_rate};

#[cfg(test)]
mod tests;
