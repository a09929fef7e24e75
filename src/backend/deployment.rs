//! Somebody's server: one site for all scenarios, on real time, left as it was found.

use std::{path::Path, sync::Arc, time::Duration};

use steps::{
    OneTimeTokens, OriginalLifetime, Redactor, SecretRegister, SettingsJournal, Shared, Site, Target, Transport,
    TransportError, WallClock,
};

use super::journal::JournalFile;

/// A server that all scenarios share.
pub(crate) struct Deployment {
    site: Arc<Site>,
    journal: JournalFile,
}

impl Deployment {
    /// Prepares the site; sends nothing yet. The journal of changed settings is kept in `home`.
    ///
    /// # Errors
    /// When the target's network options cannot be used.
    pub(crate) fn new(
        name: &str,
        home: &Path,
        target: Target,
        one_time: Option<Arc<dyn OneTimeTokens>>,
        shared: Shared,
    ) -> Result<Self, TransportError> {
        let transport = Transport::new(&target)?;
        let journal = JournalFile::new(home, name, target.base_url.as_str());
        let clock = Arc::new(WallClock::start());
        let site = Site::new(Arc::new(target), transport, clock, one_time, shared);
        Ok(Self { site: Arc::new(site.with_journal(Arc::new(journal.clone()))), journal })
    }

    /// Puts lifetimes back that an earlier run has left changed; says so, if there were any.
    ///
    /// # Errors
    /// When there is something to put back and that does not work; says what to do.
    pub(crate) async fn make_good(&self) -> Result<Option<String>, String> {
        let Some(prior) = self.journal.left_by_earlier_run()? else { return Ok(None) };
        let left = self.site.restore_settings(&prior).await;
        if left.is_empty() {
            self.journal.end();
            return Ok(Some("lifetimes that an interrupted run had changed are put back".to_owned()));
        }
        let left: Vec<String> = left.iter().map(ToString::to_string).collect();
        Err(format!("{} (noted in {})", left.join("; "), self.journal.path().display()))
    }

    /// Restores lifetimes by the journal, else by the configuration; returns what was done.
    ///
    /// # Errors
    /// When a lifetime is not known to be restored; the message has the reason and what to do.
    pub(crate) async fn restore(&self) -> Result<String, String> {
        let done = || "the lifetimes are restored, and a new login confirms them".to_owned();
        if self.make_good().await?.is_some() {
            return Ok(done());
        }
        let known = self.target().known_lifetimes;
        if known == steps::Lifetimes::default() || self.target().short_lifetimes.is_none() {
            return match self.left_short().await {
                Some(advice) => Err(advice),
                None => Ok(format!("nothing to restore: there is no journal {}", self.journal.path().display())),
            };
        }
        let original = |setting: Option<Duration>| OriginalLifetime { setting, announced: None };
        let (access, refresh, one_time) = (original(known.access), original(known.refresh), original(known.one_time));
        let left = self.site.restore_settings(&steps::Lifetimes { access, refresh, one_time }).await;
        if left.is_empty() {
            Ok(done())
        } else {
            Err(left.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
        }
    }

    /// A lifetime that looks like one that another run has set for its own time, with what to do. Leaves no journal then.
    pub(crate) async fn left_short(&self) -> Option<String> {
        let advice = self.site.left_short().await?;
        self.journal.end();
        Some(advice)
    }

    pub(crate) fn site(&self) -> Arc<Site> {
        self.site.clone()
    }

    pub(super) fn redactor(&self) -> &Redactor {
        self.site.redactor()
    }

    pub(super) fn seen(&self) -> Arc<SecretRegister> {
        self.site.secrets()
    }

    pub(super) fn journal(&self) -> &Path {
        self.journal.path()
    }

    pub(super) fn target(&self) -> &Target {
        self.site.target()
    }
}
