//! The configuration file and the environment, read once, and which target of them is meant.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use steps::target::BaseUrl;

use super::{
    ConfigError, OneOfMany, Overrides, Resolved,
    document::{Document, Layer, WaiverTable},
    environment::{self, Environment},
    find::{FILE_NAME, find, here},
    nearest::nearest,
    one_time,
    overrides::insert,
    readable::Readable,
    setting::{Origin, Setting},
    settings::Settings,
    target,
    unreadable::Unreadable,
    waivers,
};
use crate::results::Profile;

/// The file and the environment.
pub(super) struct Sources {
    document: Option<Document>,
    environment: Environment,
}

/// Which target is meant.
enum Chosen {
    /// One of the file.
    Named(String),
    /// One that flags or variables describe.
    Described,
}

impl Sources {
    /// Reads the file given, or else the nearest one, if there is any, and the environment of the process.
    pub(super) fn read(explicit: Option<&Path>) -> Result<Self, ConfigError> {
        let environment = Environment::of_the_process();
        let named = environment.get(environment::CONFIG).map(PathBuf::from);
        let path = find(explicit.or(named.as_deref()))?;
        Self::new(path.map(|path| Document::read(&path)).transpose()?, environment)
    }

    /// Takes what has been read.
    pub(super) fn new(document: Option<Document>, environment: Environment) -> Result<Self, ConfigError> {
        environment.check_names(&document.as_ref().map(Document::password_variables).unwrap_or_default())?;
        Ok(Self { document, environment })
    }

    /// The folder of the file; without one, the present folder.
    pub(super) fn home(&self) -> PathBuf {
        let folder = self.document.as_ref().and_then(|document| document.path.parent());
        folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
    }

    /// How strictly recommendations count, if environment or file say.
    pub(super) fn profile(&self) -> Result<Option<Profile>, ConfigError> {
        let Some(text) = self.top::<String>("profile", environment::PROFILE)? else {
            return Ok(None);
        };
        let profile = Profile::from_str(&text, false);
        profile.map(Some).map_err(|_| self.top_error("profile", environment::PROFILE, Unreadable::Profile(text)))
    }

    /// Where reports go, if environment or file say.
    pub(super) fn reports(&self) -> Result<Option<PathBuf>, ConfigError> {
        self.top("reports", environment::REPORTS)
    }

    /// Where the journal of changed settings is kept.
    pub(super) fn journal(&self, given: Option<&Path>) -> Result<PathBuf, ConfigError> {
        let set = || self.top("journal", environment::JOURNAL);
        Ok(given.map(|folder| Ok(Some(folder.to_owned()))).unwrap_or_else(set)?.unwrap_or_else(|| self.home()))
    }

    /// The names of all targets in the file, sorted.
    ///
    /// # Errors
    /// When there is no file, or no target in it.
    pub(super) fn names(&self) -> Result<Vec<String>, ConfigError> {
        let Some(document) = &self.document else {
            let looked_in = here().unwrap_or_default();
            return Err(ConfigError::NoTargets { place: format!("a {FILE_NAME} in {}", looked_in.display()) });
        };
        let names: Vec<String> = document.targets.keys().cloned().collect();
        let none = || ConfigError::NoTargets { place: document.path.display().to_string() };
        if names.is_empty() { Err(none()) } else { Ok(names) }
    }

    /// The name of the target with this index among all, counted from 0.
    pub(super) fn name_at(&self, index: usize, origin: Origin) -> Result<String, ConfigError> {
        let mut names = self.names()?;
        if index < names.len() {
            return Ok(names.swap_remove(index));
        }
        let file = self.document.as_ref().map(|document| document.path.clone()).unwrap_or_default();
        Err(ConfigError::NoSuchIndex { origin, index, count: names.len(), file })
    }

    /// The index that the environment asks for, if nothing else there names a target.
    pub(super) fn index(&self) -> Result<Option<(usize, Origin)>, ConfigError> {
        let Some(value) = self.environment.get(environment::TARGET_INDEX) else { return Ok(None) };
        let origin = Origin::Variable(environment::TARGET_INDEX.to_owned());
        match value.parse() {
            Ok(index) => Ok(Some((index, origin))),
            Err(_) => Err(ConfigError::Index { origin, value: value.to_owned() }),
        }
    }

