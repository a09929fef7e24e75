//! The results of a run so far, written now and then while it goes on: of a run that is killed they are what `--resume` goes on from.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use steps::SecretRegister;

use super::leak_scan::LeakScan;
use crate::{
    report::{Folder, Format},
    results::Results,
};

/// How often they are written.
pub(super) const INTERVAL: Duration = Duration::from_secs(15);

/// Where results are written while a run goes on.
pub(crate) struct Checkpoint {
    folder: PathBuf,
    is_over: Arc<Mutex<bool>>,
}

impl Checkpoint {
    /// Results go into this folder of reports.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, is_over: Arc::default() }
    }

    /// Writes results on another thread, for requests must not wait for it. What cannot be written now is left out.
    pub(super) fn write(&self, results: Results, seen: Arc<SecretRegister>) {
        let (folder, is_over) = (self.folder.clone(), self.is_over.clone());
        thread::spawn(move || {
            let is_over = is_over.lock().unwrap_or_else(PoisonError::into_inner);
            if !*is_over
                && let Ok(folder) = Folder::open(folder)
                && write(&folder, &results, &seen)
            {
                // Without a seal it is judged all the same; only `certify` wants one.
                let _ = folder.seal_results();
            }
        });
    }

    /// Ends it: the results of the whole run are about to be written.
    pub(super) fn end(&self) {
        *self.is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }
}

/// Writes results unless one of the secrets is in them.
fn write(folder: &Folder, results: &Results, seen: &Arc<SecretRegister>) -> bool {
    let rendered = folder.render(results, &[Format::Json]);
    let has_no_secret = rendered.iter().all(|report| {
        let (place, bytes) = report.place_and_bytes();
        LeakScan::of(seen).finds_nothing(place, bytes)
    });
    has_no_secret && folder.write(rendered).is_ok()
}

#[cfg(test)]
mod tests {
    use steps::{Redactor, Secret, SecretKind};

    use super::*;
    use crate::results::{read_from, sample};

    #[test]
    fn results_are_written_that_a_later_run_can_read() {
        let home = tempfile::tempdir().expect("there is room");
        let (folder, file) = (Folder::open(home.path()).expect("it accepts files"), home.path().join("results.json"));
        assert!(write(&folder, &sample::passing(), &Arc::default()));
        let text = std::fs::read(&file).expect("it is written");
        assert_eq!(read_from(&file, &text).expect("it is valid").target.name, sample::passing().target.name);
    }

    #[test]
    fn results_with_a_secret_are_not_written() {
        let home = tempfile::tempdir().expect("there is room");
        let folder = Folder::open(home.path()).expect("it accepts files");
        let (seen, mut results) = (Arc::<SecretRegister>::default(), sample::passing());
        results.target.name = "k7Qw93hsLr5TzB2m".to_owned();
        Redactor::new(seen.clone()).keep(&Secret::new("k7Qw93hsLr5TzB2m"), SecretKind::Password);
        assert!(!write(&folder, &results, &seen));
        assert!(!home.path().join("results.json").exists());
    }
}
