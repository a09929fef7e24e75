//! The configuration file: its tables and settings, each with its span. Refuses unknown keys at every level; the meaning of
//! values is the concern of others.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::{
    error::ConfigError,
    keys::{self, Key},
    password,
    span::{SourceText, Span},
    value::{Raw, Setting, ValueOrigin},
};
use crate::{did_you_mean::suggestion, read_limited::read_text};

/// Largest configuration file, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// Settings by the paths of their keys.
pub(super) type Layer = BTreeMap<&'static str, Setting>;

/// A configuration file that has been read.
pub(super) struct ConfigDocument {
    pub(super) path: PathBuf,
    /// The folder that paths in the file are relative to; empty for the current one.
    pub(super) folder: PathBuf,
    /// The keys above all targets.
    pub(super) top: Layer,
    pub(super) targets: BTreeMap<String, TargetTable>,
}

/// One `[targets.NAME]`.
#[derive(Default)]
pub(super) struct TargetTable {
    pub(super) settings: Layer,
    pub(super) waivers: Vec<WaiverTable>,
}

/// One `[[targets.NAME.waivers]]`.
pub(super) struct WaiverTable {
    pub(super) span: Span,
    pub(super) settings: Layer,
}

impl ConfigDocument {
    /// Reads a file or a pipe.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text =
            read_text(path, LARGEST).map_err(|reason| ConfigError::UnreadableFile { path: path.to_owned(), reason })?;
        // Nothing lies beside a pipe, nor beside /dev/stdin, which may be a file.
        let is_file = path.is_file() && !path.starts_with("/dev");
        let folder = path.parent().filter(|_| is_file).unwrap_or(Path::new(""));
        Self::parse(path, folder, &text)
    }

    /// Parses the text of a file whose relative paths begin in `folder`.
    pub(super) fn parse(path: &Path, folder: &Path, text: &str) -> Result<Self, ConfigError> {
        let parser = Parser(SourceText { path, folder, text });
        let table = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
            span: parser.0.span(error.span().unwrap_or(0..0)),
            message: error.message().replace('\n', ", "),
        })?;
        let (path, folder) = (path.to_owned(), folder.to_owned());
        let mut document = Self { path, folder, top: Layer::new(), targets: BTreeMap::new() };
        for (key, value) in table.get_ref() {
            if key.get_ref() == "targets" {
                document.targets = parser.targets(value)?;
            } else {
                parser.entry(&mut document.top, &KeyTable::top(), key, value)?;
            }
        }
        Ok(document)
    }

    /// The environment variables that the passwords of any target are taken from.
    pub(super) fn password_variables(&self) -> Vec<&str> {
        let settings = self.targets.values().flat_map(|target| &target.settings);
        let variables = settings.filter(|(path, _)| password::VARIABLES.contains(path));
        variables
            .filter_map(|(_, setting)| if let Raw::Text(name) = &setting.raw { Some(name.as_str()) } else { None })
            .collect()
    }
}

/// Walks through the tables of a file, with its text at hand for spans.
struct Parser<'a>(SourceText<'a>);

