//! A file, an environment and flags on one side; a target or a message on the other.

use clap::{Args, Command, FromArgMatches as _};
use steps::Target;

use crate::config::{ConfigError, Overrides, Resolved, document::Document, environment::Environment, sources::Sources};

/// The least that a target needs, with one of the environment's passwords.
pub(super) const STAGING: &str = r#"
[targets.staging]
base_url = "https://bo.staging.example:8443/proftrading/rest/swagger-ui.html#"
login = "qa-certifier"
password = { env = "BO_PASSWORD" }
"#;

/// What a user has set up.
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

    pub(super) fn config(&self) -> Result<Sources, ConfigError> {
        let document = Document::parse("bo.toml".as_ref(), &self.file)?;
        Sources::new((!self.file.is_empty()).then_some(document), Environment::of(&self.variables))
    }

    pub(super) fn resolve(&self) -> Result<Option<Resolved>, ConfigError> {
        let command = Overrides::augment_args(Command::new("test").no_binary_name(true));
        let matches = command.try_get_matches_from(&self.flags).expect("flags that clap takes");
        let overrides = Overrides::from_arg_matches(&matches).expect("flags that clap takes");
        self.config()?.target(self.target, &overrides, &["REFRESH-1", "REFRESH-9", "OTT-2"])
    }

    pub(super) fn target(&self) -> Target {
        self.resolve().expect("a good configuration").expect("a target").target
    }

    pub(super) fn problem(&self) -> String {
        self.resolve().map(|_| ()).expect_err("something is wrong with it").to_string()
    }
}
