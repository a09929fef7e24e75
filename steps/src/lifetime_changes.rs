//! The state of a site's lifetimes: what they were before the first change, and what they are now. Sends nothing: the requests
//! that change them are in `api`.

use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use tokio::sync::OnceCell;

use crate::{
    Masked,
    lifetimes::{LifetimeKind, Lifetimes},
};

/// Where a run keeps the lifetimes of a server while it has changed them, so that even a killed run can be undone.
pub trait SettingsJournal: Send + Sync {
    /// Writes the lifetimes before the first change, and again when more is known of them.
    ///
    /// # Errors
    /// When they cannot be written. Then nothing is changed.
    fn begin(&self, originals: &Lifetimes<OriginalLifetime>) -> Result<(), String>;

    /// Everything is restored.
    fn end(&self);
}

/// A lifetime before the first change.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OriginalLifetime {
    /// The value of the setting, where it is known for certain: the settings have it, it is configured, or what a change
    /// announced shows it.
    pub setting: Option<Duration>,
    /// What logins announce, in the server's unit taken for seconds.
    pub announced: Option<Duration>,
}

/// A lifetime that a run may have changed, and that is not known to be restored.
#[derive(Clone, Debug)]
pub struct NotRestored {
    /// Which lifetime.
    pub kind: LifetimeKind,
    /// What it was, if that is known.
    pub before: Option<Duration>,
    /// Why it is not known to be restored.
    pub reason: Masked,
}

/// What a run has done to the lifetimes of one site.
#[derive(Default)]
pub(crate) struct LifetimeChanges {
    pub(crate) journal: Option<Arc<dyn SettingsJournal>>,
    /// The lifetimes before the first change, as far as they were known then.
    pub(crate) prior: OnceCell<Lifetimes<OriginalLifetime>>,
    /// Whether the lifetimes were still the same right before the first change.
    pub(crate) unchanged: OnceCell<()>,
    /// The settings before the first change, as what that change announced shows them.
    pub(crate) inferred: Lifetimes<OnceCell<Duration>>,
    chosen: OnceLock<Lifetimes<Duration>>,
    /// What each is shortened to for the run.
    pub(crate) short: Lifetimes<OnceCell<Duration>>,
    touched: Mutex<BTreeSet<LifetimeKind>>,
    changed: Mutex<BTreeSet<LifetimeKind>>,
}

impl LifetimeChanges {
    pub(crate) fn with_journal(journal: Arc<dyn SettingsJournal>) -> Self {
        Self { journal: Some(journal), ..Self::default() }
    }

    /// What a lifetime is shortened to for the run, if it is.
    pub(crate) fn shortened(&self, kind: LifetimeKind) -> Option<Duration> {
        self.short.get(kind).get().copied()
    }

    /// Shortens to these lifetimes instead of the target's. Only the first choice counts.
    pub(crate) fn choose(&self, chosen: Lifetimes<Duration>) {
        let _ = self.chosen.set(chosen);
    }

    /// The lifetimes that were chosen for the run, if any were.
    pub(crate) fn chosen(&self) -> Option<Lifetimes<Duration>> {
        self.chosen.get().copied()
    }

    /// The lifetimes before the first change, as far as they are known by now.
    pub(crate) fn originals(&self) -> Option<Lifetimes<OriginalLifetime>> {
        let prior = self.prior.get()?;
        Some(Lifetimes::from_fn(|kind| {
            let prior = *prior.get(kind);
            OriginalLifetime { setting: prior.setting.or(self.inferred.get(kind).get().copied()), ..prior }
        }))
    }

    /// The value of the setting at present, where it is known for certain.
    pub(crate) fn present(&self, kind: LifetimeKind) -> Option<Duration> {
        self.shortened(kind).or_else(|| self.originals()?.get(kind).setting)
    }

    /// Notes that the server accepted a change of this lifetime.
    pub(crate) fn accept(&self, kind: LifetimeKind) {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner).insert(kind);
    }

    /// Whether the server accepted a change of this lifetime.
    pub(crate) fn was_changed(&self, kind: LifetimeKind) -> bool {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner).contains(&kind)
    }

    /// Notes that a request may change this lifetime.
    pub(crate) fn touch(&self, kind: LifetimeKind) {
        self.touched().insert(kind);
    }

    /// The lifetimes that may have been changed and are not restored yet.
    pub(crate) fn touched_kinds(&self) -> BTreeSet<LifetimeKind> {
        self.touched().clone()
    }

    /// Notes that a lifetime is restored.
    pub(crate) fn forget_touched(&self, kind: LifetimeKind) {
        self.touched().remove(&kind);
    }

    fn touched(&self) -> MutexGuard<'_, BTreeSet<LifetimeKind>> {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Display for NotRestored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, before, reason } = self;
        match before {
            Some(before) => {
                write!(
                    f,
                    "the {kind} lifetime was {} s and is not known to be restored: {reason}",
                    before.as_secs_f64()
                )
            }
            None => write!(f, "the {kind} lifetime is not known to be restored: {reason}"),
        }
    }
}
