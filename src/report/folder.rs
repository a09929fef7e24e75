//! Writes reports into a folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
    thread,
};

use thiserror::Error;

use super::renderer::Format;
use crate::{
    atomic_write,
    read_limited::read_file,
    results::{LARGEST, Results, SealError, write_seal},
};

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

    /// Renders results into these formats, all at once, in memory.
    pub(crate) fn render(&self, results: &Results, formats: &[Format]) -> Vec<Rendered> {
        let mut reports: Vec<(Format, Option<Rendered>)> = formats.iter().map(|format| (*format, None)).collect();
        thread::scope(|scope| {
            for (format, report) in &mut reports {
                scope.spawn(move || {
                    let mut bytes = Vec::new();
                    let rendered = format.render(results, &mut bytes).map(|()| bytes);
                    *report = Some(Rendered { file: self.path.join(format.file_name()), rendered });
                });
            }
        });
        reports.into_iter().filter_map(|(_, report)| report).collect()
    }

    /// Writes rendered reports and gives the paths of the files. An earlier file stays as it was until the new one is complete.
    ///
    /// # Errors
    /// For the first file that cannot be written, or cannot take the place of an earlier one. The others are written all the same.
    pub(crate) fn write(&self, reports: Vec<Rendered>) -> Result<Vec<PathBuf>, FolderError> {
        let write = |Rendered { file, rendered }: Rendered| {
            written(file, |file| {
                let bytes = rendered?;
                atomic_write::write(file, |out| out.write_all(&bytes))
            })
        };
        let all: Vec<_> = reports.into_iter().map(write).collect();
        all.into_iter().collect()
    }

    /// Seals the results in this folder as they are.
    ///
    /// # Errors
    /// When they cannot be read or sealed.
    pub(crate) fn seal_results(&self) -> Result<(), SealError> {
        let file = self.path.join(Format::Json.file_name());
        write_seal(&file, &read_file(&file, LARGEST)?)
    }

    /// Removes the reports of these formats that an earlier run has left.
    ///
    /// # Errors
    /// When one of them cannot be removed.
    pub(crate) fn remove(&self, formats: &[Format]) -> Result<(), FolderError> {
        for file in formats.iter().map(|format| self.path.join(format.file_name())) {
            match fs::remove_file(&file) {
                Err(reason) if reason.kind() != io::ErrorKind::NotFound => {
                    return Err(FolderError::Unwritten { file, reason });
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes a small file of this name.
    ///
    /// # Errors
    /// As [`Folder::write_as`].
    pub(crate) fn write_text(&self, name: &str, text: &str) -> Result<PathBuf, FolderError> {
        written(self.path.join(name), |file| atomic_write::write_text(file, text))
    }
}

/// A report that is not written yet.
#[derive(Debug)]
pub(crate) struct Rendered {
    file: PathBuf,
    rendered: io::Result<Vec<u8>>,
}

impl Rendered {
    /// What will be in the file; nothing where it could not be rendered.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.rendered.as_deref().unwrap_or_default()
    }

    /// The file and what will be in it.
    pub(crate) fn place_and_bytes(&self) -> (String, &[u8]) {
        (self.file.display().to_string(), self.bytes())
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
    use crate::{
        mutation::read_altered,
        results::{parse, sample},
    };

    #[test]
    fn altered_results_are_refused_or_rendered() {
        let folder = Folder { path: PathBuf::from("reports") };
        let texts = sample::all().map(|results| serde_json::to_string(&results).expect("it is JSON"));
        read_altered(&texts.each_ref().map(String::as_str), |text| {
            if let Ok(results) = parse(text.as_bytes()) {
                assert!(folder.render(&results, &Format::ALL).iter().all(|report| report.rendered.is_ok()));
            }
        });
    }

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
        for file in folder.write(folder.render(&sample::failing(), &Format::ALL)).expect("they can be written") {
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
        let error = folder
            .write(folder.render(&sample::passing(), &[Format::Junit]))
            .expect_err("a file cannot replace a folder");
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
