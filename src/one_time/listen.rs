//! One-time tokens that people bring: a page that an external link of BackOffice points at. Each click delivers one; a
//! scenario that needs one waits for it.

use std::{
    convert::Infallible,
    io,
    net::{self, SocketAddr},
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures::{FutureExt, future::BoxFuture};
use hyper::{Method, Request, Response, body::Incoming, header, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use steps::{Minted, OneTimeTokens, SourceError, target::OneTimeUsers};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinHandle,
    time::timeout,
};

use super::{
    page::Welcome,
    token_inbox::{OnNeed, TokenInbox, Waiting},
    visit::Visit,
};

/// Time for somebody to notice, open the terminal and click.
const PATIENCE: Duration = Duration::from_secs(120);
const MOST_CONNECTIONS: usize = 32;
const LONGEST_CONNECTION: Duration = Duration::from_secs(10);
/// Room for the longest token in the request line.
const LARGEST_REQUEST: usize = 32 * 1024;

/// The page, which is served until this is dropped. The port is taken at once; what arrives before a scenario first asks
/// for a token waits at it.
pub(super) struct PageSource {
    inbox: Arc<TokenInbox>,
    port: net::TcpListener,
    server: OnceLock<JoinHandle<()>>,
    patience: Duration,
}

impl PageSource {
    /// Takes the port.
    pub(super) fn open(address: SocketAddr, users: OneTimeUsers, on_need: OnNeed) -> Result<Self, SourceError> {
        let port = bind(address).map_err(|error| {
            SourceError(format!(
                "the page for one-time tokens cannot be served at {address}: {error}; choose another `ott.listen`"
            ))
        })?;
        let address = port.local_addr().unwrap_or(address);
        let inbox = Arc::new(TokenInbox::new(users, address, on_need));
        Ok(Self { inbox, port, server: OnceLock::new(), patience: PATIENCE })
    }

    /// Serves the page, if it is not served yet.
    fn serve(&self) -> Result<(), SourceError> {
        let failed = |error| SourceError(format!("the page for one-time tokens is not served: {error}"));
        if self.server.get().is_none() {
            let listener = self.port.try_clone().and_then(TcpListener::from_std).map_err(failed)?;
            self.server.get_or_init(|| tokio::spawn(serve(listener, Arc::clone(&self.inbox))));
        }
        Ok(())
    }

    async fn wait(&self, login: &str) -> Result<Minted, SourceError> {
        self.serve()?;
        if let Some(minted) = self.inbox.fetch(login) {
            return Ok(minted);
        }
        let _waiting = Waiting::begin(&self.inbox, login);
        timeout(self.patience, self.inbox.fetch_when_there(login)).await.map_err(|_| {
            SourceError(format!(
                "nobody brought a one-time token of {login} within {} s; let {login} open the external link to {}",
                self.patience.as_secs(),
                self.inbox.link(login)
            ))
        })
    }
}

impl Drop for PageSource {
    fn drop(&mut self) {
        if let Some(server) = self.server.get() {
            server.abort();
        }
    }
}

impl OneTimeTokens for PageSource {
    fn mint<'a>(&'a self, login: &'a str) -> BoxFuture<'a, Result<Minted, SourceError>> {
        self.wait(login).boxed()
    }
}

fn bind(address: SocketAddr) -> io::Result<net::TcpListener> {
    let port = net::TcpListener::bind(address)?;
    port.set_nonblocking(true)?;
    Ok(port)
}

async fn serve(listener: TcpListener, inbox: Arc<TokenInbox>) {
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        // A connection that fails while it is accepted is the visitor's trouble.
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let inbox = Arc::clone(&inbox);
        tokio::spawn(async move {
            let _place = place;
            // A visitor who is too slow is dropped without an answer.
            let _ = timeout(LONGEST_CONNECTION, converse(stream, &inbox)).await;
        });
    }
}

async fn converse(stream: TcpStream, inbox: &TokenInbox) -> Result<(), hyper::Error> {
    let service = service_fn(|request| async move { Ok::<_, Infallible>(answer(inbox, &request)) });
    let mut connection = http1::Builder::new();
    connection.keep_alive(false).max_buf_size(LARGEST_REQUEST).serve_connection(TokioIo::new(stream), service).await
}

fn answer(inbox: &TokenInbox, request: &Request<Incoming>) -> Response<String> {
    let mut response = Response::new(String::new());
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/html; charset=utf-8"));
    if request.method() != Method::GET {
        *response.status_mut() = hyper::StatusCode::METHOD_NOT_ALLOWED;
        return response;
    }
    let visit = Visit::read(request.uri().path(), request.uri().query());
    let welcome = visit.map_or(Welcome::NoToken, |visit| inbox.deliver(visit));
    *response.status_mut() = hyper::StatusCode::from_u16(welcome.status()).unwrap_or_default();
    *response.body_mut() = welcome.html();
    response
}

#[cfg(test)]
#[path = "listen_tests.rs"]
mod tests;
