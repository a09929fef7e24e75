//! The state of a site's lifetimes: what they were before the first change, and what they are now. Sends nothing: the requests
//! that change them are in `api`.

use std::{
    collections::BTreeSet,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::OnceCell;

use crate::lifetimes::{LifetimeKind, Lifetimes};

/// Where a run keeps the lifetimes of a server while it has changed them, so that even a killed run can be undone.
pub trait SettingsJournal: Send + Sync {
    /// Writes the lifetimes before the first change; `None` for a lifetime that is not known.
    ///
    /// # Errors
    /// When they cannot be written. Then nothing is changed.
    fn begin(&self, prior: &Lifetimes<Option<Duration>>) -> Result<(), String>;

    /// Everything is restored.
    fn end(&self);
}

/// What a run has done to the lifetimes of one site.
#[derive(Default)]
pub(crate) struct LifetimeChanges {
    pub(crate) journal: Option<Arc<dyn SettingsJournal>>,
    /// The lifetimes before the first change.
    pub(crate) prior: OnceCell<Lifetimes<Option<Duration>>>,
    /// What each is shortened to for the run.
    pub(crate) short: Lifetimes<OnceCell<Duration>>,
    touched: Mutex<BTreeSet<LifetimeKind>>,
}

impl LifetimeChanges {
    pub(crate) fn with_journal(journal: Arc<dyn SettingsJournal>) -> Self {
        Self { journal: Some(journal), ..Self::default() }
    }

    /// What a lifetime is shortened to for the run, if it is.
    pub(crate) fn shortened(&self, kind: LifetimeKind) -> Option<Duration> {
        self.short.get(kind).get().copied()
    }

    /// Notes that a request may change this lifetime.
    pub(crate) fn touch(&self, kind: LifetimeKind) {
        self.touched().insert(kind);
    }

    /// The lifetimes that may have been changed since the last call.
    pub(crate) fn take_touched(&self) -> BTreeSet<LifetimeKind> {
        mem::take(&mut *self.touched())
    }

    fn touched(&self) -> MutexGuard<'_, BTreeSet<LifetimeKind>> {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
