//! The folder that reports are written into.

use std::{
    fs, io, panic,
    path::{Path, PathBuf},
    thread,
};

use thiserror::Error;

use super::Format;
use crate::{atomic_write, results::Results};

/// A folder that files can be written into.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

/// Why reports cannot be written.
#[derive(Debug, Error)]
pub(crate) enum FolderError {
    /// Found out before the run.
    #[error("reports cannot be written into {}: {reason}; choose another folder with --reports", folder.display())]
    Unusable {
        /// The folder.
        folder: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// Found out after it.
    #[error("{} cannot be written: {reason}", file.display())]
    Unwritten {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: io::Error,
    },
}

impl Folder {
    /// Makes the folder where there is none, and tries whether a file can be written, so that this is known before a run and
    /// not after it.
    ///
    /// # Errors
    /// When it cannot be made, is no folder, or cannot be written into.
    pub(crate) fn open(path: impl Into<PathBuf>) -> Result<Self, FolderError> {
        let folder = Self { path: path.into() };
        let trial = folder.path.join(format!(".trial.{}", std::process::id()));
        fs::create_dir_all(&folder.path)
            .and_then(|()| fs::write(&trial, ""))
            .and_then(|()| fs::remove_file(&trial))
            .map_err(|reason| FolderError::Unusable { folder: folder.path.clone(), reason })?;
        Ok(folder)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Renders results into these formats, all at once, and gives the paths of the files.
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

    /// Renders results into a file and gives its path. An earlier file stays as it was until the new one is complete.
    ///
    /// # Errors
    /// When the file cannot be written, or cannot take the place of an earlier one.
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
    use crate::report::sample;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("the folder is there");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("it can be read").file_name().display().to_string()).collect();
        names.sort();
        names
    }

    #[test]
    fn every_format_gets_its_file_and_nothing_else_is_left() {
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
    fn what_cannot_be_written_leaves_the_folder_as_it_was() {
        let home = tempfile::tempdir().expect("there is room");
        let folder = Folder::open(home.path()).expect("it is there");
        fs::create_dir(home.path().join("junit.xml")).expect("a folder is in the way");
        let error = folder.write_as(Format::Junit, &sample::passing()).expect_err("a file cannot replace a folder");
        assert!(error.to_string().contains("junit.xml cannot be written: "), "{error}");
        assert_eq!(names(home.path()), ["junit.xml"]);
    }

    #[test]
    fn a_file_is_no_folder() {
        let home = tempfile::tempdir().expect("there is room");
        let file = home.path().join("reports");
        fs::write(&file, "a file").expect("it can be written");
        let error = Folder::open(&file).expect_err("it is a file").to_string();
        let begins = format!("reports cannot be written into {}: ", file.display());
        assert!(error.starts_with(&begins) && error.ends_with("; choose another folder with --reports"), "{error}");
    }
}
