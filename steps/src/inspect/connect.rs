//! Name resolution and TCP connection to the server, or to its proxy where there is one.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use reqwest::Url;
use serde::Serialize;
use thiserror::Error;
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};

use crate::Target;

/// Longest time for resolving a name, for one connection and for a handshake, each.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Most addresses to try, one after the other.
const MOST_ADDRESSES: usize = 4;

/// How a connection was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Connected {
    /// The host.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The addresses of the host.
    pub addresses: Vec<SocketAddr>,
    /// The one that accepted the connection.
    pub connected: SocketAddr,
    /// How long the connection took.
    pub took: Duration,
    /// Whether host and port are the proxy's.
    pub is_proxy: bool,
}

/// Why a connection failed.
#[derive(Clone, Debug, Error, PartialEq, Eq, Serialize)]
pub enum ConnectError {
    /// The name has no address.
    #[error("the name `{host}` cannot be resolved ({why})")]
    Unresolved {
        /// The name.
        host: String,
        /// The reason the system gives.
        why: String,
    },
    /// The port is closed.
    #[error("nothing accepts connections at {host}:{port} ({why})")]
    Closed {
        /// The host.
        host: String,
        /// The port.
        port: u16,
        /// The reason the system gives.
        why: String,
    },
}

/// A connection, and how it was made.
pub(super) struct OpenConnection {
    pub(super) connected: Connected,
    pub(super) stream: TcpStream,
    encrypted_proxy: bool,
}

impl OpenConnection {
    /// Whether the proxy expects TLS before anything else.
    pub(super) fn ends_at_encrypted_proxy(&self) -> bool {
        self.encrypted_proxy
    }
}

/// Connects to the target, or to its proxy.
pub(super) async fn connect(target: &Target) -> Result<OpenConnection, ConnectError> {
    let proxy = target.network.proxy.as_deref();
    let (host, port) = host_and_port(proxy.unwrap_or(target.base_url.as_str()));
    let addresses = resolve(&host, port).await?;
    let began = Instant::now();
    let (stream, address) = connect_to_any(&host, port, &addresses).await?;
    let connected =
        Connected { host, port, addresses, connected: address, took: began.elapsed(), is_proxy: proxy.is_some() };
    let encrypted_proxy = proxy.is_some_and(|proxy| proxy.starts_with("https:"));
    Ok(OpenConnection { connected, stream, encrypted_proxy })
}

/// Host, without the brackets of an IPv6 address, and port of a valid URL.
pub(super) fn host_and_port(url: &str) -> (String, u16) {
    let url = Url::parse(url).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let port = url.as_ref().and_then(Url::port_or_known_default).unwrap_or_default();
    (host.trim_matches(['[', ']']).to_owned(), port)
}

async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, ConnectError> {
    let unresolved = |why: String| ConnectError::Unresolved { host: host.to_owned(), why };
    match timeout(PATIENCE, lookup_host((host, port))).await {
        Err(_) => Err(unresolved(format!("no answer within {} s", PATIENCE.as_secs()))),
        Ok(Err(error)) => Err(unresolved(error.to_string())),
        Ok(Ok(addresses)) => {
            let addresses: Vec<_> = addresses.take(MOST_ADDRESSES).collect();
            if addresses.is_empty() { Err(unresolved("it has no address".to_owned())) } else { Ok(addresses) }
        }
    }
}

async fn connect_to_any(
    host: &str,
    port: u16,
    addresses: &[SocketAddr],
) -> Result<(TcpStream, SocketAddr), ConnectError> {
    let mut why = String::new();
    for address in addresses {
        match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok((stream, *address)),
            Ok(Err(error)) => why = error.to_string(),
            Err(_) => why = format!("no answer within {} s", PATIENCE.as_secs()),
        }
    }
    Err(ConnectError::Closed { host: host.to_owned(), port, why })
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn the_port_of_a_url_defaults_by_scheme() {
        for (url, host, port) in [
            ("https://bo.example/rest", "bo.example", 443),
            ("http://bo.example", "bo.example", 80),
            ("https://[::1]:8443", "::1", 8443),
        ] {
            assert_eq!(host_and_port(url), (host.to_owned(), port));
        }
    }

    #[tokio::test]
    async fn the_first_address_that_accepts_is_used() {
        let open = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let open = open.local_addr().expect("its address");
        let closed = TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("its address");
        let (_, connected) = connect_to_any("x", 1, &[closed, open]).await.expect("one of them is open");
        assert_eq!(connected, open);
        let trouble = connect_to_any("x", 1, &[closed]).await.expect_err("it is closed").to_string();
        assert!(trouble.starts_with("nothing accepts connections at x:1 (Connection refused"), "{trouble}");
    }
}
