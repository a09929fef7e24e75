//! The configuration file, read into settings that know their places. Refuses keys that do not exist, wherever they stand;
//! what the values mean is not asked here.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::{
    ConfigError, keys,
    nearest::advice,
    place::{Place, Source},
    setting::{Origin, Raw, Setting},
};

/// Far more than anybody writes by hand.
const LARGEST: u64 = 1024 * 1024;

/// Settings by their path.
pub(super) type Layer = BTreeMap<&'static str, Setting>;

/// A configuration file that has been read.
pub(super) struct Document {
    pub(super) path: PathBuf,
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
    pub(super) at: Place,
    pub(super) settings: Layer,
}

impl Document {
    /// Reads a file.
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = read_bounded(path).map_err(|source| ConfigError::UnreadableFile {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(path, &text)
    }

    /// Reads the text of a file.
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let reader = Reader(Source { path, text });
        let table = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
            at: reader.0.place(error.span().unwrap_or(0..0)),
            message: error.message().replace('\n', ", "),
        })?;
        let mut document = Self {
            path: path.to_owned(),
            top: Layer::new(),
            targets: BTreeMap::new(),
        };
        for (key, value) in table.get_ref() {
            if key.get_ref() == "targets" {
                document.targets = reader.targets(value)?;
            } else {
                reader.entry(&mut document.top, &Table::TOP, key, value)?;
            }
        }
        Ok(document)
    }

    /// The environment variables that any target takes a password from.
    pub(super) fn password_variables(&self) -> Vec<&str> {
        let settings = self.targets.values().flat_map(|target| &target.settings);
        let variables = settings.filter(|(path, _)| path.ends_with("password.env"));
        variables
            .filter_map(|(_, setting)| {
                if let Raw::Text(name) = &setting.raw {
                    Some(name.as_str())
                } else {
                    None
                }
            })
            .collect()
    }
}

/// What a table may hold and what it is called.
struct Table {
    title: String,
    prefix: String,
    known: fn() -> Vec<&'static str>,
}

impl Table {
    const TOP: Self = Self {
        title: String::new(),
        prefix: String::new(),
        known: || keys::TOP.iter().chain(&["targets"]).copied().collect(),
    };

    fn target(name: &str) -> Self {
        let known = || keys::KEYS.iter().map(|key| key.path).chain(["waivers"]).collect();
        Self {
            title: format!("[targets.{name}]"),
            prefix: String::new(),
            known,
        }
    }

    fn waiver(target: &str) -> Self {
        Self {
            title: format!("[[targets.{target}.waivers]]"),
            prefix: String::new(),
            known: || keys::WAIVER.to_vec(),
        }
    }

    /// The table that this key of it holds.
    fn inner(&self, key: &str) -> Self {
        let title = format!("{}.{key}]", self.title.trim_end_matches(']'));
        Self {
            title,
            prefix: format!("{}{key}.", self.prefix),
            known: self.known,
        }
    }

    fn title(&self) -> &str {
        if self.title.is_empty() {
            "the top of the file"
        } else {
            &self.title
        }
    }

    /// The keys that may stand in it, without what lies deeper.
    fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = (self.known)()
            .into_iter()
            .filter_map(|path| path.strip_prefix(self.prefix.as_str()))
            .map(|rest| rest.split_once('.').map_or(rest, |(name, _)| name))
            .collect();
        names.dedup();
        names
    }
}

/// Reads tables, with the text at hand to say where something stands.
struct Reader<'a>(Source<'a>);

