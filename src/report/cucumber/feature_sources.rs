//! Texts of feature files: those in the program, and the user's own on disk.

use std::{collections::HashMap, fs, path::Path};

use crate::suite::embedded;

/// Largest feature file, in bytes. Results may come from anywhere, and so may the paths in them.
const LARGEST: u64 = 1 << 20;

/// The texts of features by path.
pub(super) struct FeatureSources(HashMap<String, String>);

impl FeatureSources {
    /// The features of this build; other paths are read from disk.
    pub(super) fn embedded() -> Self {
        Self(embedded::features().into_iter().map(|file| (file.path, file.text)).collect())
    }

    /// The text of a feature; `None` when it cannot be found.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned().or_else(|| read_own(Path::new(path)))
    }
}

fn read_own(path: &Path) -> Option<String> {
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
        let sources = FeatureSources::embedded();
        assert_eq!(sources.text(&file("own.feature", 3)).as_deref(), Some("xxx"));
        assert_eq!(sources.text(&file("passwd", 3)), None);
        assert_eq!(sources.text(&file("huge.feature", 2 << 20)), None);
        assert_eq!(sources.text("/no/such.feature"), None);
    }
}
