//! The stand-in as a backend: a fresh server for every scenario, reached over the wire like any other, whose clock is turned
//! instead of waited for.

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::future::{BoxFuture, FutureExt};
use standin::{StandIn, StandInOptions, TokenLifetimes, Variations, wire::WiremockStandIn};
use steps::{
    Clock, Minted, OneTimeTokens, Secret, SecretRegister, Shared, Site, SourceError, Target, Transport, TransportError,
    target::{BaseUrl, Credentials, Dialect, Network, OneTimeUsers, Pace, Pointer, Probe},
};

use tokio::sync::OnceCell;

use super::lease::Lease;

/// Makes a server for each scenario.
pub(crate) struct Embedded {
    target: Target,
    transport: Transport,
    shared: Shared,
    variations: Variations,
    /// Ports that no scenario uses at the moment. A run would otherwise use up hundreds, a self-test all there are.
    idle: Mutex<Vec<WiremockStandIn>>,
    /// The target that is rehearsed for; then one server is shared by all scenarios.
    shape: Option<Target>,
    single: OnceCell<(Arc<Site>, Vec<WiremockStandIn>)>,
}

/// The nodes of a stand-in, where a scenario asks for them.
const NODES: usize = 3;

impl Embedded {
    /// Prepares the connections; servers are made when scenarios ask for them.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub(crate) fn new(shared: Shared, variations: Variations) -> Result<Self, TransportError> {
        let mut target = embedded_target(&StandIn::new(StandInOptions::default()), "http://127.0.0.1");
        target.nodes = vec![target.base_url.clone(); NODES];
        let transport = Transport::new(&target)?;
        let (idle, shape, single) = (Mutex::default(), None, OnceCell::new());
        Ok(Self { transport, target, shared, variations, idle, shape, single })
    }

    /// One server for all scenarios, in the shape of a deployment: what that does not offer is not there.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up.
    pub(crate) fn in_shape_of(shape: &Target, shared: Shared) -> Result<Self, TransportError> {
        let embedded = Self::new(shared, Variations::default())?;
        Ok(Self { target: shaped(embedded.target, shape), shape: Some(shape.clone()), ..embedded })
    }

    /// Whether all scenarios share one server.
    pub(super) fn is_rehearsal(&self) -> bool {
        self.shape.is_some()
    }

    /// The stand-in described as a target; each scenario's has an address and passwords of its own.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// In what its servers differ from the documented one.
    pub(crate) fn variations(&self) -> Variations {
        self.variations
    }

    pub(super) fn seen(&self) -> Arc<SecretRegister> {
        self.shared.secrets.clone()
    }

    pub(super) async fn open(&self, with_nodes: bool) -> Result<Lease, String> {
        if self.shape.is_none() {
            let (site, servers) = self.open_new(with_nodes).await;
            return Ok(Lease { site, servers });
        }
        let with_nodes = !self.target.nodes.is_empty();
        let (site, _) = self.single.get_or_init(|| self.open_new(with_nodes)).await;
        Ok(Lease { site: site.clone(), servers: Vec::new() })
    }

    /// One port, or one for each node. The first node is the one that the base URL leads to.
    async fn open_new(&self, with_nodes: bool) -> (Arc<Site>, Vec<WiremockStandIn>) {
        let server = StandIn::new(StandInOptions { variations: self.variations, ..StandInOptions::default() });
        let mut served = vec![self.serve(server.clone()).await];
        let mut target = embedded_target(&server, &served[0].base_url());
        if with_nodes {
            for node in 1..NODES {
                served.push(self.serve(server.node(node)).await);
            }
            target.nodes = served.iter().filter_map(|node| BaseUrl::parse(&node.base_url()).ok()).collect();
        }
        let target = Arc::new(self.shape.as_ref().map_or(target.clone(), |shape| shaped(target, shape)));
        let clock = Arc::new(TurnedClock(server.clone()));
        let tokens = target.one_time.is_some().then(|| Arc::new(StandInTokens(server)) as Arc<dyn OneTimeTokens>);
        let site = Site::new(target, self.transport.clone(), clock, tokens, self.shared.clone());
        (Arc::new(site), served)
    }
}

