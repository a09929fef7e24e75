//! The context of one request: the request itself, the server's configuration and state, and the time it arrived.

use std::time::{Duration, Instant};

use ring::hmac;
use serde_json::{Map, Value};

use crate::{
    clock::ServerClock,
    json_body::{self, BodyError},
    lax_compare::LaxComparison,
    options::LandingPage,
    request::ApiRequest,
    state::{PendingChange, ServerState},
    tokens::{TokenStore, TokenText},
    users::User,
    variations::VariationKey,
};

/// How long a race fault delays a decision, in real time. Twenty requests sent at once overlap within it, even on a busy
/// machine with two cores.
const RACE_DELAY: Duration = Duration::from_millis(30);

/// The part of a server that never changes.
pub(crate) struct ServerConfig {
    pub(crate) users: Vec<User>,
    pub(crate) clock: ServerClock,
    pub(crate) signing_key: hmac::Key,
    pub(crate) landing: Option<LandingPage>,
    pub(crate) lag: Option<Duration>,
}

/// Everything that a decision about one request may use.
pub(crate) struct CallContext<'a> {
    pub(crate) request: &'a ApiRequest,
    pub(crate) config: &'a ServerConfig,
    pub(crate) state: &'a mut ServerState,
    /// The server's time when the request arrived.
    pub(crate) now: Duration,
    /// The node of the cluster that the request came to.
    pub(crate) node: usize,
    /// Real time by which the response is delayed.
    pub(crate) delay: Option<Duration>,
}

/// A fault, the tokens that trigger it, and the status that it returns for them.
pub(crate) type FaultStatus<K> = (K, fn(&CallContext<'_>, &str) -> bool, u16);

impl CallContext<'_> {
    /// Whether the server has this variation.
    pub(crate) fn has(&self, key: impl VariationKey) -> bool {
        self.state.variations.has(key)
    }

    /// The value of the first variation in the table that the server has.
    pub(crate) fn first<K: VariationKey, T: Copy>(&self, table: &[(K, T)]) -> Option<T> {
        table.iter().find(|(key, _)| self.has(*key)).map(|(_, value)| *value)
    }

    /// Whether one of the server's faults accepts `presented` in place of `stored`.
    pub(crate) fn matches_laxly<K: VariationKey>(
        &self,
        faults: &[(K, LaxComparison)],
        presented: &str,
        stored: &str,
    ) -> bool {
        faults.iter().any(|(fault, compare)| self.has(*fault) && compare(presented, stored))
    }

    /// The stored token that equals `presented`, or else one that a fault of the server accepts in its place.
    pub(crate) fn lookup<K: VariationKey, T>(
        &self,
        store: &TokenStore<T>,
        faults: &[(K, LaxComparison)],
        presented: &str,
    ) -> Option<TokenText> {
        let lax = || {
            let faulty = faults.iter().any(|(fault, _)| self.has(*fault));
            faulty
                .then(|| store.texts().find(|stored| self.matches_laxly(faults, presented, stored)).cloned())
                .flatten()
        };
        store.text(presented).or_else(lax)
    }

    /// The status that one of the server's faults returns for this token.
    pub(crate) fn fault_status<K: VariationKey>(&self, table: &[FaultStatus<K>], presented: &str) -> Option<u16> {
        table
            .iter()
            .find(|(fault, triggers, _)| self.has(*fault) && triggers(self, presented))
            .map(|(.., status)| *status)
    }

    /// The user at an index of the server's list.
    pub(crate) fn user(&self, index: usize) -> &User {
        &self.config.users[index]
    }

    /// Applies a change only after the race delay, and delays the response equally: clients that wait for their responses
    /// observe nothing, overlapping requests do.
    pub(crate) fn delay_change(&mut self, change: PendingChange) {
        self.delay = Some(RACE_DELAY);
        self.state.add_pending(Instant::now() + RACE_DELAY, change);
    }

    /// The body as a JSON object.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, BodyError> {
        json_body::parse_object(&self.request.body)
    }
}
