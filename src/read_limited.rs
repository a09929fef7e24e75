//! Reads files and pipes up to a limit, so that no input can fill the memory, and text files of any editor: with or without
//! a byte order mark, with lines that end in LF or CRLF.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
    time::Duration,
};

use thiserror::Error;

/// How long a pipe may take to give what it holds.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Why a file cannot be read.
#[derive(Debug, Error)]
pub(crate) enum ReadError {
    /// It does not exist, or cannot be opened or read.
    #[error("{} cannot be read: {reason}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: io::Error,
    },
    /// A folder, a pipe or a device.
    #[error("{} is not a file", .0.display())]
    NotAFile(PathBuf),
    /// It is too large to be what it should be.
    #[error("{} has more than {limit} bytes, the most that such a file can have", file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// The most it may have.
        limit: u64,
    },
}

/// All bytes of `source`, at most `limit`.
///
/// # Errors
/// When it cannot be read; [`io::ErrorKind::FileTooLarge`] when it has more bytes.
pub(crate) fn read_limited(source: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    source.take(limit.saturating_add(1)).read_to_end(&mut content)?;
    if content.len() as u64 > limit {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it is larger than {} KiB", limit / 1024)));
    }
    Ok(content)
}

/// The content of a regular file of at most `limit` bytes.
///
/// # Errors
/// When it cannot be read, is not a file or is larger.
pub(crate) fn read_file(file: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let unreadable = |reason| ReadError::Unreadable { file: file.to_owned(), reason };
    // Checked before it is opened: opening a pipe waits for a writer.
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(ReadError::NotAFile(file.to_owned()));
    }
    let opened = File::open(file).map_err(unreadable)?;
    read_limited(opened, limit).map_err(|reason| match reason.kind() {
        io::ErrorKind::FileTooLarge => ReadError::TooLarge { file: file.to_owned(), limit },
        _ => ReadError::Unreadable { file: file.to_owned(), reason },
    })
}

/// The text of a file or pipe of at most `limit` bytes, without byte order mark, with LF at the end of lines.
///
/// # Errors
/// As [`read_limited`]; [`io::ErrorKind::InvalidData`] when it is not UTF-8, [`io::ErrorKind::TimedOut`] when a pipe has no end within
/// ten seconds.
pub(crate) fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    normalize_text(&read_bytes(path, limit)?)
}

/// All bytes of a file or pipe, at most `limit`.
///
/// # Errors
/// As [`read_text`], but for the encoding.
pub(crate) fn read_bytes(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    if path.metadata()?.is_file() {
        read_limited(File::open(path)?, limit)
    } else {
        read_pipe(path.to_owned(), limit, LONGEST_WAIT)
    }
}

/// Opening a pipe waits for a writer, and reading it for its end, which may never come: that thread is left alone then.
fn read_pipe(path: PathBuf, limit: u64, wait: Duration) -> io::Result<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    // What comes too late is dropped.
    thread::spawn(move || sender.send(File::open(path).and_then(|pipe| read_limited(pipe, limit))).ok());
    let silent = || format!("it is a pipe without an end: what writes to it must close it within {} s", wait.as_secs());
    receiver.recv_timeout(wait).unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, silent())))
}

/// The text of these bytes, without byte order mark, with LF at the end of lines.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] when they are not UTF-8.
pub(crate) fn normalize_text(content: &[u8]) -> io::Result<String> {
    let text = std::str::from_utf8(content)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8; save it as UTF-8 text"))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_may_have_as_many_bytes_as_the_limit_and_no_more() {
        assert_eq!(read_limited(&b"12345"[..], 5).expect("it is short enough"), b"12345");
        for endless in [Box::new(&b"123456"[..]) as Box<dyn Read>, Box::new(io::repeat(0))] {
            let error = read_limited(endless, 5).expect_err("it is too long");
            assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_read_to_its_end_and_one_without_an_end_is_refused() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let pipe = home.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo starts").success());
        let silent = read_pipe(pipe, 10, Duration::from_millis(20)).expect_err("nobody writes");
        assert_eq!(silent.kind(), io::ErrorKind::TimedOut);
        let there = home.path().join("there");
        assert!(std::process::Command::new("mkfifo").arg(&there).status().expect("mkfifo starts").success());
        let writer = thread::spawn({
            let there = there.clone();
            move || std::fs::write(there, "key = 1\r\n")
        });
        assert_eq!(read_text(&there, 10).expect("it has an end"), "key = 1\n");
        writer.join().expect("no panic").expect("it is written");
    }

    #[test]
    fn folders_devices_and_large_files_are_refused() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let file = home.path().join("file");
        std::fs::write(&file, "12345").expect("a file");
        assert_eq!(read_file(&file, 5).expect("it is small enough"), b"12345");
        for (path, limit, complaint) in [
            (file.as_path(), 4, "more than 4 bytes"),
            (home.path(), 4, "is not a file"),
            (Path::new("/dev/zero"), 4, "is not a file"),
            (Path::new("/no/such/file"), 4, "cannot be read"),
        ] {
            let error = read_file(path, limit).expect_err(complaint).to_string();
            assert!(error.contains(complaint), "{error}");
        }
    }

    #[test]
    fn a_byte_order_mark_and_carriage_returns_are_not_part_of_the_text() {
        let text = |bytes: &[u8]| normalize_text(bytes).map_err(|error| error.to_string());
        assert_eq!(text(b"\xef\xbb\xbfa\r\nb\r\n"), Ok("a\nb\n".to_owned()));
        assert_eq!(text(b"a\nb\rc"), Ok("a\nb\rc".to_owned()));
        assert_eq!(text(b"\xff\xfea\0"), Err("it is not UTF-8; save it as UTF-8 text".to_owned()));
    }
}
