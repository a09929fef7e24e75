//! The settings of one target from all layers: flags over environment, environment over file.

use std::path::PathBuf;

use super::{
    document::Layer,
    error::ConfigError,
    keys::{self, FILE_NAME, KeyKind},
    value::{FromSetting, Setting, ValueError, ValueOrigin},
};

/// The layers of one target.
pub(super) struct Settings {
    /// The strongest first.
    layers: Vec<Layer>,
    /// The target's name in the file; `None` where flags and variables alone describe it.
    target: Option<String>,
    file: Option<PathBuf>,
}

impl Settings {
    /// Stacks the layers, the strongest first.
    pub(super) fn new(layers: Vec<Layer>, target: Option<String>, file: Option<PathBuf>) -> Self {
        Self { layers, target, file }
    }

    /// The setting of a path from the strongest layer that has it.
    pub(super) fn find(&self, path: &str) -> Option<&Setting> {
        self.layers.iter().find_map(|layer| layer.get(path))
    }

    /// The value of a path, if it is set.
    ///
    /// # Errors
    /// When it cannot be converted.
    pub(super) fn get<T: FromSetting>(&self, path: &str) -> Result<Option<T>, ConfigError> {
        self.find(path).map(|it| T::from_setting(it).map_err(|problem| self.value_error(path, problem))).transpose()
    }

    /// The value of a path, or else its default.
    ///
    /// # Errors
    /// When it cannot be converted.
    pub(super) fn get_or<T: FromSetting>(&self, path: &str, default: T) -> Result<T, ConfigError> {
        Ok(self.get(path)?.unwrap_or(default))
    }

    /// The value of a path that must be set.
    ///
    /// # Errors
    /// When it is not, or cannot be converted.
    pub(super) fn require<T: FromSetting>(&self, path: &str) -> Result<T, ConfigError> {
        self.get(path)?.ok_or_else(|| self.missing_error(path))
    }

    /// The whole number of a path within the bounds of its key, or else the default.
    ///
    /// # Errors
    /// When it is not a whole number, or out of bounds.
    pub(super) fn count_or(&self, path: &str, default: u32) -> Result<u32, ConfigError> {
        let bounds = keys::find(path).map(|key| key.kind);
        let (Some(setting), Some(KeyKind::Count(least, most))) = (self.find(path), bounds) else { return Ok(default) };
        setting.count(least, most).map_err(|problem| self.value_error(path, problem))
    }

