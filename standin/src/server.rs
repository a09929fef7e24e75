//! The server: what it is made of, and the way of a request through it. What is answered is decided by the endpoints.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use ring::hmac;

use crate::{
    Clock, Landing, Request, Response, User, Variations, call::Call, endpoints, refusal, state::State, tokens,
    users::random,
};

/// Where the API begins on the wire.
pub const BASE_PATH: &str = "/proftrading/rest";

/// How a server is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// Who may log in. The first one is who a faulty server mistakes others for.
    pub users: Vec<User>,
    /// How long tokens live, until the settings say otherwise.
    pub lifetimes: Lifetimes,
    /// In what the server differs from the documented one.
    pub variations: Variations,
    /// Where external links lead; without it they show their token. Only [`crate::serve`] has external links.
    pub landing: Option<Landing>,
}

impl Default for Options {
    /// Two users, `qa-certifier` and `qa-second`, with passwords of their own for every server; default lifetimes; no
    /// variations.
    fn default() -> Self {
        Self {
            users: ["qa-certifier", "qa-second"].map(User::with_new_password).to_vec(),
            lifetimes: Lifetimes::default(),
            variations: Variations::default(),
            landing: None,
        }
    }
}

/// How long tokens live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// Of access tokens.
    pub access: Duration,
    /// Of refresh tokens.
    pub refresh: Duration,
    /// Of one-time tokens.
    pub one_time: Duration,
}

impl Default for Lifetimes {
    /// Five minutes, an hour and half a minute; the first two as clients of real servers see them.
    fn default() -> Self {
        Self { access: Duration::from_secs(300), refresh: Duration::from_secs(3600), one_time: Duration::from_secs(30) }
    }
}

/// A BackOffice server without a transport. Clones are the same server.
#[derive(Clone)]
pub struct Server {
    core: Arc<Core>,
    state: Arc<Mutex<State>>,
}

/// What does not change while a server is up.
pub(crate) struct Core {
    pub(crate) users: Vec<User>,
    pub(crate) clock: Clock,
    pub(crate) variations: Variations,
    pub(crate) signing_key: hmac::Key,
    pub(crate) landing: Option<Landing>,
}

impl Server {
    /// A server whose clock stands still until it is turned.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self::with_clock(options, Clock::turned())
    }

    /// A server whose clock follows real time.
    #[must_use]
    pub fn running(options: Options) -> Self {
        Self::with_clock(options, Clock::running())
    }

    fn with_clock(options: Options, clock: Clock) -> Self {
        let signing_key = hmac::Key::new(hmac::HMAC_SHA256, &random::<32>());
        let Options { users, lifetimes, variations, landing } = options;
        Self {
            core: Arc::new(Core { users, clock, variations, signing_key, landing }),
            state: Arc::new(Mutex::new(State::new(lifetimes))),
        }
    }

    /// Answers a request. Does not block: where an answer is to come late, it says so in [`Response::delay`].
    #[must_use]
    pub fn handle(&self, request: &Request) -> Response {
        self.call(request, |call| {
            let answer = endpoints::answer(call).unwrap_or_else(|refused| refusal::render(call, &refused));
            endpoints::dress(call, answer)
        })
    }

    /// The server's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.core.clock
    }

    /// Who may log in.
    #[must_use]
    pub fn users(&self) -> &[User] {
        &self.core.users
    }

    /// Where external links lead.
    pub(crate) fn landing(&self) -> Option<&Landing> {
        self.core.landing.as_ref()
    }

    /// Makes a one-time token, as a real server does when a user opens an external link; no call of the API does it.
    /// `None` for a login that the server does not know.
    #[must_use]
    pub fn mint(&self, login: &str) -> Option<String> {
        let user = self.core.users.iter().position(|user| user.login == login)?;
        Some(self.call(&Request::default(), |call| tokens::mint(call, user)))
    }

    fn call<T>(&self, request: &Request, work: impl FnOnce(&mut Call<'_>) -> T) -> T {
        // A panic elsewhere left the state between two statements at worst, never half of a record.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.settle(Instant::now());
        work(&mut Call { request, core: &self.core, state: &mut state, now: self.core.clock.now(), hold: None })
    }
}
