//! Writes reports into a folder.

use std::{
    fs, io, panic,
    path::{Path, PathBuf},
    thread,
};

use thiserror::Error;

use super::{
    renderer::{Format, Written},
    step_summary::step_summary,
};
use crate::{atomic_write, results::Results};

/// A folder that accepts files.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

/// Why reports cannot be written.
#[derive(Debug, Error)]
pub(crate) enum FolderError {
    /// The folder cannot be used; found before the run.
    #[error("reports cannot be written into {}: {reason}; choose another folder with --reports", folder.display())]
    Unusable {
        /// The folder.
        folder: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// A file cannot be written; found after the run.
    #[error("{} cannot be written: {reason}", file.display())]
    Unwritten {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: io::Error,
    },
}

/// Writes the reports, and the summary where a CI service asks for it.
///
/// # Errors
/// When one of them cannot be written.
pub(crate) fn write(results: &Results, folder: &Folder, formats: &[Format]) -> anyhow::Result<Vec<Written>> {
    let mut written: Vec<Written> = folder.write(results, formats)?.into_iter().map(Into::into).collect();
    written.extend(step_summary(results)?);
    Ok(written)
}

impl Folder {
    /// Creates the folder if necessary and writes a trial file, so that a problem is known before the run.
    ///
    /// # Errors
    /// When it cannot be created, is not a folder, or accepts no file.
    pub(crate) fn open(path: impl Into<PathBuf>) -> Result<Self, FolderError> {
        let folder = Self { path: path.into() };
        let trial = folder.path.join(format!(".trial.{}", std::process::id()));
        fs::create_dir_all(&folder.path)
            .and_then(|()| fs::write(&trial, ""))
            .and_then(|()| fs::remove_file(&trial))
            .map_err(|reason| FolderError::Unusable { folder: folder.path.clone(), reason })?;
        Ok(folder)
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Renders results into these formats in parallel and returns the files.
    ///
    /// # Errors
    /// As [`Folder::write_as`], for the first format that cannot be written.
    pub(crate) fn write(&self, results: &Results, formats: &[Format]) -> Result<Vec<PathBuf>, FolderError> {
        thread::scope(|scope| {
            let write = |format: &Format| {
                let format = *format;
                scope.spawn(move || self.write_as(format, results))
            };
            let running: Vec<_> = formats.iter().map(write).collect();
            let ended = running.into_iter().map(|file| file.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
            ended.collect()
        })
    }

    /// Renders results into a file and returns its path. An earlier file stays until the new one is complete.
    ///
    /// # Errors
    /// When the file cannot be written or cannot replace an earlier one.
    pub(crate) fn write_as(&self, format: Format, results: &Results) -> Result<PathBuf, FolderError> {
        let file = self.path.join(format.file_name());
        written(file, |file| atomic_write::write(file, |out| format.render(results, out)))
    }

    /// Writes a small file of this name.
    ///
    /// # Errors
    /// As [`Folder::write_as`].
    pub(crate) fn write_text(&self, name: &str, text: &str) -> Result<PathBuf, FolderError> {
        written(self.path.join(name), |file| atomic_write::write_text(file, text))
    }
}

fn written(file: PathBuf, write: impl FnOnce(&Path) -> io::Result<()>) -> Result<PathBuf, FolderError> {
    match write(&file) {
        Ok(()) => Ok(file),
        Err(reason) => Err(FolderError::Unwritten { file, reason }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::sample;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("the folder is there");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("it can be read").file_name().display().to_string()).collect();
        names.sort();
        names
    }

    #[test]
    fn every_format_has_one_file_and_no_other_is_left() {
        let home = tempfile::tempdir().expect("there is room");
        let path = home.path().join("deep/reports");
        let folder = Folder::open(&path).expect("it can be made");
        assert_eq!(names(&path), [""; 0]);
        for file in folder.write(&sample::failing(), &Format::ALL).expect("they can be written") {
            assert!(fs::metadata(&file).expect("it is there").len() > 100, "{}", file.display());
        }
        let mut expected = Format::ALL.map(Format::file_name);
        expected.sort_unstable();
        assert_eq!(names(&path), expected);
    }

    #[test]
    fn a_failed_write_leaves_the_folder_unchanged() {
        let home = tempfile::tempdir().expect("there is room");
        let folder = Folder::open(home.path()).expect("it is there");
        fs::create_dir(home.path().join("junit.xml")).expect("a folder is in the way");
        let error = folder.write_as(Format::Junit, &sample::passing()).expect_err("a file cannot replace a folder");
        assert!(error.to_string().contains("junit.xml cannot be written: "), "{error}");
        assert_eq!(names(home.path()), ["junit.xml"]);
    }

    #[test]
    fn a_file_is_refused_as_folder() {
        let home = tempfile::tempdir().expect("there is room");
        let file = home.path().join("reports");
        fs::write(&file, "a file").expect("it can be written");
        let error = Folder::open(&file).expect_err("it is a file").to_string();
        let begins = format!("reports cannot be written into {}: ", file.display());
        assert!(error.starts_with(&begins) && error.ends_with("; choose another folder with --reports"), "{error}");
    }
}