    /// Which of several exclusive paths is set in the strongest layer that has any of them.
    ///
    /// # Errors
    /// When that layer has two.
    pub(super) fn one_of(&self, paths: &[&'static str]) -> Result<Option<&'static str>, ConfigError> {
        for layer in &self.layers {
            let mut set = paths.iter().filter_map(|path| layer.get_key_value(path));
            match (set.next(), set.next()) {
                (None, _) => {}
                (Some((one, _)), None) => return Ok(Some(one)),
                (Some((one, _)), Some((other, second))) => {
                    return Err(ConfigError::Both { origin: second.origin.clone(), one, other });
                }
            }
        }
        Ok(None)
    }

    /// Whether any key of this table is set.
    pub(super) fn has_table(&self, table: &str) -> bool {
        let below = |path: &str| path.strip_prefix(table).is_some_and(|rest| rest.starts_with('.'));
        self.layers.iter().any(|layer| layer.keys().any(|path| below(path)))
    }

    /// The origin of the value of a path; where it is not set, the whole target.
    pub(super) fn origin(&self, path: &str) -> ValueOrigin {
        self.find(path).map_or_else(|| ValueOrigin::Flag(self.owner()), |setting| setting.origin.clone())
    }

    /// The error about the value of a path.
    pub(super) fn value_error(&self, path: &str, problem: ValueError) -> ConfigError {
        ConfigError::Value { origin: self.origin(path), key: path.to_owned(), problem }
    }

    /// The error about a path that is not set; a table is named by its first key.
    pub(super) fn missing_error(&self, path: &str) -> ConfigError {
        ConfigError::Missing { owner: self.owner(), key: path.to_owned(), remedy: self.remedy(path) }
    }

    fn owner(&self) -> String {
        self.target.as_ref().map_or_else(|| "the target of the flags".to_owned(), |name| format!("target `{name}`"))
    }

    /// What to write, and where.
    fn remedy(&self, path: &str) -> String {
        let Some(key) = keys::find(path) else { return String::new() };
        let outside = format!("{} or set {}", key.typed(), key.variable());
        let Some(target) = &self.target else { return format!("give {outside}") };
        let file = self.file.as_ref().map_or_else(|| FILE_NAME.to_owned(), |file| file.display().to_string());
        let (table, name) = path.rsplit_once('.').map_or(("", path), |(table, name)| (table, name));
        let dot = if table.is_empty() { "" } else { "." };
        let inline = format!("{{ {} = {} }}", key.name(), key.example);
        let value = if key.path == path { key.example } else { &inline };
        format!("write `{name} = {value}` in [targets.{target}{dot}{table}] of {file}, or give {outside}")
    }
}

#[cfg(test)]
mod tests {
    use super::{super::document::ConfigDocument, *};

    fn settings(file: &str, variables: &[(&'static str, &str)], flags: &[(&'static str, &str)]) -> Settings {
        let text = format!("[targets.staging]\n{file}");
        let mut document = ConfigDocument::parse("bo.toml".as_ref(), "".as_ref(), &text).expect("a good file");
        let layer = |given: &[(&'static str, &str)], origin: &ValueOrigin| -> Layer {
            given.iter().map(|(path, value)| (*path, Setting::untyped(value, origin))).collect()
        };
        let target = document.targets.remove("staging").expect("the target of the file");
        let flags = layer(flags, &ValueOrigin::Flag("--flag".to_owned()));
        let variables = layer(variables, &ValueOrigin::Variable("VARIABLE".to_owned()));
        Settings::new(vec![flags, variables, target.settings], Some("staging".to_owned()), Some(document.path))
    }

    #[test]
    fn flag_beats_environment_and_environment_beats_file() {
        let file = "login = 'file'\nprobe = '/file'\nproxy = 'http://file'";
        let read = settings(file, &[("login", "variable"), ("probe", "/variable")], &[("login", "flag")]);
        let text = |path| read.get::<String>(path).expect("good values");
        assert_eq!(text("login").as_deref(), Some("flag"));
        assert_eq!(text("probe").as_deref(), Some("/variable"));
        assert_eq!(text("proxy").as_deref(), Some("http://file"));
        assert_eq!(text("probe_login"), None);
    }

    #[test]
    fn the_strongest_layer_decides_between_exclusive_keys() {
        let read = settings("password = { env = 'A' }", &[], &[("password.file", "pw")]);
        assert!(matches!(read.one_of(&["password.env", "password.file"]), Ok(Some("password.file"))));
        let both = settings("password = { env = 'A', file = 'pw' }", &[], &[]);
        let error = both.one_of(&["password.env", "password.file"]).expect_err("two are given").to_string();
        assert_eq!(error, "bo.toml:2:32: both `password.env` and `password.file` are given; keep one of them");
    }

    #[test]
    fn a_missing_key_is_explained_with_an_example() {
        let read = settings("", &[], &[]);
        assert_eq!(
            read.missing_error("login").to_string(),
            "target `staging`: `login` is missing; write `login = \"qa-certifier\"` in [targets.staging] of bo.toml, or \
             give --login LOGIN or set BO_CONFORMANCE_LOGIN"
        );
        assert_eq!(
            read.missing_error("second_user.password").to_string(),
            "target `staging`: `second_user.password` is missing; write `password = { env = \"BO_PASSWORD_2\" }` in \
             [targets.staging.second_user] of bo.toml, or give --second-password-env VARIABLE or set \
             BO_CONFORMANCE_SECOND_PASSWORD_ENV"
        );
    }

    #[test]
    fn a_target_of_flags_needs_no_advice_about_a_file() {
        let read = Settings::new(Vec::new(), None, None);
        assert_eq!(
            read.missing_error("login").to_string(),
            "the target of the flags: `login` is missing; give --login LOGIN or set BO_CONFORMANCE_LOGIN"
        );
    }
}