impl Parser<'_> {
    fn targets(&self, value: &Spanned<DeValue<'_>>) -> Result<BTreeMap<String, TargetTable>, ConfigError> {
        let mut targets = BTreeMap::new();
        for (name, value) in self.table(value, "targets", &KeyTable::top())? {
            let name = name.get_ref().as_ref();
            let table = self.table(value, name, &KeyTable::targets())?;
            targets.insert(name.to_owned(), self.target(name, table)?);
        }
        Ok(targets)
    }

    fn target(&self, name: &str, table: &DeTable<'_>) -> Result<TargetTable, ConfigError> {
        let within = KeyTable::target(name);
        let mut target = TargetTable::default();
        for (key, value) in table {
            if key.get_ref() == "waivers" {
                let list = value.get_ref().as_array().ok_or_else(|| self.not_a_table(value, "waivers", &within))?;
                target.waivers = list.iter().map(|waiver| self.waiver(waiver, name)).collect::<Result<_, _>>()?;
            } else {
                self.entry(&mut target.settings, &within, key, value)?;
            }
        }
        Ok(target)
    }

    fn waiver(&self, value: &Spanned<DeValue<'_>>, target: &str) -> Result<WaiverTable, ConfigError> {
        let within = KeyTable::waiver(target);
        let mut settings = Layer::new();
        for (key, value) in self.table(value, "waivers", &KeyTable::target(target))? {
            self.entry(&mut settings, &within, key, value)?;
        }
        Ok(WaiverTable { span: self.0.span(value.span()), settings })
    }

    /// Adds a key with its value, or the keys of the table that is its value.
    fn entry(
        &self,
        layer: &mut Layer,
        within: &KeyTable,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), ConfigError> {
        let name = key.get_ref().as_ref();
        if let Some(known) = within.find(name) {
            let origin = ValueOrigin::File(self.0.span(value.span()));
            layer.insert(known, Setting { raw: raw(value.get_ref()), origin });
            return Ok(());
        }
        let names = within.names();
        if !names.contains(&name) {
            return Err(ConfigError::UnknownKey {
                span: self.0.span(key.span()),
                key: name.to_owned(),
                location: within.location(),
                suggestion: suggestion(name, names),
            });
        }
        if name == "password" && value.get_ref().as_table().is_none() {
            return Err(ConfigError::InlinePassword { span: self.0.span(value.span()) });
        }
        let inner = within.inner(name);
        for (key, value) in self.table(value, name, within)? {
            self.entry(layer, &inner, key, value)?;
        }
        Ok(())
    }

    fn table<'v, 'i>(
        &self,
        value: &'v Spanned<DeValue<'i>>,
        key: &str,
        within: &KeyTable,
    ) -> Result<&'v DeTable<'i>, ConfigError> {
        value.get_ref().as_table().ok_or_else(|| self.not_a_table(value, key, within))
    }

    fn not_a_table(&self, value: &Spanned<DeValue<'_>>, key: &str, within: &KeyTable) -> ConfigError {
        ConfigError::NotATable {
            span: self.0.span(value.span()),
            key: key.to_owned(),
            location: within.location(),
            example: within.example(key),
        }
    }
}

fn raw(value: &DeValue<'_>) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Boolean(value) => Raw::Bool(*value),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Raw::Other("a number too large"), Raw::Int)
        }
        DeValue::Float(number) => number.as_str().parse().map_or(Raw::Other("a fraction"), Raw::Float),
        DeValue::Datetime(date) => match (date.date, date.time) {
            // TOML writes a day as ISO 8601 does, which the calendar reads.
            (Some(day), None) => day.to_string().parse().map_or(Raw::Other("a day that no calendar has"), Raw::Date),
            _ => Raw::Other("a time"),
        },
        DeValue::Array(list) => Raw::List(list.iter().map(|item| raw(item.get_ref())).collect()),
        DeValue::Table(table) => {
            Raw::Table(table.iter().map(|(name, value)| (name.get_ref().to_string(), raw(value.get_ref()))).collect())
        }
    }
}

/// The keys that a table of the file may have, and its name in messages.
struct KeyTable {
    title: String,
    prefix: String,
    keys: &'static [Key],
    /// The table of tables that it has beside its keys.
    tables: &'static str,
}

impl KeyTable {
    fn top() -> Self {
        Self { title: String::new(), prefix: String::new(), keys: keys::TOP, tables: "targets" }
    }

    fn targets() -> Self {
        Self { title: "[targets]".to_owned(), ..Self::top() }
    }

    fn target(name: &str) -> Self {
        Self { title: format!("[targets.{name}]"), prefix: String::new(), keys: keys::TARGET, tables: "waivers" }
    }

    fn waiver(target: &str) -> Self {
        let title = format!("[[targets.{target}.waivers]]");
        Self { title, prefix: String::new(), keys: keys::WAIVER, tables: "" }
    }

