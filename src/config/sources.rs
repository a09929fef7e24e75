//! The configuration file and the environment, read once, and the selection of a target from them.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use steps::target::BaseUrl;

use super::{
    document::{ConfigDocument, WaiverTable},
    error::ConfigError,
    keys::{self, FILE_NAME, Key},
    layers::{self, Environment, TargetFlags},
    loaded::{ExploreExtent, FleetTarget, ResolvedTarget},
    settings::Settings,
    target,
    value::{FromSetting, Setting, ValueError, ValueOrigin},
};
use crate::{catalogue::Catalogue, did_you_mean::did_you_mean, results::Profile};

/// Requests of a run that go into exploring.
const EXPLORE: u32 = 150;
/// The variable that sets it; on the stand-in, too.
const EXPLORE_VARIABLE: &str = "BO_CONFORMANCE_EXPLORE";

/// The file and the environment.
pub(super) struct ConfigSources {
    document: Option<ConfigDocument>,
    environment: Environment,
}

/// What the command line asks for.
#[derive(Clone, Copy)]
pub(super) enum Wanted<'a> {
    /// This target of the file.
    Target(&'a str),
    /// The embedded stand-in, even if the file names targets.
    StandIn,
    /// What flags, environment and file select.
    Default,
}

/// A single target.
enum TargetChoice {
    /// One of the file.
    Named(String),
    /// One that flags or variables describe.
    Described,
}

impl ConfigSources {
    /// Reads the file given, or else the nearest one, if there is any, and the environment of the process.
    pub(super) fn read(explicit: Option<&Path>) -> Result<Self, ConfigError> {
        let environment = Environment::from_process();
        let named = environment.get(layers::CONFIG).map(PathBuf::from);
        let path = find_file(explicit.or(named.as_deref()))?;
        Self::new(path.map(|path| ConfigDocument::read(&path)).transpose()?, environment)
    }

    /// Combines what has been read.
    pub(super) fn new(document: Option<ConfigDocument>, environment: Environment) -> Result<Self, ConfigError> {
        environment.check_names(&document.as_ref().map(ConfigDocument::password_variables).unwrap_or_default())?;
        Ok(Self { document, environment })
    }

    /// How strictly recommendations count, if environment or file set it.
    pub(super) fn profile(&self) -> Result<Option<Profile>, ConfigError> {
        let Some((key, setting)) = self.top_setting("profile") else { return Ok(None) };
        let text = convert::<String>(key, &setting)?;
        let wanted = "\"documented\" or \"hardened\"";
        Profile::from_str(&text, false)
            .map(Some)
            .map_err(|_| value_error(key, &setting, ValueError::mismatch(wanted, &text)))
    }

    /// The folder of the reports, if environment or file set it.
    pub(super) fn reports(&self) -> Result<Option<PathBuf>, ConfigError> {
        self.top("reports")
    }

    /// The folder of the journal of changed settings.
    pub(super) fn journal(&self, given: Option<&Path>) -> Result<PathBuf, ConfigError> {
        if let Some(folder) = given {
            return Ok(folder.to_owned());
        }
        let folder = self.document.as_ref().map(|document| document.folder.as_path());
        let home = folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(self.top("journal")?.unwrap_or_else(|| home.to_owned()))
    }

    /// Requests of a run on the stand-in that go into exploring.
    pub(super) fn explore(&self) -> ExploreExtent {
        let set = self.environment.get(EXPLORE_VARIABLE).and_then(|text| text.parse().ok());
        ExploreExtent { survey: 0, walks: set.unwrap_or(EXPLORE) }
    }

    /// The names of all targets in the file, sorted.
    ///
    /// # Errors
    /// When the file is missing, or has no target.
    pub(super) fn names(&self) -> Result<Vec<String>, ConfigError> {
        let Some(document) = &self.document else {
            return Err(ConfigError::NoTargets { place: format!("a {FILE_NAME} in {}", current_folder().display()) });
        };
        let names: Vec<String> = document.targets.keys().cloned().collect();
        let none = || ConfigError::NoTargets { place: document.path.display().to_string() };
        if names.is_empty() { Err(none()) } else { Ok(names) }
    }

    /// The name of the target with this index among all, counted from 0.
    pub(super) fn name_at(&self, index: usize, origin: ValueOrigin) -> Result<String, ConfigError> {
        let mut names = self.names()?;
        if index < names.len() {
            return Ok(names.swap_remove(index));
        }
        let file = self.document.as_ref().map(|document| document.path.clone()).unwrap_or_default();
        Err(ConfigError::NoSuchIndex { origin, index, count: names.len(), file })
    }

