//! A configuration from a file, variables and flags, for the tests.

use clap::{Args, Command, FromArgMatches as _};
use steps::Target;

use crate::{
    catalogue::Catalogue,
    config::{
        ConfigError, ResolvedTarget,
        document::ConfigDocument,
        layers::{Environment, TargetFlags},
        sources::{ConfigSources, Wanted},
    },
};

/// The required keys of a target; the password is in a variable.
pub(super) const STAGING: &str = r#"
[targets.staging]
base_url = "https://bo.staging.example:8443/proftrading/rest/swagger-ui.html#"
login = "qa-certifier"
password = { env = "BO_PASSWORD" }
"#;

/// A configuration.
pub(super) struct Given {
    pub(super) file: String,
    pub(super) variables: Vec<(&'static str, &'static str)>,
    pub(super) flags: Vec<&'static str>,
    pub(super) target: Option<&'static str>,
}

impl Given {
    /// The plain staging target, with these lines below it.
    pub(super) fn staging(lines: &str) -> Self {
        Self {
            file: format!("{STAGING}{lines}"),
            variables: vec![("BO_PASSWORD", "hunter2")],
            flags: Vec::new(),
            target: Some("staging"),
        }
    }

    pub(super) fn nothing() -> Self {
        Self { file: String::new(), variables: Vec::new(), flags: Vec::new(), target: None }
    }

    pub(super) fn file(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::nothing() }
    }

    pub(super) fn config(&self) -> Result<ConfigSources, ConfigError> {
        let document = ConfigDocument::parse("bo.toml".as_ref(), "".as_ref(), &self.file)?;
        ConfigSources::new((!self.file.is_empty()).then_some(document), Environment::from_pairs(&self.variables))
    }

    pub(super) fn resolve(&self) -> Result<Option<ResolvedTarget>, ConfigError> {
        let command = TargetFlags::augment_args(Command::new("test").no_binary_name(true));
        let matches = command.try_get_matches_from(&self.flags).expect("flags that clap takes");
        let flags = TargetFlags::from_arg_matches(&matches).expect("flags that clap takes");
        let wanted = self.target.map_or(Wanted::Default, Wanted::Target);
        self.config()?.target(wanted, &flags, &Catalogue::embedded().expect("a good catalogue"))
    }

    pub(super) fn target(&self) -> Target {
        self.resolve().expect("a good configuration").expect("a target").target
    }

    pub(super) fn problem(&self) -> String {
        self.resolve().map(|_| ()).expect_err("something is wrong with it").to_string()
    }
}