    /// Several targets of the file, each with what it comes to; one that is configured wrongly leaves the others alone.
    ///
    /// # Errors
    /// When there is no such target, or a base URL is given that all of them would have.
    pub(super) fn several(
        &self,
        names: &[String],
        overrides: &Overrides,
        requirements: &[&str],
    ) -> Result<Vec<OneOfMany>, ConfigError> {
        for name in names {
            let document = self.document.as_ref().ok_or_else(|| no_file(name))?;
            document.targets.get(name).ok_or_else(|| no_such_target(name, document))?;
        }
        let outside = [overrides.layer()?, self.environment.layer()?];
        if let (Some(given), true) = (outside.iter().find_map(|layer| layer.get("base_url")), names.len() > 1) {
            return Err(ConfigError::OneBaseUrl { origin: given.origin.clone(), count: names.len() });
        }
        Ok(names.iter().map(|name| (name.clone(), self.named(name, overrides, requirements))).collect())
    }

    /// The target that is meant; `None` is the embedded stand-in.
    pub(super) fn target(
        &self,
        wanted: Option<&str>,
        overrides: &Overrides,
        requirements: &[&str],
    ) -> Result<Option<Resolved>, ConfigError> {
        match self.chosen(wanted, overrides)? {
            Some(Chosen::Named(name)) => self.named(&name, overrides, requirements).map(Some),
            Some(Chosen::Described) => self.described(overrides).map(Some),
            None => overrides.any().map_or(Ok(None), |flag| Err(ConfigError::NoTarget { flag })),
        }
    }

    /// Whoever names a target or a base URL most directly decides. A base URL without a name is a target of its own, so
    /// that the password of the default target is never sent to another server.
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
        Ok(self.top::<String>("default_target", environment::TARGET)?.map(Chosen::Named))
    }

    fn named(&self, name: &str, overrides: &Overrides, requirements: &[&str]) -> Result<Resolved, ConfigError> {
        let Some(document) = &self.document else {
            return Err(no_file(name));
        };
        let Some(table) = document.targets.get(name) else {
            return Err(no_such_target(name, document));
        };
        let layers = vec![overrides.layer()?, self.environment.layer()?, table.settings.clone()];
        let settings = Settings::new(layers, Some(name.to_owned()), Some(document.path.clone()));
        self.resolve(name.to_owned(), &settings, &table.waivers, requirements)
    }

    fn described(&self, overrides: &Overrides) -> Result<Resolved, ConfigError> {
        let settings = Settings::new(vec![overrides.layer()?, self.environment.layer()?], None, None);
        let url: BaseUrl = settings.require("base_url")?;
        let host = url.as_str().split('/').nth(2).unwrap_or_default();
        self.resolve(host.to_owned(), &settings, &[], &[])
    }

    fn resolve(
        &self,
        name: String,
        settings: &Settings,
        waivers: &[WaiverTable],
        requirements: &[&str],
    ) -> Result<Resolved, ConfigError> {
        let waivers = waivers::read(waivers, &name, requirements)?;
        let one_time = one_time::read(settings)?;
        let target = target::read(settings, one_time.as_ref(), &self.environment)?;
        Ok(Resolved { name, target, one_time, waivers })
    }

    /// A value above all targets: of the variable, or else of the file.
    fn top<T: Readable>(&self, key: &'static str, variable: &str) -> Result<Option<T>, ConfigError> {
        let setting = self.top_setting(key, variable);
        setting.map(|setting| T::read(&setting).map_err(|problem| self.top_error(key, variable, problem))).transpose()
    }

    fn top_setting(&self, key: &'static str, variable: &str) -> Option<Setting> {
        let mut layer = Layer::new();
        if let Some(value) = self.environment.get(variable) {
            insert(&mut layer, key, value, &Origin::Variable(variable.to_owned()));
        }
        layer.remove(key).or_else(|| self.document.as_ref()?.top.get(key).cloned())
    }

    fn top_error(&self, key: &'static str, variable: &str, problem: Unreadable) -> ConfigError {
        let found = self.top_setting(key, variable);
        let origin = found.map_or_else(|| Origin::Variable(variable.to_owned()), |found| found.origin);
        ConfigError::Value { origin, key: key.to_owned(), problem }
    }
}

fn no_file(target: &str) -> ConfigError {
    ConfigError::NoFile { target: target.to_owned(), looked_in: here().unwrap_or_default() }
}

fn no_such_target(name: &str, document: &Document) -> ConfigError {
    let names: Vec<_> = document.targets.keys().map(String::as_str).collect();
    let near = nearest(name, names.iter().copied());
    let guess = near.map_or_else(|| ";".to_owned(), |near| format!("; did you mean `{near}`?"));
    let all = if names.is_empty() { "it has none".to_owned() } else { format!("its targets are {}", names.join(", ")) };
    ConfigError::NoSuchTarget { target: name.to_owned(), file: document.path.clone(), advice: format!("{guess} {all}") }
}
