//! Which configuration file is meant.

use std::path::{Path, PathBuf};

use super::ConfigError;

/// The name that is looked for here and in the folders above.
pub(crate) const FILE_NAME: &str = "bo-conformance.toml";

/// The file given, or else the nearest [`FILE_NAME`] in the current folder or one above it; `None` where there is none.
///
/// # Errors
/// When a file is given that does not exist.
pub(crate) fn find(explicit: Option<&Path>) -> Result<Option<PathBuf>, ConfigError> {
    match explicit {
        Some(path) if path.is_file() => Ok(Some(path.to_owned())),
        Some(path) => Err(ConfigError::NoSuchFile(path.to_owned())),
        None if Path::new(FILE_NAME).is_file() => Ok(Some(PathBuf::from(FILE_NAME))),
        None => Ok(here().and_then(|here| above(&here))),
    }
}

/// The current folder, if it still exists.
pub(super) fn here() -> Option<PathBuf> {
    std::env::current_dir().ok()
}

fn above(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_nearest_file_above_is_found() {
        let root = tempfile::tempdir().expect("a temporary folder");
        let deep = root.path().join("a/b");
        fs::create_dir_all(&deep).expect("folders");
        fs::write(root.path().join(FILE_NAME), "").expect("the far file");
        assert_eq!(above(&deep), Some(root.path().join(FILE_NAME)));
        fs::write(root.path().join("a").join(FILE_NAME), "").expect("the near file");
        assert_eq!(above(&deep), Some(root.path().join("a").join(FILE_NAME)));
    }

    #[test]
    fn a_file_that_is_named_must_be_there() {
        let error = find(Some(Path::new("no/such.toml"))).expect_err("there is no such file").to_string();
        assert_eq!(
            error,
            "there is no configuration file `no/such.toml`; check the path, or write one with `bo-conformance init`"
        );
    }
}