impl Embedded {
    async fn serve(&self, server: StandIn) -> WiremockStandIn {
        let idle = self.idle().pop();
        match idle {
            Some(mut served) => {
                served.replace(server).await;
                served
            }
            None => standin::wire::serve_on_wiremock(server).await,
        }
    }

    /// Takes a port back for the next scenario.
    pub(super) fn take_back(&self, served: WiremockStandIn) {
        self.idle().push(served);
    }

    fn idle(&self) -> MutexGuard<'_, Vec<WiremockStandIn>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes all ports.
    pub(super) async fn close(&self) {
        let all = std::mem::take(&mut *self.idle());
        // The one that all share ends with this value.
        for served in all {
            served.close().await;
        }
    }
}

/// The stand-in described the way a configuration file describes a deployment.
fn embedded_target(server: &StandIn, base_url: &str) -> Target {
    let mut users = server
        .users()
        .iter()
        .map(|user| Credentials { login: user.login.clone(), password: Secret::new(user.password.as_str()) });
    let nobody = || Credentials { login: String::new(), password: Secret::new("") };
    let user = users.next().unwrap_or_else(nobody);
    let second_user = users.next();
    let one_time = OneTimeUsers {
        login: user.login.clone(),
        second_login: second_user.as_ref().map(|user| user.login.clone()),
        lifetime: Some(TokenLifetimes::default().one_time),
    };
    Target {
        base_url: BaseUrl::parse(base_url).expect("the stand-in's own address is a URL"),
        nodes: Vec::new(),
        user,
        second_user,
        probe: Some(Probe { path: "/accounts?limit=1".to_owned(), login: Pointer::parse("/0/owner").ok() }),
        one_time: Some(one_time),
        dialect: Dialect::default(),
        max_wait: Duration::from_secs(365 * 24 * 3600),
        margin: Duration::from_millis(1500),
        short_lifetimes: Some(steps::Lifetimes {
            access: Duration::from_secs(60),
            refresh: Duration::from_secs(120),
            one_time: Duration::from_secs(20),
        }),
        may_choose_lifetimes: false,
        known_lifetimes: steps::Lifetimes::default(),
        refresh_grace: Duration::ZERO,
        pace: Pace { per_second: None, burst: NonZeroU32::MAX },
        network: Network::default(),
        thorough: true,
        frugal: false,
    }
}

/// The stand-in without what a deployment does not offer, and with its races cut to that one's burst.
fn shaped(stand_in: Target, shape: &Target) -> Target {
    let second_login = |users: &OneTimeUsers| users.second_login.is_some();
    Target {
        nodes: if shape.nodes.is_empty() { Vec::new() } else { stand_in.nodes },
        second_user: stand_in.second_user.filter(|_| shape.second_user.is_some()),
        probe: stand_in
            .probe
            .zip(shape.probe.as_ref())
            .map(|(probe, shape)| Probe { login: probe.login.filter(|_| shape.login.is_some()), ..probe }),
        one_time: stand_in.one_time.zip(shape.one_time.as_ref()).map(|(users, shape)| OneTimeUsers {
            second_login: users.second_login.filter(|_| second_login(shape)),
            ..users
        }),
        short_lifetimes: stand_in.short_lifetimes.filter(|_| shape.short_lifetimes.is_some()),
        pace: Pace { per_second: None, burst: shape.pace.burst },
        thorough: shape.thorough,
        frugal: shape.frugal,
        ..stand_in
    }
}

/// The stand-in's clock: time passes when it is turned.
struct TurnedClock(StandIn);

impl Clock for TurnedClock {
    fn now(&self) -> Duration {
        self.0.clock().now()
    }

    fn pass(&self, time: Duration) -> BoxFuture<'_, ()> {
        self.0.clock().advance(time);
        futures::future::ready(()).boxed()
    }
}

/// The stand-in's own way of making one-time tokens, which is not part of the API.
struct StandInTokens(StandIn);

impl OneTimeTokens for StandInTokens {
    fn is_plentiful(&self) -> bool {
        true
    }

    fn mint<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Minted, SourceError>> {
        let minted = self.0.mint(login).map(|token| Minted { token: Secret::new(token), age: Duration::ZERO });
        futures::future::ready(minted.ok_or_else(|| SourceError(format!("the stand-in has no user {login}")))).boxed()
    }
}
