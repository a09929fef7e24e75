//! The configuration file, read into settings that know their places. What the values mean is not asked here.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use toml::de::DeTable;

use super::{
    ConfigError,
    place::{Place, Source},
    reader::Reader,
    setting::{Raw, Setting},
    table::Table,
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
        let text =
            read_bounded(path).map_err(|source| ConfigError::UnreadableFile { path: path.to_owned(), source })?;
        Self::parse(path, &text)
    }

    /// Reads the text of a file.
    pub(super) fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        let reader = Reader(Source { path, text });
        let table = DeTable::parse(text).map_err(|error| ConfigError::Syntax {
            at: reader.0.place(error.span().unwrap_or(0..0)),
            message: error.message().replace('\n', ", "),
        })?;
        let mut document = Self { path: path.to_owned(), top: Layer::new(), targets: BTreeMap::new() };
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
            .filter_map(|(_, setting)| if let Raw::Text(name) = &setting.raw { Some(name.as_str()) } else { None })
            .collect()
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
