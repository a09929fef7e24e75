//! The settings of one target out of all layers: flag over environment, environment over file.

use std::path::PathBuf;

use super::{
    ConfigError,
    document::Layer,
    find::FILE_NAME,
    keys,
    readable::Readable,
    setting::{Origin, Setting},
    unreadable::Unreadable,
};

/// The layers of one target.
pub(super) struct Settings {
    /// The strongest first.
    layers: Vec<Layer>,
    /// The target's name in the file, or `None` where it is described by flags and variables alone.
    target: Option<String>,
    file: Option<PathBuf>,
}

impl Settings {
    /// Puts the layers on top of each other, the strongest first.
    pub(super) fn new(layers: Vec<Layer>, target: Option<String>, file: Option<PathBuf>) -> Self {
        Self { layers, target, file }
    }

    /// The setting of a path from the strongest layer that has it.
    pub(super) fn find(&self, path: &str) -> Option<&Setting> {
        self.layers.iter().find_map(|layer| layer.get(path))
    }

    /// The value of a path, if anybody set it.
    pub(super) fn get<T: Readable>(&self, path: &str) -> Result<Option<T>, ConfigError> {
        self.find(path).map(|setting| T::read(setting).map_err(|problem| self.value(path, problem))).transpose()
    }

    /// The value of a path that must be set.
    pub(super) fn require<T: Readable>(&self, path: &str) -> Result<T, ConfigError> {
        self.get(path)?.ok_or_else(|| self.missing(path))
    }

    /// A whole number between these bounds, if anybody set it.
    pub(super) fn whole(&self, path: &str, least: u32, most: u32) -> Result<Option<u32>, ConfigError> {
        let setting = self.find(path);
        setting.map(|setting| setting.whole(least, most).map_err(|problem| self.value(path, problem))).transpose()
    }

    /// Which of paths that exclude each other is set in the strongest layer that has any of them.
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

    /// Whether anything below this table is set.
    pub(super) fn any(&self, table: &str) -> bool {
        let below = |path: &str| path.strip_prefix(table).is_some_and(|rest| rest.starts_with('.'));
        self.layers.iter().any(|layer| layer.keys().any(|path| below(path)))
    }

    /// Where the value of a path comes from; for one that nobody set, the whole target.
    pub(super) fn origin(&self, path: &str) -> Origin {
        self.find(path).map_or_else(|| Origin::Flag(self.owner()), |setting| setting.origin.clone())
    }

    /// The error about the value of a path.
    pub(super) fn value(&self, path: &str, problem: Unreadable) -> ConfigError {
        ConfigError::Value { origin: self.origin(path), key: path.to_owned(), problem }
    }

    /// The error about a path that nobody set; a table stands for the first key in it.
    pub(super) fn missing(&self, path: &str) -> ConfigError {
        ConfigError::Missing { owner: self.owner(), key: path.to_owned(), remedy: self.remedy(path) }
    }

    fn owner(&self) -> String {
        self.target.as_ref().map_or_else(|| "the target of the flags".to_owned(), |name| format!("target `{name}`"))
    }

    /// What to write, and where.
    fn remedy(&self, path: &str) -> String {
        let inside = format!("{path}.");
        let Some(key) = keys::KEYS.iter().find(|key| key.path == path || key.path.starts_with(&inside)) else {
            return String::new();
        };
        let outside = format!("{} or set {}", key.typed(), key.variable());
        let Some(target) = &self.target else {
            return format!("give {outside}");
        };
        let file = self.file.as_ref().map_or_else(|| FILE_NAME.to_owned(), |file| file.display().to_string());
        let (table, name) = path.rsplit_once('.').map_or(("", path), |(table, name)| (table, name));
        let table =
            if table.is_empty() { format!("[targets.{target}]") } else { format!("[targets.{target}.{table}]") };
        let value = if key.path == path {
            key.example.to_owned()
        } else {
            format!("{{ {} = {} }}", &key.path[inside.len()..], key.example)
        };
        format!("write `{name} = {value}` in {table} of {file}, or give {outside}")
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{document::Document, overrides::insert},
        *,
    };

    fn settings(file: &str, variables: &[(&'static str, &str)], flags: &[(&'static str, &str)]) -> Settings {
        let text = format!("[targets.staging]\n{file}");
        let mut document = Document::parse("bo.toml".as_ref(), &text).expect("a good file");
        let layer = |given: &[(&'static str, &str)], origin: &Origin| {
            let mut layer = Layer::new();
            given.iter().for_each(|(path, value)| insert(&mut layer, path, value, origin));
            layer
        };
        let target = document.targets.remove("staging").expect("the target of the file");
        let flags = layer(flags, &Origin::Flag("--flag".to_owned()));
        let variables = layer(variables, &Origin::Variable("VARIABLE".to_owned()));
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
    fn of_keys_that_exclude_each_other_the_strongest_layer_decides() {
        let read = settings("password = { env = 'A' }", &[], &[("password.file", "pw")]);
        assert!(matches!(read.one_of(&["password.env", "password.file"]), Ok(Some("password.file"))));
        let both = settings("password = { env = 'A', file = 'pw' }", &[], &[]);
        let error = both.one_of(&["password.env", "password.file"]).expect_err("two are given").to_string();
        assert_eq!(error, "bo.toml:2:32: both `password.env` and `password.file` are given; keep one of them");
    }

    #[test]
    fn what_is_missing_is_explained_with_an_example() {
        let read = settings("", &[], &[]);
        assert_eq!(
            read.missing("login").to_string(),
            "target `staging`: `login` is missing; write `login = \"qa-certifier\"` in [targets.staging] of bo.toml, or \
             give --login LOGIN or set BO_CONFORMANCE_LOGIN"
        );
        assert_eq!(
            read.missing("second_user.password").to_string(),
            "target `staging`: `second_user.password` is missing; write `password = { env = \"BO_PASSWORD_2\" }` in \
             [targets.staging.second_user] of bo.toml, or give --second-password-env VARIABLE or set \
             BO_CONFORMANCE_SECOND_PASSWORD_ENV"
        );
    }

    #[test]
    fn a_target_of_flags_is_not_told_to_write_a_file() {
        let read = Settings::new(Vec::new(), None, None);
        assert_eq!(
            read.missing("login").to_string(),
            "the target of the flags: `login` is missing; give --login LOGIN or set BO_CONFORMANCE_LOGIN"
        );
    }
}
