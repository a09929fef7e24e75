//! The journal of changed settings: a file that says what the lifetimes of a target were, from before
//! the first change until everything has been put back. A run that was killed leaves it, and the next command makes good.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use steps::{Lifetimes, OriginalLifetime, SettingsJournal};

/// The journal of one target.
#[derive(Clone, Debug)]
pub(crate) struct JournalFile {
    path: PathBuf,
    target: String,
    base_url: String,
}

/// The file, in seconds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Page {
    target: String,
    base_url: String,
    access_seconds: Option<f64>,
    refresh_seconds: Option<f64>,
    one_time_seconds: Option<f64>,
    /// What logins announced, in the server's unit.
    #[serde(default)]
    access_announced: Option<f64>,
    #[serde(default)]
    refresh_announced: Option<f64>,
}

/// The name of a target as a part of a path.
pub(crate) fn file_name(target: &str) -> String {
    target.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' }).collect()
}

impl JournalFile {
    /// The journal of this target in a folder.
    pub(crate) fn new(folder: &Path, target: &str, base_url: &str) -> Self {
        let path = folder.join(format!(".bo-conformance-{}.settings.json", file_name(target)));
        Self { path, target: target.to_owned(), base_url: base_url.to_owned() }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What an earlier run has left to put back.
    ///
    /// # Errors
    /// When there is a journal that cannot be read, or that belongs to a server at another address.
    pub(crate) fn left_by_earlier_run(&self) -> Result<Option<Lifetimes<OriginalLifetime>>, String> {
        let text = match fs::read_to_string(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("{} cannot be read: {error}", self.path.display())),
        };
        let page: Page = serde_json::from_str(&text).map_err(|error| {
            format!(
                "{} is not a journal of settings ({error}); put the lifetimes back by hand and delete it",
                self.path.display()
            )
        })?;
        if page.base_url != self.base_url {
            return Err(format!(
                "{} tells what lifetimes at {} were before an interrupted run, but `{}` is at {} now; put them back by hand and \
                 delete it",
                self.path.display(),
                page.base_url,
                self.target,
                self.base_url
            ));
        }
        let time = |value: Option<f64>| value.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let original = |setting, announced| OriginalLifetime { setting: time(setting), announced: time(announced) };
        Ok(Some(Lifetimes {
            access: original(page.access_seconds, page.access_announced),
            refresh: original(page.refresh_seconds, page.refresh_announced),
            one_time: original(page.one_time_seconds, None),
        }))
    }

    fn write(&self, originals: &Lifetimes<OriginalLifetime>) -> io::Result<()> {
        let seconds = |value: Option<Duration>| value.map(|time| time.as_secs_f64());
        let page = Page {
            target: self.target.clone(),
            base_url: self.base_url.clone(),
            access_seconds: seconds(originals.access.setting),
            refresh_seconds: seconds(originals.refresh.setting),
            one_time_seconds: seconds(originals.one_time.setting),
            access_announced: seconds(originals.access.announced),
            refresh_announced: seconds(originals.refresh.announced),
        };
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let unfinished = self.path.with_extension("unfinished");
        let mut text = serde_json::to_string_pretty(&page)?;
        text.push('\n');
        fs::write(&unfinished, text)?;
        fs::File::open(&unfinished)?.sync_all()?;
        fs::rename(unfinished, &self.path)
    }
}

impl SettingsJournal for JournalFile {
    fn begin(&self, originals: &Lifetimes<OriginalLifetime>) -> Result<(), String> {
        self.write(originals).map_err(|error| format!("{}: {error}", self.path.display()))
    }

    fn end(&self) {
        // A journal that stays only makes the next command put back what is already as it was.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutation::read_altered;

    #[test]
    fn altered_journals_are_read_or_refused() {
        let home = tempfile::tempdir().expect("there is room");
        let journal = JournalFile::new(home.path(), "stage", "https://bo.example/rest");
        let lifetime = OriginalLifetime { setting: Some(Duration::from_secs(300)), announced: None };
        let prior = Lifetimes { access: lifetime, refresh: lifetime, one_time: lifetime };
        journal.begin(&prior).expect("it can be written");
        let text = fs::read_to_string(journal.path()).expect("it is there");
        read_altered(&[&text], |text| {
            fs::write(journal.path(), text).expect("it can be written");
            let _ = journal.left_by_earlier_run();
        });
    }

    #[test]
    fn what_was_written_is_found_by_the_next_run_until_it_is_put_back() {
        let home = tempfile::tempdir().expect("there is room");
        let journal = JournalFile::new(home.path(), "stage/1", "https://bo.example/rest");
        assert_eq!(journal.left_by_earlier_run(), Ok(None));
        let prior = Lifetimes {
            access: OriginalLifetime { setting: Some(Duration::from_secs(300)), announced: None },
            refresh: OriginalLifetime { setting: None, announced: Some(Duration::from_millis(3_599_500)) },
            one_time: OriginalLifetime { setting: Some(Duration::from_secs(30)), announced: None },
        };
        journal.begin(&prior).expect("it can be written");
        let next = JournalFile::new(home.path(), "stage/1", "https://bo.example/rest");
        assert_eq!(next.left_by_earlier_run(), Ok(Some(prior)));
        next.end();
        assert_eq!(journal.left_by_earlier_run(), Ok(None));
    }

    #[test]
    fn the_journal_of_another_server_changes_nothing_here() {
        let home = tempfile::tempdir().expect("there is room");
        JournalFile::new(home.path(), "stage", "https://old.example")
            .begin(&Lifetimes::default())
            .expect("it can be written");
        let error = JournalFile::new(home.path(), "stage", "https://new.example").left_by_earlier_run();
        assert!(error.expect_err("it is another server").contains("https://old.example"));
    }
}
