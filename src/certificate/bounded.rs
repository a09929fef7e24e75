//! Files that somebody hands in are read up to a limit, whatever they are.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use ring::digest::{Context, SHA256};
use thiserror::Error;

/// Why a file cannot be read.
#[derive(Debug, Error)]
pub(crate) enum ReadError {
    /// There is none, or it cannot be opened or read.
    #[error("{} cannot be read: {reason}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// A folder or a device.
    #[error("{} is no file", .0.display())]
    NoFile(PathBuf),
    /// It is too large to be what it should be.
    #[error("{} has more than {limit} bytes, which is more than such a file can have", file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// The most it may have.
        limit: u64,
    },
}

/// The content of a file of at most so many bytes.
///
/// # Errors
/// When it cannot be read, is no file or is larger.
pub(crate) fn read(file: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let unreadable = |reason| ReadError::Unreadable { file: file.to_owned(), reason };
    // Looked at before it is opened: to open a pipe waits for a writer.
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(ReadError::NoFile(file.to_owned()));
    }
    let mut content = Vec::new();
    let opened = File::open(file).map_err(unreadable)?;
    opened.take(limit + 1).read_to_end(&mut content).map_err(unreadable)?;
    if content.len() as u64 > limit {
        return Err(ReadError::TooLarge { file: file.to_owned(), limit });
    }
    Ok(content)
}

/// The SHA-256 of a content, in hexadecimal digits.
pub(crate) fn sha256(content: &[u8]) -> String {
    let mut context = Context::new(&SHA256);
    context.update(content);
    context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_no_file_or_too_large_is_refused() {
        let home = tempfile::tempdir().expect("there is room");
        let file = home.path().join("file");
        fs::write(&file, "12345").expect("it can be written");
        assert_eq!(read(&file, 5).expect("it is small enough"), b"12345");
        for (path, limit, complaint) in [
            (file.as_path(), 4, "more than 4 bytes"),
            (home.path(), 4, "is no file"),
            (Path::new("/dev/zero"), 4, "is no file"),
            (Path::new("/no/such/file"), 4, "cannot be read"),
        ] {
            let error = read(path, limit).expect_err(complaint).to_string();
            assert!(error.contains(complaint), "{error}");
        }
    }
}
