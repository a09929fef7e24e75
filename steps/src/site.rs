//! A site: the state of one server under test, that is, its target, its clock, its source of one-time tokens and what is known
//! about it. Sends nothing. The backend decides whether scenarios share a site or have one each.

use std::{collections::HashMap, fmt, sync::Arc, time::Duration};

use crate::{
    client::SeenPages,
    clock::Clock,
    cluster::{ClusterFindings, ClusterLog},
    interference::GrantLog,
    journal::Journal,
    lifetime_changes::{LifetimeChanges, SettingsJournal},
    lifetimes::Lifetimes,
    lockout_guard::LockoutGuard,
    node_traits::SeenNodes,
    one_time::OneTimeTokens,
    pace::{PaceQueue, Pacer, TokenLives},
    recent_logins::RecentLogins,
    redactor::{Redactor, SecretKind, SecretRegister},
    run_counters::RunCounters,
    schema::Schemas,
    server_behaviour::ServerBehaviour,
    session::{OldestPair, SharedSession},
    snapshot::Snapshots,
    spare_pairs::SparePairs,
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
    pub(crate) spares: SparePairs,
    pub(crate) logins: RecentLogins,
    pub(crate) oldest: OldestPair,
    pub(crate) lives: TokenLives,
    pub(crate) cluster: ClusterLog,
    pub(crate) pages: SeenPages,
}

/// The pace of a site at one moment, to look ahead from.
#[derive(Clone, Debug)]
pub struct PaceView {
    /// The queue, without what waits in it.
    pub queue: PaceQueue,
    /// The moment, on the clock of the queue.
    pub now: Duration,
    /// When the session began that scenarios share, on the clock of the queue.
    pub session: Option<Duration>,
    clock: Duration,
    held: HashMap<u64, u32>,
}

impl PaceView {
    /// A moment of the target's clock on the clock of the queue.
    #[must_use]
    pub fn moment(&self, on_clock: Duration) -> Duration {
        (self.now + on_clock).saturating_sub(self.clock)
    }

    /// How many permits are kept for the scenario of this journal.
    #[must_use]
    pub fn held(&self, journal: &Journal) -> u32 {
        self.held.get(&journal.id()).copied().unwrap_or(0)
    }
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
        for (_, value) in &target.network.headers {
            redactor.keep(value, SecretKind::Unknown);
        }
        if let Some(login) = &target.network.proxy_login {
            redactor.keep(login, SecretKind::Password);
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
            oldest: OldestPair::default(),
            session: SharedSession::default(),
            spares: SparePairs::default(),
            logins: RecentLogins::default(),
            lives: TokenLives::default(),
            cluster: ClusterLog::default(),
            pages: SeenPages::default(),
        }
    }

    /// The same with a journal that survives this process, for a server whose lifetimes must be restored.
    #[must_use]
    pub fn with_journal(self, journal: Arc<dyn SettingsJournal>) -> Self {
        Self { lifetimes: LifetimeChanges::with_journal(journal), ..self }
    }

    /// Shortens to these lifetimes from now on, instead of the target's.
    pub fn choose_lifetimes(&self, chosen: Lifetimes<Duration>) {
        self.lifetimes.choose(chosen);
    }

    /// The lifetimes that the run has set.
    #[must_use]
    pub fn set_lifetimes(&self) -> Lifetimes<Option<Duration>> {
        Lifetimes::from_fn(|kind| self.lifetimes.shortened(kind))
    }

    /// Waits until as many requests may go at one moment as the target allows.
    pub async fn fill_bucket(&self) {
        drop(self.pacer.hold(u64::MAX, self.target.pace.burst.get()).await);
    }

    /// Sets whether scenarios are going to log in: until then attempts that are to be refused wait for such a login.
    pub fn expect_logins(&self, are_expected: bool) {
        self.lockout_guard.expect_logins(are_expected);
    }

    /// The rate that was found when the server refused to be asked faster, in requests a second.
    #[must_use]
    pub fn found_rate(&self) -> Option<f64> {
        self.pacer.found_rate()
    }

    /// The pace as it is at this moment.
    #[must_use]
    pub fn pace_view(&self) -> PaceView {
        let (now, clock) = (self.pacer.now(), self.clock.now());
        let session = self.session.began(clock);
        let mut view = PaceView { queue: self.pacer.queue(), now, clock, session: None, held: self.pacer.all_held() };
        view.session = session.map(|began| view.moment(began));
        view
    }

    /// What was found about the nodes, where any were compared.
    #[must_use]
    pub fn cluster(&self) -> Option<ClusterFindings> {
        self.cluster.findings(self.target.nodes.iter().map(ToString::to_string))
    }

    /// How many nodes gave themselves away behind the base URL.
    #[must_use]
    pub fn seen_nodes(&self) -> SeenNodes {
        self.cluster.seen()
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
