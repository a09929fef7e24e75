//! Where the texts of features are found: in the program, or beside it for the user's own.

use std::{collections::HashMap, fs, path::Path};

use crate::suite::embedded;

/// Largest file, in bytes, that is taken for a feature. Results may come from anywhere, and their paths with them.
const LARGEST: u64 = 1 << 20;

/// The texts of features by path.
pub(in crate::report) struct Library(HashMap<String, String>);

impl Library {
    /// The features of this build, and whatever files there are.
    pub(in crate::report) fn embedded() -> Self {
        Self(embedded::features().into_iter().map(|file| (file.path, file.text)).collect())
    }

    /// The text of a feature; `None` when nobody has it.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned().or_else(|| own(Path::new(path)))
    }
}

fn own(path: &Path) -> Option<String> {
    let file = fs::metadata(path).ok()?;
    let usable = path.extension().is_some_and(|extension| extension == "feature");
    (usable && file.is_file() && file.len() <= LARGEST).then(|| fs::read_to_string(path).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_feature_file_of_sensible_size_is_read() {
        let home = tempfile::tempdir().expect("there is room");
        let file = |name: &str, size: usize| {
            let path = home.path().join(name);
            fs::write(&path, "x".repeat(size)).expect("it can be written");
            path.display().to_string()
        };
        let library = Library::embedded();
        assert_eq!(library.text(&file("own.feature", 3)).as_deref(), Some("xxx"));
        assert_eq!(library.text(&file("passwd", 3)), None);
        assert_eq!(library.text(&file("huge.feature", 2 << 20)), None);
        assert_eq!(library.text("/no/such.feature"), None);
    }
}
