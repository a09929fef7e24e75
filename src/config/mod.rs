//! The configuration: `bo-conformance.toml`, environment variables and flags, in rising precedence, turned into the target
//! that the steps know. Connects to nothing; passwords are read for the chosen target only.

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
mod setting;
mod settings;
mod target;
mod waivers;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use steps::Target;

pub use error::ConfigError;
pub use find::{FILE_NAME, find};
pub use overrides::Overrides;
pub use waivers::Waiver;

use self::{
    document::{Document, Layer, WaiverTable},
    environment::Environment,
    nearest::nearest,
    overrides::insert,
    setting::{Origin, Readable, Setting, Unreadable},
    settings::Settings,
};
use crate::{one_time::OneTimeSource, results::Profile};

/// The file that `bo-conformance init` writes: every key with its explanation.
pub const TEMPLATE: &str = include_str!("template.toml");

/// The file and the environment, read once.
pub struct Config {
    document: Option<Document>,
    environment: Environment,
}

/// A target with all that belongs to it.
#[derive(Debug)]
pub struct Resolved {
    /// Its name in the file; host and port where it is described by flags and variables alone.
    pub name: String,
    /// The server as the steps know it.
    pub target: Target,
    /// Where fresh one-time tokens come from.
    pub one_time: Option<OneTimeSource>,
    /// Its accepted deviations.
    pub waivers: Vec<Waiver>,
}

/// Which target is meant.
enum Chosen {
    /// One of the file.
    Named(String),
    /// One that flags or variables describe.
    Described,
}

impl Config {
    /// Reads the file given, or else the nearest `bo-conformance.toml`, if there is one, and the environment.
    ///
    /// # Errors
    /// When the file given is not there, is no TOML, or has keys that do not exist; and when a variable of the
    /// environment is nearly one of ours.
    pub fn load(explicit: Option<&Path>) -> Result<Self, ConfigError> {
        let environment = Environment::of_the_process();
        let named = environment.get(environment::CONFIG).map(PathBuf::from);
        let path = find(explicit.or(named.as_deref()))?;
        let document = path.map(|path| Document::read(&path)).transpose()?;
        Self::new(document, environment)
    }

    fn new(document: Option<Document>, environment: Environment) -> Result<Self, ConfigError> {
        environment.check_names(&document.as_ref().map(Document::password_variables).unwrap_or_default())?;
        Ok(Self { document, environment })
    }

