//! One-time tokens that people bring: a page that an external link of BackOffice points at. Each click delivers one; a
//! scenario that needs one waits for it.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures::{FutureExt, future::BoxFuture};
use hyper::{Method, Request, Response, body::Incoming, header, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use steps::{Minted, OneTimeTokens, Secret, SourceError, target::OneTimeUsers};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, Semaphore},
    task::JoinHandle,
    time::timeout,
};

use super::{page::Welcome, visit::Visit};

/// Time for somebody to notice, open the terminal and click.
const PATIENCE: Duration = Duration::from_secs(120);
const MOST_CONNECTIONS: usize = 32;
const LONGEST_CONNECTION: Duration = Duration::from_secs(10);
/// Room for the longest token in the request line.
const LARGEST_REQUEST: usize = 32 * 1024;
/// Several times what a whole run uses.
const MOST_TOKENS: usize = 512;

/// Is told whenever the number of clicks needed changes. Must not block.
pub type OnNeed = Arc<dyn Fn(Need) + Send + Sync>;

/// How many clicks are needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// The user who has to click.
    pub login: String,
    /// How many tokens scenarios wait for; 0 when nobody waits any more.
    pub tokens: usize,
    /// The address that the external link must point at; the token follows it.
    pub link: String,
}

/// The page, which is served until this is dropped.
pub(super) struct PageSource {
    desk: Arc<Desk>,
    server: JoinHandle<()>,
    patience: Duration,
}

/// Where tokens are left and fetched.
struct Desk {
    users: OneTimeUsers,
    address: SocketAddr,
    on_need: OnNeed,
    state: Mutex<State>,
    delivered: Notify,
}

#[derive(Default)]
struct State {
    ready: HashMap<String, VecDeque<(Secret, Instant)>>,
    /// Browsers fetch a page twice; a token is taken once.
    seen: HashSet<Secret>,
    waiting: HashMap<String, usize>,
}

impl PageSource {
    /// Serves the page.
    pub(super) async fn open(address: SocketAddr, users: OneTimeUsers, on_need: OnNeed) -> Result<Self, SourceError> {
        let refused = |error| {
            SourceError(format!(
                "the page for one-time tokens cannot be served at {address}: {error}; choose another `ott.listen`"
            ))
        };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let (state, delivered) = (Mutex::default(), Notify::new());
        let desk = Arc::new(Desk {
            users,
            address,
            on_need,
            state,
            delivered,
        });
        let server = tokio::spawn(serve(listener, Arc::clone(&desk)));
        Ok(Self {
            desk,
            server,
            patience: PATIENCE,
        })
    }

    async fn wait(&self, login: &str) -> Result<Minted, SourceError> {
        if let Some(minted) = self.desk.fetch(login) {
            return Ok(minted);
        }
        let _waiting = Waiting::begin(&self.desk, login);
        timeout(self.patience, self.desk.fetch_when_there(login))
            .await
            .map_err(|_| {
                SourceError(format!(
                    "nobody brought a one-time token of {login} within {} s; let {login} open the external link to {}",
                    self.patience.as_secs(),
                    self.desk.link(login)
                ))
            })
    }
}

impl Drop for PageSource {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl OneTimeTokens for PageSource {
    fn mint<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Minted, SourceError>> {
        self.wait(login).boxed()
    }
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The oldest token of this user that is still alive, as far as is known.
    fn fetch(&self, login: &str) -> Option<Minted> {
        let mut state = self.state();
        let ready = state.ready.get_mut(login)?;
        while let Some((token, brought)) = ready.pop_front() {
            let age = brought.elapsed();
            if self.users.lifetime.is_none_or(|lifetime| age < lifetime) {
                return Some(Minted { token, age });
            }
        }
        None
    }

    async fn fetch_when_there(&self, login: &str) -> Minted {
        loop {
            // Listens before it looks, so that a delivery in between is not missed.
            let mut delivered = Box::pin(self.delivered.notified());
            delivered.as_mut().enable();
            if let Some(minted) = self.fetch(login) {
                return minted;
            }
            delivered.await;
        }
    }

    fn deliver(&self, visit: Visit) -> Welcome {
        let login = visit.login.unwrap_or_else(|| self.users.login.clone());
        if login != self.users.login && self.users.second_login.as_ref() != Some(&login) {
            return Welcome::Stranger;
        }
        let mut state = self.state();
        if state.seen.contains(&visit.token) {
            return Welcome::Again;
        }
        if state.seen.len() >= MOST_TOKENS {
            return Welcome::Full;
        }
        state.seen.insert(visit.token.clone());
        let ready = state.ready.entry(login.clone()).or_default();
        ready.push_back((visit.token, Instant::now()));
        let ready = ready.len();
        let still = state
            .waiting
            .get(&login)
            .copied()
            .unwrap_or_default()
            .saturating_sub(ready);
        self.delivered.notify_waiters();
        Welcome::Thanks { still }
    }

    /// Changes how many wait for tokens of this user, and says so.
    fn count(&self, login: &str, change: impl FnOnce(usize) -> usize) {
        let tokens = {
            let mut state = self.state();
            let waiting = state.waiting.entry(login.to_owned()).or_default();
            *waiting = change(*waiting);
            *waiting
        };
        (self.on_need)(Need {
            login: login.to_owned(),
            tokens,
            link: self.link(login),
        });
    }

    fn link(&self, login: &str) -> String {
        let user = if login == self.users.login {
            String::new()
        } else {
            format!("{login}")
        };
        format!("http://{}/{user}?token=", self.address)
    }
}

/// Counts as somebody who waits, also when the waiting is given up.
struct Waiting<'a> {
    desk: &'a Desk,
    login: &'a str,
}

impl<'a> Waiting<'a> {
    fn begin(desk: &'a Desk, login: &'a str) -> Self {
        desk.count(login, |waiting| waiting + 1);
        Self { desk, login }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.desk.count(self.login, |waiting| waiting.saturating_sub(1));
    }
}

async fn serve(listener: TcpListener, desk: Arc<Desk>) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        // A connection that fails while it is accepted is the visitor's trouble.
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let desk = Arc::clone(&desk);
        tokio::spawn(async move {
            let _place = place;
            // A visitor who is too slow is dropped; there is nobody to tell.
            let _ = timeout(LONGEST_CONNECTION, converse(stream, &desk)).await;
        });
    }
}

async fn converse(stream: TcpStream, desk: &Desk) -> Result<(), hyper::Error> {
    let service = service_fn(|request| async move { Ok::<_, Infallible>(answer(desk, &request)) });
    let mut connection = http1::Builder::new();
    connection
        .keep_alive(false)
        .max_buf_size(LARGEST_REQUEST)
        .serve_connection(TokioIo::new(stream), service)
        .await
}

fn answer(desk: &Desk, request: &Request<Incoming>) -> Response<String> {
    let mut response = Response::new(String::new());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("text/html; charset=utf-8"),
    );
    if request.method() != Method::GET {
        *response.status_mut() = hyper::StatusCode::METHOD_NOT_ALLOWED;
        return response;
    }
    let visit = Visit::read(request.uri().path(), request.uri().query());
    let welcome = visit.map_or(Welcome::NoToken, |visit| desk.deliver(visit));
    *response.status_mut() = hyper::StatusCode::from_u16(welcome.status()).unwrap_or_default();
    *response.body_mut() = welcome.html();
    response
}

#[cfg(test)]
#[path = "listen_tests.rs"]
mod tests;
