//! The seal of `results.json`: a file beside it that shows that a run or a merge of this user wrote it as it is. Keeps the key; what an
//! unsealed file is good for is decided elsewhere.

use std::{
    env, io,
    path::{Path, PathBuf},
};

use ring::hmac;
use thiserror::Error;

use crate::{
    atomic_write,
    hex::{from_hex, to_hex},
    read_limited::{ReadError, read_file},
    user_keys::{SHORTEST_KEY, key_file, make_key, read_key},
};

/// The variable that names a file with the key, for runs and certificates that different users or machines make.
pub(crate) const SEAL_KEY: &str = "BO_CONFORMANCE_SEAL_KEY";
const LARGEST: u64 = 64 << 10;

/// Why results are not sealed, or are not what was sealed.
#[derive(Debug, Error)]
pub(crate) enum SealError {
    /// The seal is missing.
    #[error(
        "{0} has no seal, which `run` and `report merge` write beside it; certify the results of a run as it left them, with the \
         {0}.seal beside it"
    )]
    Missing(String),
    /// It is not what this key sealed.
    #[error(
        "{0} is not what a run of this user wrote: it was changed, or sealed with another key; certify as the user who ran it, or \
         let {SEAL_KEY} name the same key file for both"
    )]
    Broken(String),
    /// The key cannot be read or made.
    #[error("the key of the seal {} {reason}; let {SEAL_KEY} name a file of yours with {SHORTEST_KEY} random characters or more", file.display())]
    Key {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: String,
    },
    /// The system gives no home folder.
    #[error("no home folder for the key of the seal: set HOME, or let {SEAL_KEY} name a file with it")]
    NoHome,
    /// The seal cannot be read.
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    /// The seal cannot be written.
    #[error("the seal {} cannot be written: {reason}", file.display())]
    Unwritten {
        /// The file.
        file: PathBuf,
        /// Why.
        reason: io::Error,
    },
}

/// Writes the seal of a file with this content beside it.
///
/// # Errors
/// When the key cannot be read or made, or the seal cannot be written.
pub(crate) fn write_seal(file: &Path, content: &[u8]) -> Result<(), SealError> {
    let seal = to_hex(hmac::sign(&key()?, content).as_ref());
    let place = seal_file(file);
    atomic_write::write_text(&place, &format!("{seal}\n"))
        .map_err(|reason| SealError::Unwritten { file: place, reason })
}

/// Checks that the content is what the seal beside the file was written for.
///
/// # Errors
/// When it is not, or seal or key is missing.
pub(crate) fn check_seal(file: &Path, content: &[u8]) -> Result<(), SealError> {
    let place = seal_file(file);
    if !place.exists() {
        return Err(SealError::Missing(file.display().to_string()));
    }
    let seal = read_file(&place, LARGEST)?;
    let digits = std::str::from_utf8(seal.trim_ascii()).unwrap_or_default();
    let tag = from_hex(digits).unwrap_or_default();
    hmac::verify(&key()?, content, &tag).map_err(|_| SealError::Broken(file.display().to_string()))
}

fn seal_file(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".seal");
    file.with_file_name(name)
}

fn key() -> Result<hmac::Key, SealError> {
    let file = match env::var_os(SEAL_KEY).filter(|value| !value.is_empty()) {
        Some(chosen) => PathBuf::from(chosen),
        None => own_key()?,
    };
    match read_key(&file)? {
        Some(key) => Ok(hmac::Key::new(hmac::HMAC_SHA256, key.as_ref())),
        None => Err(SealError::Key { file, reason: "is too short".to_owned() }),
    }
}

/// The key of this user, made where there is none.
fn own_key() -> Result<PathBuf, SealError> {
    let file = key_file("results.key").ok_or(SealError::NoHome)?;
    if !file.exists() {
        make_key(&file).map_err(|reason| SealError::Key { file: file.clone(), reason: reason.to_string() })?;
    }
    Ok(file)
}
