//! Where scenarios meet the server under judgement: one target with its clock, its source of one-time tokens and what is
//! shared about it. Whether every scenario has a site of its own or all share one is decided by whoever makes it.

use std::{fmt, sync::Arc};

use crate::{
    Journal, Masked, Prior, SettingsJournal,
    api::{Api, Setting},
    client::{Pacer, Transport},
    clock::Clock,
    interference::GrantLog,
    lifetimes::{self, Lifetimes},
    lockout_guard::LockoutGuard,
    one_time::OneTimeTokens,
    redactor::{Kind, Redactor, SecretRegister},
    run_counters::RunCounters,
    schema::Schemas,
    server_behaviour::ServerBehaviour,
    session::SharedSession,
    snapshot::Snapshots,
    target::Target,
};

/// A server as scenarios reach it.
pub struct Site {
    pub(crate) target: Arc<Target>,
    pub(crate) transport: Transport,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) one_time: Option<Arc<dyn OneTimeTokens>>,
    pub(crate) shared: Shared,
    pub(crate) redactor: Redactor,
    pub(crate) pacer: Pacer,
    pub(crate) behaviour: ServerBehaviour,
    pub(crate) lockout_guard: LockoutGuard,
    pub(crate) grants: GrantLog,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) session: SharedSession,
}

/// What all sites of a run have in common; clones share it.
#[derive(Clone)]
pub struct Shared {
    /// The compiled schemas.
    pub schemas: Arc<Schemas>,
    /// The snapshots to compare with.
    pub snapshots: Arc<Snapshots>,
    /// The counters of the run.
    pub counters: Arc<RunCounters>,
    /// Every secret that the run has seen.
    pub seen: Arc<SecretRegister>,
}

impl Site {
    /// A site on this target. Its passwords are known to the redactor from the beginning.
    #[must_use]
    pub fn new(
        target: Arc<Target>,
        transport: Transport,
        clock: Arc<dyn Clock>,
        one_time: Option<Arc<dyn OneTimeTokens>>,
        shared: Shared,
    ) -> Self {
        let redactor = Redactor::new(shared.seen.clone());
        for user in [Some(&target.user), target.second_user.as_ref()].into_iter().flatten() {
            redactor.keep(&user.password, Kind::Password);
        }
        let pacer = Pacer::new(target.pace);
        let (behaviour, lockout_guard, lifetimes) =
            (ServerBehaviour::default(), LockoutGuard::default(), Lifetimes::default());
        let (session, grants) = (SharedSession::default(), GrantLog::default());
        Self {
            target,
            transport,
            clock,
            one_time,
            shared,
            redactor,
            pacer,
            behaviour,
            lockout_guard,
            grants,
            lifetimes,
            session,
        }
    }

    /// The same with a journal that survives this process, for a server whose lifetimes must be put back.
    #[must_use]
    pub fn with_journal(self, journal: Arc<dyn SettingsJournal>) -> Self {
        Self { lifetimes: Lifetimes::with_journal(Some(journal)), ..self }
    }

    /// Shortens the lifetimes for the run, where that is allowed. What the server refuses is judged by scenarios later.
    pub async fn shorten_lifetimes(self: &Arc<Self>) {
        let api = Api::new(self.clone(), Journal::default());
        for setting in Setting::ALL {
            let _ = self.lifetimes.shorten(setting, &api).await;
        }
    }

    /// Puts every lifetime back that the run may have changed.
    ///
    /// # Errors
    /// Says for each that could not be put back what it was.
    pub async fn put_back(self: &Arc<Self>) -> Vec<Masked> {
        self.lifetimes.put_back(&Api::new(self.clone(), Journal::default())).await
    }

    /// Puts lifetimes back that an earlier run has left changed.
    ///
    /// # Errors
    /// Says for each that could not be put back what it was.
    pub async fn make_good(self: &Arc<Self>, prior: &Prior) -> Vec<Masked> {
        let api = Api::new(self.clone(), Journal::default());
        let mut left = Vec::new();
        for setting in Setting::ALL {
            left.extend(lifetimes::restore(setting, prior, &api).await.err());
        }
        left
    }

    /// Whether the server keeps only the newest session of a user, so that scenarios must not meet. Needs a protected call.
    pub async fn keeps_one_session(self: &Arc<Self>) -> bool {
        let api = Api::new(self.clone(), Journal::default());
        self.behaviour.many_sessions(&api).await.is_ok_and(|many| !many)
    }

    /// The secrets that the site has seen, and how they are masked.
    #[must_use]
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Every secret of the run, of other sites too.
    #[must_use]
    pub fn seen(&self) -> Arc<SecretRegister> {
        self.shared.seen.clone()
    }

    /// The server as it was described.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("base_url", &self.target.base_url).finish_non_exhaustive()
    }
}
