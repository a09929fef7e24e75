//! The folder of a baseline: snapshots that are reviewed in version control, pending ones of a later run beside them until they
//! are accepted, and the latency. Files are written atomically.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use thiserror::Error;

use super::{latency::Latency, record::Record, snapshot::Snapshot};
use crate::{atomic_write, read_limited::read_text, results};

const SNAPSHOT: &str = ".snap";
const PENDING: &str = ".new";
const LATENCY: &str = "latency.json";
/// Largest file of a baseline, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A folder with what was recorded, or for it.
#[derive(Clone, Debug)]
pub(crate) struct Baseline {
    folder: PathBuf,
}

/// A file of a later run, to be reviewed and accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pending {
    /// Its name for `accept`.
    pub(crate) name: String,
    /// Where it is.
    pub(crate) file: PathBuf,
}

/// Why a baseline cannot be read or written.
#[derive(Debug, Error)]
pub(crate) enum BaselineError {
    /// There is none.
    #[error("{} has no baseline; make one with `bo-conformance baseline record`", .0.display())]
    None(PathBuf),
    /// There is one already.
    #[error("{} has a baseline already; compare with it, or record it anew with --replace", .0.display())]
    Exists(PathBuf),
    /// A file is not part of a baseline.
    #[error("{}: {what}; take it from version control, or record the baseline anew with --replace", file.display())]
    Spoilt {
        /// The file.
        file: PathBuf,
        /// Where and what.
        what: String,
    },
    /// A file or folder cannot be read or written.
    #[error("{}: {reason}", file.display())]
    Io {
        /// The file or folder.
        file: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// A name without a pending file.
    #[error("no pending snapshot is called {name}; pending are: {}", pending.join(", "))]
    Unknown {
        /// As given.
        name: String,
        /// What there is.
        pending: Vec<String>,
    },
}

fn io_error(file: &Path) -> impl FnOnce(io::Error) -> BaselineError {
    let file = file.to_owned();
    |reason| BaselineError::Io { file, reason }
}

impl Baseline {
    /// The baseline of a folder, whether there is one or not.
    pub(crate) fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Checks that recording would overwrite nothing.
    ///
    /// # Errors
    /// When there is.
    pub(crate) fn must_be_new(&self) -> Result<(), BaselineError> {
        let any = !self.files(SNAPSHOT)?.is_empty();
        if any { Err(BaselineError::Exists(self.folder.clone())) } else { Ok(()) }
    }

    /// Reads the recorded baseline.
    ///
    /// # Errors
    /// When there is nothing, or a file of it cannot be read.
    pub(crate) fn read(&self) -> Result<Record, BaselineError> {
        let files = self.files(SNAPSHOT)?;
        if files.is_empty() {
            return Err(BaselineError::None(self.folder.clone()));
        }
        let mut snapshot = Snapshot::default();
        for file in files.values() {
            let text = read_text(file, LARGEST).map_err(io_error(file))?;
            snapshot.read_file(&text).map_err(|what| BaselineError::Spoilt { file: file.clone(), what })?;
        }
        Ok(Record { snapshot, latency: self.read_latency()? })
    }

