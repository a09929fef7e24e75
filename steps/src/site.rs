//! A site: the state of one server under test, that is, its target, its clock, its source of one-time tokens and what is known
//! about it. Sends nothing. The backend decides whether scenarios share a site or have one each.

use std::{fmt, sync::Arc};

use crate::{
    clock::Clock,
    interference::GrantLog,
    lifetime_changes::{LifetimeChanges, SettingsJournal},
    lockout_guard::LockoutGuard,
    one_time::OneTimeTokens,
    pacer::Pacer,
    redactor::{Redactor, SecretKind, SecretRegister},
    run_counters::RunCounters,
    schema::Schemas,
    server_behaviour::ServerBehaviour,
    session::SharedSession,
    snapshot::Snapshots,
    target::Target,
    transport::Transport,
};

/// A server and what is known about it.
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
    pub(crate) lifetimes: LifetimeChanges,
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
    /// Every secret of the run.
    pub secrets: Arc<SecretRegister>,
}

impl Site {
    /// A site of this target. Registers its passwords with the redactor.
    #[must_use]
    pub fn new(
        target: Arc<Target>,
        transport: Transport,
        clock: Arc<dyn Clock>,
        one_time: Option<Arc<dyn OneTimeTokens>>,
        shared: Shared,
    ) -> Self {
        let redactor = Redactor::new(shared.secrets.clone());
        for user in [Some(&target.user), target.second_user.as_ref()].into_iter().flatten() {
            redactor.keep(&user.password, SecretKind::Password);
        }
        Self {
            pacer: Pacer::new(target.pace),
            target,
            transport,
            clock,
            one_time,
            shared,
            redactor,
            behaviour: ServerBehaviour::default(),
            lockout_guard: LockoutGuard::default(),
            grants: GrantLog::default(),
            lifetimes: LifetimeChanges::default(),
            session: SharedSession::default(),
        }
    }

    /// The same with a journal that survives this process, for a server whose lifetimes must be restored.
    #[must_use]
    pub fn with_journal(self, journal: Arc<dyn SettingsJournal>) -> Self {
        Self { lifetimes: LifetimeChanges::with_journal(journal), ..self }
    }

    /// The secrets of the site and their masks.
    #[must_use]
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// Every secret of the run, of other sites too.
    #[must_use]
    pub fn secrets(&self) -> Arc<SecretRegister> {
        self.shared.secrets.clone()
    }

    /// The target as configured.
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