    /// The index of a target that the environment sets.
    pub(super) fn index(&self) -> Result<Option<(usize, ValueOrigin)>, ConfigError> {
        let Some(value) = self.environment.get(layers::TARGET_INDEX) else { return Ok(None) };
        let origin = ValueOrigin::Variable(layers::TARGET_INDEX.to_owned());
        match value.parse() {
            Ok(index) => Ok(Some((index, origin))),
            Err(_) => Err(ConfigError::Index { origin, value: value.to_owned() }),
        }
    }

    /// Several targets of the file. A wrong configuration of one leaves the others alone.
    ///
    /// # Errors
    /// When the target is unknown, or a flag or variable gives all of them one base URL.
    pub(super) fn fleet(
        &self,
        names: &[String],
        flags: &TargetFlags,
        catalogue: &Catalogue,
    ) -> Result<Vec<FleetTarget>, ConfigError> {
        for name in names {
            let document = self.document.as_ref().ok_or_else(|| no_file(name))?;
            document.targets.get(name).ok_or_else(|| no_such_target(name, document))?;
        }
        let outside = [flags.layer()?, self.environment.layer()?];
        if let (Some(given), true) = (outside.iter().find_map(|layer| layer.get("base_url")), names.len() > 1) {
            return Err(ConfigError::OneBaseUrl { origin: given.origin.clone(), count: names.len() });
        }
        Ok(names.iter().map(|name| (name.clone(), self.named(name, flags, catalogue))).collect())
    }

    /// The target that is selected; `None` is the embedded stand-in.
    pub(super) fn target(
        &self,
        wanted: Wanted<'_>,
        flags: &TargetFlags,
        catalogue: &Catalogue,
    ) -> Result<Option<ResolvedTarget>, ConfigError> {
        let choice = match wanted {
            Wanted::StandIn => None,
            Wanted::Target(name) => Some(TargetChoice::Named(name.to_owned())),
            Wanted::Default => self.choose(flags)?,
        };
        match choice {
            Some(TargetChoice::Named(name)) => self.named(&name, flags, catalogue).map(Some),
            Some(TargetChoice::Described) => self.described(flags, catalogue).map(Some),
            None => flags.first().map_or(Ok(None), |flag| Err(ConfigError::NoTarget { flag })),
        }
    }

    /// The most direct name or base URL decides. A base URL without a name is a target of its own, so that the password
    /// of the default target is never sent to another server.
    fn choose(&self, flags: &TargetFlags) -> Result<Option<TargetChoice>, ConfigError> {
        if flags.has_base_url() {
            return Ok(Some(TargetChoice::Described));
        }
        let named = self.top_setting("default_target");
        let is_variable = matches!(&named, Some((_, Setting { origin: ValueOrigin::Variable(_), .. })));
        if !is_variable && self.environment.layer()?.contains_key("base_url") {
            return Ok(Some(TargetChoice::Described));
        }
        match self.top::<String>("default_target")? {
            Some(name) => Ok(Some(TargetChoice::Named(name))),
            None => self.only_target(),
        }
    }

    /// The target of a file that names one. A file that names several leaves the choice to the user, so that a run meant for a
    /// server never judges the stand-in.
    fn only_target(&self) -> Result<Option<TargetChoice>, ConfigError> {
        let Some(document) = &self.document else { return Ok(None) };
        let names: Vec<&str> = document.targets.keys().map(String::as_str).collect();
        match names.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(TargetChoice::Named((*only).to_owned()))),
            several => Err(ConfigError::NotSelected { file: document.path.clone(), targets: several.join(", ") }),
        }
    }

    fn named(&self, name: &str, flags: &TargetFlags, catalogue: &Catalogue) -> Result<ResolvedTarget, ConfigError> {
        let document = self.document.as_ref().ok_or_else(|| no_file(name))?;
        let table = document.targets.get(name).ok_or_else(|| no_such_target(name, document))?;
        let layers = vec![flags.layer()?, self.environment.layer()?, table.settings.clone()];
        let settings = Settings::new(layers, Some(name.to_owned()), Some(document.path.clone()));
        self.resolve(name.to_owned(), &settings, &table.waivers, catalogue)
    }

    fn described(&self, flags: &TargetFlags, catalogue: &Catalogue) -> Result<ResolvedTarget, ConfigError> {
        let settings = Settings::new(vec![flags.layer()?, self.environment.layer()?], None, None);
        let url: BaseUrl = settings.require("base_url")?;
        let host = url.as_str().split('/').nth(2).unwrap_or_default();
        self.resolve(host.to_owned(), &settings, &[], catalogue)
    }

    fn resolve(
        &self,
        name: String,
        settings: &Settings,
        waivers: &[WaiverTable],
        catalogue: &Catalogue,
    ) -> Result<ResolvedTarget, ConfigError> {
        let waivers = target::read_waivers(waivers, &name, catalogue)?;
        let mut one_time = target::read_one_time(settings)?;
        if let (Some(source), Some(document)) = (&mut one_time, &self.document) {
            source.hidden_variables.extend(document.password_variables().into_iter().map(str::to_owned));
        }
        let target = target::read_target(settings, one_time.as_ref(), &self.environment)?;
        let asked = settings.count_or("explore", 0)?;
        let configured = settings.find("explore").map(|_| asked);
        let explore = ExploreExtent::of_deployment(configured, target.pace.per_second.is_none());
        let sessions_end_at_restart = settings.get_or("sessions_end_at_restart", false)?;
        Ok(ResolvedTarget { name, target, one_time, waivers, explore, sessions_end_at_restart })
    }

    /// The value of a key above all targets.
    fn top<T: FromSetting>(&self, path: &str) -> Result<Option<T>, ConfigError> {
        self.top_setting(path).map(|(key, setting)| convert(key, &setting)).transpose()
    }

    /// The setting of a key above all targets: of its variable, or else of the file.
    fn top_setting(&self, path: &str) -> Option<(&'static Key, Setting)> {
        let key = keys::TOP.iter().find(|key| key.path == path)?;
        let of_file = || self.document.as_ref()?.top.get(path).cloned();
        Some((key, self.environment.setting(key).or_else(of_file)?))
    }
}

