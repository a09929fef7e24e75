//! The files of a program under test, by their digests, so that a certificate of a client can be held against the client.

use std::path::Path;

use steps::Redactor;

use crate::{hex::sha256, read_limited::read_file, results::ClientFile};

/// Largest file that is read, in bytes.
const LARGEST: u64 = 256 << 20;
/// Most files that are listed.
const MOST_FILES: usize = 8;

/// The files that the words of a command name: the program, if it is given with its path, and scripts or packages among the arguments.
pub(super) fn files(command: &[String], redactor: &Redactor) -> Vec<ClientFile> {
    command.iter().filter_map(|word| file(Path::new(word), redactor)).take(MOST_FILES).collect()
}

fn file(path: &Path, redactor: &Redactor) -> Option<ClientFile> {
    let name = path.file_name().filter(|_| path.is_file())?.to_string_lossy();
    let content = read_file(path, LARGEST).ok()?;
    Some(ClientFile { name: redactor.mask(&name), sha256: sha256(&content) })
}
