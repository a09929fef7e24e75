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
            if !*is_over && let Ok(folder) = Folder::open(folder) {
                write(&folder, &results, &seen);
            }
        });
    }

    /// Ends it: the results of the whole run are about to be written.
    pub(super) fn end(&self) {
        *self.is_over.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }
}

fn write(folder: &Folder, results: &Results, seen: &Arc<SecretRegister>) {
    let rendered = folder.render(results, &[Format::Json]);
    let is_clean = rendered.iter().all(|report| {
        let (place, bytes) = report.place_and_bytes();
        LeakScan::of(seen).finds_nothing(place, bytes)
    });
    if is_clean && folder.write(rendered).is_ok() {
        let _ = folder.seal_results();
    }
}