fn convert<T: FromSetting>(key: &Key, setting: &Setting) -> Result<T, ConfigError> {
    T::from_setting(setting).map_err(|problem| value_error(key, setting, problem))
}

fn value_error(key: &Key, setting: &Setting, problem: ValueError) -> ConfigError {
    ConfigError::Value { origin: setting.origin.clone(), key: key.path.to_owned(), problem }
}

fn no_file(target: &str) -> ConfigError {
    ConfigError::NoFile { target: target.to_owned(), looked_in: current_folder() }
}

fn no_such_target(name: &str, document: &ConfigDocument) -> ConfigError {
    let names: Vec<_> = document.targets.keys().map(String::as_str).collect();
    let near = did_you_mean(name, names.iter().copied());
    let near = near.map_or_else(|| ";".to_owned(), |near| format!("; did you mean `{near}`?"));
    let all = if names.is_empty() { "it has none".to_owned() } else { format!("its targets are {}", names.join(", ")) };
    let (target, file) = (name.to_owned(), document.path.clone());
    ConfigError::NoSuchTarget { target, file, suggestion: format!("{near} {all}") }
}

/// The file or pipe given, or else the nearest [`FILE_NAME`] in the current folder or one above it.
fn find_file(explicit: Option<&Path>) -> Result<Option<PathBuf>, ConfigError> {
    match explicit {
        Some(path) if path.exists() && !path.is_dir() => Ok(Some(path.to_owned())),
        Some(path) => Err(ConfigError::NoSuchFile(path.to_owned())),
        None if is_no_folder(Path::new(FILE_NAME)) => Ok(Some(PathBuf::from(FILE_NAME))),
        None => Ok(find_above(&current_folder())),
    }
}

/// The current folder; empty if it does not exist any more.
fn current_folder() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

fn find_above(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| is_no_folder(path))
}

/// Whether something other than a folder is there, also a pipe or a link that leads nowhere: a configuration that cannot be read must not
/// turn a run into one of the stand-in.
fn is_no_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok() && !path.is_dir()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_nearest_file_above_is_found() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let deep = root.path().join("a/b");
        fs::create_dir_all(&deep).expect("folders");
        fs::write(root.path().join(FILE_NAME), "").expect("the far file");
        assert_eq!(find_above(&deep), Some(root.path().join(FILE_NAME)));
        fs::write(root.path().join("a").join(FILE_NAME), "").expect("the near file");
        assert_eq!(find_above(&deep), Some(root.path().join("a").join(FILE_NAME)));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("nowhere", deep.join(FILE_NAME)).expect("a link");
            assert_eq!(find_above(&deep), Some(deep.join(FILE_NAME)));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_device_or_pipe_is_a_configuration_file_too() {
        let device = Path::new("/dev/null");
        assert_eq!(find_file(Some(device)).ok(), Some(Some(device.to_owned())));
    }

    #[test]
    fn a_file_that_is_given_must_exist() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for path in [Path::new("no/such.toml"), folder.path()] {
            let expected = format!(
                "cannot find the configuration file `{}`; check the path, or write one with `bo-conformance init`",
                path.display()
            );
            assert_eq!(find_file(Some(path)).expect_err("it is not there").to_string(), expected);
        }
    }
}