    /// The file that was read.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.document.as_ref().map(|document| document.path.as_path())
    }

    /// The names of the file's targets.
    pub fn target_names(&self) -> impl Iterator<Item = &str> {
        self.document
            .iter()
            .flat_map(|document| document.targets.keys())
            .map(String::as_str)
    }

    /// How strictly recommendations count, if environment or file say.
    ///
    /// # Errors
    /// When they say something that is no profile.
    pub fn profile(&self) -> Result<Option<Profile>, ConfigError> {
        let Some(text) = self.top::<String>("profile", environment::PROFILE)? else {
            return Ok(None);
        };
        let profile = Profile::from_str(&text, false);
        profile
            .map(Some)
            .map_err(|_| self.top_error("profile", environment::PROFILE, Unreadable::Profile(text)))
    }

    /// Where reports go, if environment or file say.
    ///
    /// # Errors
    /// When the value is no path.
    pub fn reports(&self) -> Result<Option<PathBuf>, ConfigError> {
        self.top("reports", environment::REPORTS)
    }

    /// The target that is meant: the one named, or else the one that `--base-url` describes; then the same from the
    /// environment; then the file's `default_target`. `None` is the embedded stand-in. `requirements` are the ids that
    /// waivers may name.
    ///
    /// # Errors
    /// When there is no such target, a value cannot be used, or a password cannot be had.
    pub async fn target(
        &self,
        wanted: Option<&str>,
        overrides: &Overrides,
        requirements: &[&str],
    ) -> Result<Option<Resolved>, ConfigError> {
        match self.chosen(wanted, overrides)? {
            Some(Chosen::Named(name)) => self.named(&name, overrides, requirements).await.map(Some),
            Some(Chosen::Described) => self.described(overrides).await.map(Some),
            None => overrides
                .any()
                .map_or(Ok(None), |flag| Err(ConfigError::NoTarget { flag })),
        }
    }

    fn chosen(&self, wanted: Option<&str>, overrides: &Overrides) -> Result<Option<Chosen>, ConfigError> {
        if let Some(name) = wanted {
            return Ok(Some(Chosen::Named(name.to_owned())));
        }
        if overrides.has_base_url() {
            return Ok(Some(Chosen::Described));
        }
        if let Some(name) = self.environment.get(environment::TARGET) {
            return Ok(Some(Chosen::Named(name.to_owned())));
        }
        if self.environment.layer()?.contains_key("base_url") {
            return Ok(Some(Chosen::Described));
        }
        Ok(self
            .top::<String>("default_target", environment::TARGET)?
            .map(Chosen::Named))
    }

    async fn named(&self, name: &str, overrides: &Overrides, requirements: &[&str]) -> Result<Resolved, ConfigError> {
        let Some(document) = &self.document else {
            return Err(no_file(name));
        };
        let Some(table) = document.targets.get(name) else {
            return Err(no_such_target(name, document));
        };
        let layers = vec![overrides.layer()?, self.environment.layer()?, table.settings.clone()];
        let settings = Settings::new(layers, Some(name.to_owned()), Some(document.path.clone()));
        self.resolve(name.to_owned(), &settings, &table.waivers, requirements)
            .await
    }

    async fn described(&self, overrides: &Overrides) -> Result<Resolved, ConfigError> {
        let settings = Settings::new(vec![overrides.layer()?, self.environment.layer()?], None, None);
        let url: steps::target::BaseUrl = settings.require("base_url")?;
        let name = url.as_str().split('/').nth(2).unwrap_or_default().to_owned();
        self.resolve(name, &settings, &[], &[]).await
    }

    async fn resolve(
        &self,
        name: String,
        settings: &Settings,
        waivers: &[WaiverTable],
        requirements: &[&str],
    ) -> Result<Resolved, ConfigError> {
        let waivers = waivers::read(waivers, &name, requirements)?;
        let one_time = one_time::source(settings)?;
        let target = target::read(settings, &self.environment).await?;
        Ok(Resolved {
            name,
            target,
            one_time,
            waivers,
        })
    }

    /// A value above all targets: of the variable, or else of the file.
    fn top<T: Readable>(&self, key: &'static str, variable: &str) -> Result<Option<T>, ConfigError> {
        let setting = self.top_setting(key, variable);
        setting
            .map(|setting| T::read(&setting).map_err(|problem| self.top_error(key, variable, problem)))
            .transpose()
    }

    fn top_setting(&self, key: &'static str, variable: &str) -> Option<Setting> {
        let mut layer = Layer::new();
        if let Some(value) = self.environment.get(variable) {
            insert(&mut layer, key, value, &Origin::Variable(variable.to_owned()));
        }
        layer
            .remove(key)
            .or_else(|| self.document.as_ref()?.top.get(key).cloned())
    }

    fn top_error(&self, key: &'static str, variable: &str, problem: Unreadable) -> ConfigError {
        let origin = self
            .top_setting(key, variable)
            .map_or(Origin::Variable(variable.to_owned()), |found| found.origin);
        ConfigError::Value {
            origin,
            key: key.to_owned(),
            problem,
        }
    }
}

fn no_file(target: &str) -> ConfigError {
    ConfigError::NoFile {
        target: target.to_owned(),
        looked_in: find::here().unwrap_or_default(),
    }
}

fn no_such_target(name: &str, document: &Document) -> ConfigError {
    let names: Vec<_> = document.targets.keys().map(String::as_str).collect();
    let near = nearest(name, names.iter().copied());
    let guess = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let all = if names.is_empty() {
        "it has none".to_owned()
    } else {
        format!("its targets are {}", names.join(", "))
    };
    ConfigError::NoSuchTarget {
        target: name.to_owned(),
        file: document.path.clone(),
        advice: format!("{guess}; {all}").replace("?;", "?"),
    }
}

#[cfg(test)]
mod tests;