    /// The table that is the value of this key.
    fn inner(&self, key: &str) -> Self {
        let title = format!("{}.{key}]", self.title.trim_end_matches(']'));
        Self { title, prefix: format!("{}{key}.", self.prefix), keys: self.keys, tables: "" }
    }

    /// Where it is, as part of a sentence.
    fn location(&self) -> String {
        if self.title.is_empty() { "at the top of the file".to_owned() } else { format!("in {}", self.title) }
    }

    /// The path of the key with this name, if it has a value of its own.
    fn find(&self, name: &str) -> Option<&'static str> {
        let path = format!("{}{name}", self.prefix);
        self.keys.iter().map(|key| key.path).find(|known| *known == path)
    }

    /// The names of its keys and tables.
    fn names(&self) -> Vec<&'static str> {
        let inside = self.keys.iter().filter_map(|key| key.path.strip_prefix(self.prefix.as_str()));
        let mut names: Vec<_> = inside.map(|rest| rest.split_once('.').map_or(rest, |(name, _)| name)).collect();
        names.extend((!self.tables.is_empty()).then_some(self.tables));
        names.dedup();
        names
    }

    /// A line to copy: the first key of an inner table with its example, or the header of the table.
    fn example(&self, key: &str) -> String {
        let path = format!("{}{key}.", self.prefix);
        match self.keys.iter().find(|known| known.path.starts_with(&path)) {
            Some(known) => format!("`{key} = {{ {} = {} }}`", &known.path[path.len()..], known.example),
            None if key == "targets" => "[targets.NAME]".to_owned(),
            None if key == "waivers" => self.inner(key).title.replace('[', "[[").replace(']', "]]"),
            None => format!("[targets.{key}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::mutation::read_altered;

    #[test]
    fn altered_files_are_read_or_refused() {
        let text = "default_target = \"staging\"\n[targets.staging]\nbase_url = \"https://bo.example:8443/rest\"\nlogin = \"qa\"\n\
                    password = { env = \"BO_PASSWORD\" }\nrequests_per_second = \"10/m\"\nmax_wait = \"2m\"\n\
                    short_lifetimes = { access = \"4s\" }\nheaders = { \"X-Api-Key\" = { env = \"KEY\" } }\n\
                    [targets.staging.dialect]\naccess_token = \"/accessToken\"\n\
                    [[targets.staging.waivers]]\nrequirement = \"REFRESH-9\"\nreason = \"later\"\nexpires = 2027-03-31\n";
        read_altered(&[text], |text| {
            let parsed = ConfigDocument::parse(Path::new("bo-conformance.toml"), Path::new("."), text);
            let _ = parsed.map(|document| document.password_variables().len()).map_err(|error| error.to_string());
        });
    }

    #[test]
    fn files_of_any_editor_are_read() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let path = home.path().join("bo.toml");
        fs::write(&path, "\u{feff}reports = 'out'\r\n[targets.a]\r\nlogin = 'qa'\r\n").expect("a file");
        let document = ConfigDocument::read(&path).expect("a good file");
        assert_eq!((document.top.len(), document.targets.len()), (1, 1));
        assert_eq!(document.folder, home.path());
        fs::write(&path, "\u{feff}# staging\r\nrepports = 'out'\r\n").expect("a file");
        let error = ConfigDocument::read(&path).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.ends_with("bo.toml:2:1: unknown key `repports` at the top of the file; did you mean `reports`?\n  |\n2 | repports = 'out'\n  | ^^^^^^^^"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_read_up_to_the_limit_and_its_paths_begin_in_the_current_folder() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let pipe = home.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        let read = |text: String| {
            let to = pipe.clone();
            let writer = std::thread::spawn(move || fs::write(to, text));
            let document = ConfigDocument::read(&pipe);
            // Writing fails where the reader has read enough.
            let _ = writer.join();
            document
        };
        let document = read("reports = 'out'\n".to_owned()).expect("a good configuration");
        assert_eq!((document.top.len(), document.folder), (1, PathBuf::new()));
        let error = read("#".repeat(1024 * 1024 + 1)).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.ends_with("pipe cannot be read: it is larger than 1024 KiB"), "{error}");
    }
}