impl Reader<'_> {
    fn targets(&self, value: &Spanned<DeValue<'_>>) -> Result<BTreeMap<String, TargetTable>, ConfigError> {
        let mut targets = BTreeMap::new();
        for (name, value) in self.table(value, "targets", &Table::TOP)? {
            let name = name.get_ref().as_ref();
            let outer = Table {
                title: "[targets]".to_owned(),
                ..Table::TOP
            };
            let table = self.table(value, name, &outer)?;
            targets.insert(name.to_owned(), self.target(name, table)?);
        }
        Ok(targets)
    }

    fn target(&self, name: &str, table: &DeTable<'_>) -> Result<TargetTable, ConfigError> {
        let mut target = TargetTable::default();
        for (key, value) in table {
            if key.get_ref() == "waivers" {
                target.waivers = self.waivers(name, value)?;
            } else {
                self.entry(&mut target.settings, &Table::target(name), key, value)?;
            }
        }
        Ok(target)
    }

    fn waivers(&self, target: &str, value: &Spanned<DeValue<'_>>) -> Result<Vec<WaiverTable>, ConfigError> {
        let within = Table::waiver(target);
        let list = value.get_ref().as_array().ok_or_else(|| ConfigError::NotATable {
            at: self.0.place(value.span()),
            key: "waivers".to_owned(),
            table: Table::target(target).title,
            example: within.title.clone(),
        })?;
        list.iter().map(|waiver| self.waiver(waiver, &within, target)).collect()
    }

    fn waiver(&self, value: &Spanned<DeValue<'_>>, within: &Table, target: &str) -> Result<WaiverTable, ConfigError> {
        let mut settings = Layer::new();
        for (key, value) in self.table(value, "waivers", &Table::target(target))? {
            self.entry(&mut settings, within, key, value)?;
        }
        Ok(WaiverTable {
            at: self.0.place(value.span()),
            settings,
        })
    }

    /// One key with its value, which may be a table of keys.
    fn entry(
        &self,
        layer: &mut Layer,
        within: &Table,
        key: &Spanned<DeString<'_>>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), ConfigError> {
        let name = key.get_ref().as_ref();
        let path = format!("{}{name}", within.prefix);
        if let Some(known) = (within.known)().into_iter().find(|known| *known == path) {
            let at = self.0.place(value.span());
            layer.insert(
                known,
                Setting {
                    raw: raw(value.get_ref()),
                    origin: Origin::File(at),
                },
            );
            return Ok(());
        }
        if !within.names().contains(&name) {
            return Err(self.unknown(within, key));
        }
        if name == "password" && value.get_ref().as_table().is_none() {
            return Err(ConfigError::InlinePassword {
                at: self.0.place(value.span()),
            });
        }
        let inner = within.inner(name);
        for (key, value) in self.table(value, name, within)? {
            self.entry(layer, &inner, key, value)?;
        }
        Ok(())
    }

    fn unknown(&self, within: &Table, key: &Spanned<DeString<'_>>) -> ConfigError {
        ConfigError::UnknownKey {
            at: self.0.place(key.span()),
            key: key.get_ref().to_string(),
            table: within.title().to_owned(),
            advice: advice(key.get_ref(), within.names()),
        }
    }

    fn table<'v, 'i>(
        &self,
        value: &'v Spanned<DeValue<'i>>,
        key: &str,
        within: &Table,
    ) -> Result<&'v DeTable<'i>, ConfigError> {
        value.get_ref().as_table().ok_or_else(|| ConfigError::NotATable {
            at: self.0.place(value.span()),
            key: key.to_owned(),
            table: within.title().to_owned(),
            example: example_of(within, key),
        })
    }
}

/// A line that somebody can copy: the table's first key with its example, or the header of the table.
fn example_of(within: &Table, key: &str) -> String {
    let path = format!("{}{key}.", within.prefix);
    match keys::KEYS.iter().find(|known| known.path.starts_with(&path)) {
        Some(known) => format!("`{key} = {{ {} = {} }}`", &known.path[path.len()..], known.example),
        None if key == "targets" => "[targets.NAME]".to_owned(),
        None => format!("[targets.{key}]"),
    }
}

fn raw(value: &DeValue<'_>) -> Raw {
    match value {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Boolean(switch) => Raw::Switch(*switch),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Raw::Other("a number too large"), Raw::Whole)
        }
        DeValue::Datetime(date) => match (date.date, date.time) {
            // TOML writes a day as ISO 8601 does, which is what the calendar reads.
            (Some(day), None) => day
                .to_string()
                .parse()
                .map_or(Raw::Other("a day that no calendar has"), Raw::Date),
            _ => Raw::Other("a time"),
        },
        DeValue::Array(list) => Raw::List(list.iter().map(|item| raw(item.get_ref())).collect()),
        DeValue::Float(_) => Raw::Other("a fraction"),
        DeValue::Table(_) => Raw::Other("a table"),
    }
}

fn read_bounded(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(LARGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 MiB"));
    }
    Ok(text)
}