    fn read_latency(&self) -> Result<Latency, BaselineError> {
        let file = self.folder.join(LATENCY);
        match read_text(&file, LARGEST) {
            Ok(text) => serde_json::from_str(&text)
                .map_err(|error| BaselineError::Spoilt { file: file.clone(), what: error.to_string() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Latency::default()),
            Err(error) => Err(io_error(&file)(error)),
        }
    }

    /// Replaces the recorded baseline, and returns its snapshots.
    ///
    /// # Errors
    /// When a file cannot be written or removed.
    pub(crate) fn write(&self, record: &Record) -> Result<Vec<PathBuf>, BaselineError> {
        fs::create_dir_all(&self.folder).map_err(io_error(&self.folder))?;
        let texts = record.snapshot.render_files();
        for (name, text) in &texts {
            self.put(&format!("{name}{SNAPSHOT}"), text)?;
        }
        self.put(LATENCY, &latency_text(&record.latency))?;
        let outdated = self.files(SNAPSHOT)?.into_iter().filter(|(name, _)| !texts.contains_key(name));
        for (_, file) in outdated {
            fs::remove_file(&file).map_err(io_error(&file))?;
        }
        for Pending { file, .. } in self.pending()? {
            fs::remove_file(&file).map_err(io_error(&file))?;
        }
        Ok(self.files(SNAPSHOT)?.into_values().collect())
    }

    /// Writes the pending files of a later run beside those that they differ from, and removes earlier pending files.
    ///
    /// # Errors
    /// When a file cannot be written or removed.
    pub(crate) fn propose(&self, recorded: &Record, later: &Record) -> Result<Vec<Pending>, BaselineError> {
        for Pending { file, .. } in self.pending()? {
            fs::remove_file(&file).map_err(io_error(&file))?;
        }
        let known = recorded.snapshot.render_files();
        let seen = recorded.snapshot.updated_by(&later.snapshot).render_files();
        for (name, text) in seen.iter().filter(|(name, text)| known.get(*name) != Some(*text)) {
            self.put(&format!("{name}{SNAPSHOT}{PENDING}"), text)?;
        }
        if !recorded.latency.worse(&later.latency).is_empty() {
            self.put(&format!("{LATENCY}{PENDING}"), &latency_text(&later.latency))?;
        }
        self.pending()
    }

    /// The pending files.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) fn pending(&self) -> Result<Vec<Pending>, BaselineError> {
        let mut files = self.files(&format!("{SNAPSHOT}{PENDING}"))?;
        files.extend(self.files(&format!(".json{PENDING}"))?);
        Ok(files.into_iter().map(|(name, file)| Pending { name, file }).collect())
    }

    /// Accepts pending files, all or by name, and returns them.
    ///
    /// # Errors
    /// When nothing of a name waits, before anything is changed; or when a file cannot be renamed.
    pub(crate) fn accept(&self, names: &[String]) -> Result<Vec<Pending>, BaselineError> {
        let pending = self.pending()?;
        let known = || pending.iter().map(|it| it.name.clone()).collect();
        if let Some(name) = names.iter().find(|name| pending.iter().all(|it| it.name != **name)) {
            return Err(BaselineError::Unknown { name: name.clone(), pending: known() });
        }
        let wanted = |it: &Pending| names.is_empty() || names.contains(&it.name);
        let taken: Vec<Pending> = pending.into_iter().filter(wanted).collect();
        for Pending { file, .. } in &taken {
            fs::rename(file, file.with_extension("")).map_err(io_error(file))?;
        }
        Ok(taken)
    }

    fn put(&self, name: &str, text: &str) -> Result<(), BaselineError> {
        let file = self.folder.join(name);
        atomic_write::write_text(&file, text).map_err(io_error(&file))
    }

    /// The files with this ending, by their names without it; none where the folder does not exist.
    fn files(&self, ending: &str) -> Result<BTreeMap<String, PathBuf>, BaselineError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(io_error(&self.folder)(error)),
        };
        let mut files = BTreeMap::new();
        for entry in entries {
            let entry = entry.map_err(io_error(&self.folder))?;
            let name = entry.file_name();
            let bare = name.to_str().and_then(|name| name.strip_suffix(ending)).filter(|bare| !bare.starts_with('.'));
            files.extend(bare.map(|bare| (bare.to_owned(), entry.path())));
        }
        Ok(files)
    }
}

/// Reads a recorded folder, or the `results.json` of a run.
///
/// # Errors
/// When it is neither.
pub(crate) fn read_record(path: &Path) -> anyhow::Result<Record> {
    if path.is_dir() {
        return Ok(Baseline::at(path).read()?);
    }
    Ok(Record::from_results(&results::read(path)?))
}

fn latency_text(latency: &Latency) -> String {
    let mut text = serde_json::to_string_pretty(latency).unwrap_or_default();
    text.push('\n');
    text
}
