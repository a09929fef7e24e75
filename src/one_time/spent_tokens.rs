//! One-time tokens that runs have used, remembered as digests in a file beside the journal of settings, so that a file of tokens that
//! was used before, or a command that prints one token twice, is named instead of the server that refuses it.

use std::{
    collections::HashSet,
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use steps::Secret;

use crate::{backend::file_name, hex::sha256};

/// Digests that are read: the latest ones.
const MOST: usize = 20_000;

/// The tokens that runs have used.
#[derive(Debug, Default)]
pub(super) struct SpentTokens {
    /// Where they are kept; `None` for a trial, which remembers nothing.
    file: Option<PathBuf>,
    digests: Mutex<HashSet<String>>,
}

/// Whether a token was used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    First,
    Again,
}

/// The file of a target in the folder of the journal.
pub(crate) fn spent_file(folder: &Path, target: &str) -> PathBuf {
    folder.join(format!(".bo-conformance-{}.spent-tokens", file_name(target)))
}

impl SpentTokens {
    /// What earlier runs have used. With `remembers`, what is used from now on is added to the file.
    pub(super) fn read(file: Option<&Path>, remembers: bool) -> Self {
        let text = file.and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
        let digests = text.lines().rev().take(MOST).map(str::to_owned).collect();
        Self { file: file.filter(|_| remembers).map(Path::to_owned), digests: Mutex::new(digests) }
    }

    /// Notes that a token is used now. A file that cannot be written costs later runs the memory, and this one nothing.
    pub(super) fn note(&self, token: &Secret) -> Use {
        let digest = sha256(format!("one-time token {}", token.expose()).as_bytes());
        let mut digests = self.digests.lock().unwrap_or_else(PoisonError::into_inner);
        if !digests.insert(digest.clone()) {
            return Use::Again;
        }
        if let Some(file) = &self.file {
            let opened = OpenOptions::new().create(true).append(true).open(file);
            let _ = opened.and_then(|mut file| file.write_all(format!("{digest}\n").as_bytes()));
        }
        Use::First
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_run_knows_what_was_used_and_a_trial_leaves_no_trace() {
        let home = tempfile::tempdir().expect("a temporary folder");
        let file = spent_file(home.path(), "staging");
        let (one, two) = (Secret::new("one"), Secret::new("two"));
        assert_eq!(SpentTokens::read(Some(&file), false).note(&one), Use::First);
        assert_eq!(SpentTokens::read(Some(&file), true).note(&one), Use::First);
        let later = SpentTokens::read(Some(&file), true);
        assert_eq!([later.note(&one), later.note(&two), later.note(&two)], [Use::Again, Use::First, Use::Again]);
        assert!(!fs::read_to_string(&file).expect("it is there").contains("one"));
    }
}
