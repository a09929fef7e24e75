//! One-time tokens out of a file: one a line, `#` begins a comment, each used once in a run. The file is read again for
//! every token, so that somebody may add to it while the run goes on.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use futures::{FutureExt, future::BoxFuture, future::ready};
use steps::{Minted, OneTimeTokens, Secret, SourceError};
use thiserror::Error;

use super::{
    placeholder::LOGIN,
    printed_token::parse_token,
    spent_tokens::{SpentTokens, Use},
};
use crate::read_limited::read_text;

/// Hundreds of the longest tokens.
const LARGEST: u64 = 1024 * 1024;

/// A file of fresh one-time tokens.
pub(super) struct FileSource {
    path: PathBuf,
    lifetime: Option<Duration>,
    spent: SpentTokens,
    /// What this run has used.
    used: Mutex<HashSet<Secret>>,
}

#[derive(Debug, Error)]
enum FileError {
    #[error("the file of one-time tokens {} cannot be read: {reason}", path.display())]
    Unreadable { path: PathBuf, reason: io::Error },
    #[error(
        "{} has no one-time token that is still unused{}; add fresh ones, one a line",
        path.display(),
        if *.earlier == 0 { String::new() } else { format!(" ({earlier} of them were used in an earlier run)") }
    )]
    UsedUp { path: PathBuf, earlier: usize },
    #[error("line {line} of {} is {flaw}", path.display())]
    NoToken { path: PathBuf, line: usize, flaw: String },
    #[error(
        "{} was written {} s ago, and its one-time tokens live for {} s; write fresh ones and run again at once",
        path.display(), age.as_secs(), lifetime.as_secs()
    )]
    Stale { path: PathBuf, age: Duration, lifetime: Duration },
}

impl FileSource {
    pub(super) fn new(path: PathBuf, lifetime: Option<Duration>, spent: SpentTokens) -> Self {
        Self { path, lifetime, spent, used: Mutex::default() }
    }

    fn take(&self, login: &str) -> Result<Minted, FileError> {
        let path = PathBuf::from(self.path.to_string_lossy().replace(LOGIN, login));
        let (text, age) = read(&path).map_err(|reason| FileError::Unreadable { path: path.clone(), reason })?;
        if let Some(lifetime) = self.lifetime.filter(|lifetime| age >= *lifetime) {
            return Err(FileError::Stale { path, age, lifetime });
        }
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let mut earlier = 0;
        for (line, text) in tokens(&text) {
            let no_token = |flaw| FileError::NoToken { path: path.clone(), line, flaw };
            let token = parse_token(text).map_err(no_token)?;
            if !used.insert(token.clone()) {
                continue;
            }
            match self.spent.note(&token) {
                Use::First => return Ok(Minted { token, age }),
                Use::Again => earlier += 1,
            }
        }
        Err(FileError::UsedUp { path, earlier })
    }
}

impl OneTimeTokens for FileSource {
    fn mint<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Minted, SourceError>> {
        let minted = self.take(login).map_err(|error| SourceError(error.to_string()));
        ready(minted).boxed()
    }
}

/// The text of the file, and the time since it was last written.
fn read(path: &Path) -> io::Result<(String, Duration)> {
    // Clocks of network drives differ: a time in the future counts as now.
    let age = fs::metadata(path)?.modified()?.elapsed().unwrap_or_default();
    Ok((read_text(path, LARGEST)?, age))
}

/// The tokens with the numbers of their lines, counted from 1.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().map(str::trim).enumerate();
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).map(|(at, line)| (at + 1, line))
}

#[cfg(test)]
mod tests {
    use std::{fs::File, time::SystemTime};

    use tempfile::TempDir;

    use super::*;

    struct Fixture {
        folder: TempDir,
        source: FileSource,
    }

    impl Fixture {
        fn new(name: &str, lifetime: Option<Duration>) -> Self {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let source = FileSource::new(folder.path().join(name), lifetime, SpentTokens::default());
            Self { folder, source }
        }

        fn write(&self, name: &str, text: &str) -> PathBuf {
            let path = self.folder.path().join(name);
            fs::write(&path, text).expect("a file");
            path
        }

        async fn mint(&self, login: &str) -> Result<String, String> {
            let folder = format!("{}/", self.folder.path().display());
            let minted = self.source.mint(login).await;
            minted.map(|m| m.token.expose().to_owned()).map_err(|error| error.to_string().replace(&folder, ""))
        }
    }

    #[tokio::test]
    async fn each_token_is_given_once_and_comments_never() {
        let tokens = Fixture::new("ott", None);
        tokens.write("ott", "# minted by hand\n\n one \ntwo\none\n");
        assert_eq!(tokens.mint("trader1").await, Ok("one".to_owned()));
        assert_eq!(tokens.mint("trader1").await, Ok("two".to_owned()));
        let used_up = "ott has no one-time token that is still unused; add fresh ones, one a line";
        assert_eq!(tokens.mint("trader1").await, Err(used_up.to_owned()));
        tokens.write("ott", "one\nthree\n");
        assert_eq!(tokens.mint("trader1").await, Ok("three".to_owned()));
    }

    #[tokio::test]
    async fn tokens_of_an_earlier_run_are_named() {
        let mut tokens = Fixture::new("ott", None);
        let memory = tokens.folder.path().join("spent");
        tokens.write("ott", "one\n");
        for expected in [
            Ok("one".to_owned()),
            Err("ott has no one-time token that is still unused (1 of them were used in an earlier run); add fresh ones, one \
                 a line"
                .to_owned()),
        ] {
            let path = tokens.folder.path().join("ott");
            tokens.source = FileSource::new(path, None, SpentTokens::read(Some(&memory), true));
            assert_eq!(tokens.mint("trader1").await, expected);
        }
        tokens.write("ott", "# fresh\n{\"token\":1}\n");
        let json = "line 2 of ott is JSON (`{\"token\":‹hidden›}`); it must be one token and nothing else";
        assert_eq!(tokens.mint("trader1").await, Err(json.to_owned()));
    }

    #[tokio::test]
    async fn users_have_files_of_their_own() {
        let tokens = Fixture::new("ott-{login}", None);
        tokens.write("ott-trader2", "of-the-second");
        assert_eq!(tokens.mint("trader2").await, Ok("of-the-second".to_owned()));
        let error = tokens.mint("trader1").await.expect_err("there is no such file");
        assert!(error.starts_with("the file of one-time tokens ott-trader1 cannot be read: No such file"), "{error}");
    }

    #[tokio::test]
    async fn tokens_past_their_lifetime_are_not_handed_out() {
        let tokens = Fixture::new("ott", Some(Duration::from_secs(30)));
        let path = tokens.write("ott", "one");
        let file = File::options().write(true).open(path).expect("the file");
        file.set_modified(SystemTime::now() - Duration::from_secs(95)).expect("a time in the past");
        let stale =
            "ott was written 95 s ago, and its one-time tokens live for 30 s; write fresh ones and run again at once";
        assert_eq!(tokens.mint("trader1").await, Err(stale.to_owned()));
    }
}
