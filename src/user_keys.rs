//! Keys of the user who runs the program: where they are kept, how a new one is made and read, and files that only their owner can
//! read. What a key is good for is decided elsewhere.

use std::{
    env,
    fs::{self, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use ring::{
    digest,
    rand::{SecureRandom as _, SystemRandom},
};

use crate::{
    hex::to_hex,
    read_limited::{ReadError, read_file},
};

/// Fewer bytes make no key.
pub(crate) const SHORTEST_KEY: usize = 16;
/// Larger than any key file, in bytes.
const LARGEST_KEY: u64 = 64 << 10;

/// Where a key of this user is kept; `None` where the system names no home folder.
pub(crate) fn key_file(name: impl AsRef<Path>) -> Option<PathBuf> {
    let state = env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let home = || env::home_dir().filter(|home| !home.as_os_str().is_empty()).map(|home| home.join(".local/state"));
    let state = state.filter(|path| path.is_absolute()).or_else(home)?;
    Some(state.join("bo-conformance").join(name))
}

/// Makes a key where there is none. Of two programs that make one at once, the first one's stays.
///
/// # Errors
/// When the file cannot be written, or the system gives no random bytes.
pub(crate) fn make_key(file: &Path) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let unfinished = folder.join(format!(".key.{}", to_hex(&random_bytes::<8>()?)));
    write_private(&unfinished, to_hex(&random_bytes::<32>()?).as_bytes())?;
    let linked = fs::hard_link(&unfinished, file);
    fs::remove_file(&unfinished)?;
    linked.or_else(|error| if error.kind() == io::ErrorKind::AlreadyExists { Ok(()) } else { Err(error) })
}

/// The 32 bytes that the content of a key file makes, space around it aside; `None` where it is too short for a key.
///
/// # Errors
/// When the file cannot be read.
pub(crate) fn read_key(file: &Path) -> Result<Option<digest::Digest>, ReadError> {
    let content = read_file(file, LARGEST_KEY)?;
    let secret = content.trim_ascii();
    Ok((secret.len() >= SHORTEST_KEY).then(|| digest::digest(&digest::SHA256, secret)))
}

/// Whether users other than the owner may read a file. Known on Unix only.
///
/// # Errors
/// When the file cannot be looked at.
pub(crate) fn is_readable_by_others(file: &Path) -> io::Result<bool> {
    let metadata = fs::metadata(file)?;
    #[cfg(unix)]
    let open = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0;
    #[cfg(not(unix))]
    let open = false;
    Ok(metadata.is_file() && open)
}

/// Writes a new file that only its owner can read. A file that exists is left as it is.
///
/// # Errors
/// When it exists or cannot be written.
pub(crate) fn write_private(file: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(content)
}

/// Random bytes of the system.
///
/// # Errors
/// When it gives none.
pub(crate) fn random_bytes<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("the system gives no random bytes"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let home = tempfile::tempdir().expect("there is room");
        let file = home.path().join("keys/one.key");
        make_key(&file).expect("it can be made");
        let first = read_key(&file).expect("it can be read").expect("it is long enough");
        make_key(&file).expect("there is one already");
        let second = read_key(&file).expect("it can be read").expect("it is long enough");
        assert_eq!(first.as_ref(), second.as_ref());
        assert_eq!(fs::read_dir(home.path().join("keys")).expect("it can be read").count(), 1, "nothing is left over");
        assert!(!is_readable_by_others(&file).expect("it is there"));
    }

    #[test]
    fn short_keys_are_none_and_space_around_a_key_is_not_part_of_it() {
        let home = tempfile::tempdir().expect("there is room");
        let key = |name: &str, content: &[u8]| {
            let file = home.path().join(name);
            write_private(&file, content).expect("it is new");
            read_key(&file).expect("it can be read").map(|key| key.as_ref().to_vec())
        };
        assert_eq!(key("short", b"  0123456789abcde\n"), None);
        assert_eq!(key("bare", b"0123456789abcdef"), key("edited", b"0123456789abcdef\r\n"));
        let again = write_private(&home.path().join("short"), b"another");
        assert!(again.is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_recognised() {
        let home = tempfile::tempdir().expect("there is room");
        let file = home.path().join("key");
        write_private(&file, b"0123456789abcdef").expect("it is new");
        fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o640)).expect("it is ours");
        assert!(is_readable_by_others(&file).expect("it is there"));
    }
}
