//! Where scenarios meet the server under judgement: one target with its clock, its source of one-time tokens and what is
//! shared about it. Whether every scenario has a site of its own or all share one is decided by whoever makes it.

use std::{fmt, sync::Arc};

use crate::{
    client::{Pacer, Transport},
    clock::Clock,
    habits::Habits,
    logins::Logins,
    meter::Meter,
    one_time::OneTimeTokens,
    schema::Schemas,
    snapshot::Snapshots,
    target::Target,
    vault::{Kind, Vault},
};

/// A server as scenarios reach it.
pub struct Site {
    pub(crate) target: Arc<Target>,
    pub(crate) transport: Transport,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) one_time: Option<Arc<dyn OneTimeTokens>>,
    pub(crate) shared: Shared,
    pub(crate) vault: Vault,
    pub(crate) pacer: Pacer,
    pub(crate) habits: Habits,
    pub(crate) logins: Logins,
}

/// What all sites of a run have in common; clones share it.
#[derive(Clone)]
pub struct Shared {
    /// The compiled schemas.
    pub schemas: Arc<Schemas>,
    /// The snapshots to compare with.
    pub snapshots: Arc<Snapshots>,
    /// The counters of the run.
    pub meter: Arc<Meter>,
}

impl Site {
    /// A site on this target. Its passwords are known to the vault from the beginning.
    #[must_use]
    pub fn new(
        target: Arc<Target>,
        transport: Transport,
        clock: Arc<dyn Clock>,
        one_time: Option<Arc<dyn OneTimeTokens>>,
        shared: Shared,
    ) -> Self {
        let vault = Vault::default();
        for user in [Some(&target.user), target.second_user.as_ref()].into_iter().flatten() {
            vault.keep(&user.password, Kind::Password);
        }
        let pacer = Pacer::new(target.pace);
        let (habits, logins) = (Habits::default(), Logins::default());
        Self { target, transport, clock, one_time, shared, vault, pacer, habits, logins }
    }

    /// The secrets that the site has seen, and how they are masked.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
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
