//! A CONNECT tunnel through an HTTP proxy (RFC 9110, section 9.3.6), for a TLS handshake with the server behind it.

use std::io;

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Serialize;
use thiserror::Error;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::Secret;

/// Longest answer of a proxy to the request for a tunnel.
const LONGEST_ANSWER: usize = 8 * 1024;

/// Why a proxy makes no tunnel.
#[derive(Clone, Debug, Error, PartialEq, Eq, Serialize)]
pub enum TunnelError {
    /// It refuses.
    #[error("the proxy answers {status} to a request for a tunnel to {to}")]
    Refused {
        /// Its status.
        status: u16,
        /// Host and port of the server.
        to: String,
    },
    /// It gives no answer that can be read.
    #[error("the proxy gives no answer to a request for a tunnel: {0}")]
    NoAnswer(String),
}

impl From<io::Error> for TunnelError {
    fn from(error: io::Error) -> Self {
        Self::NoAnswer(error.to_string())
    }
}

/// Opens a tunnel to a host through the proxy at the other end of the stream, with the login `USER:PASSWORD` if it wants one.
///
/// # Errors
/// When the proxy refuses, or its answer has no end.
pub(super) async fn connect(
    proxy: &mut TcpStream,
    host: &str,
    port: u16,
    login: Option<&Secret>,
) -> Result<(), TunnelError> {
    let to = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    let login = login.map(|login| format!("Proxy-Authorization: Basic {}\r\n", BASE64_STANDARD.encode(login.expose())));
    let login = login.unwrap_or_default();
    proxy.write_all(format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n{login}\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    // Byte by byte: what follows the empty line comes from the server.
    while !answer.ends_with(b"\r\n\r\n") {
        if answer.len() == LONGEST_ANSWER {
            return Err(TunnelError::NoAnswer("it has no end".to_owned()));
        }
        answer.push(proxy.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&answer);
    match head.split_whitespace().nth(1).and_then(|status| status.parse().ok()) {
        Some(200..300) => Ok(()),
        Some(status) => Err(TunnelError::Refused { status, to }),
        None => Err(TunnelError::NoAnswer("it is not HTTP".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    async fn connect_through(answer: &'static [u8]) -> (Result<(), TunnelError>, Vec<u8>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let proxy = tokio::spawn(async move {
            let (mut client, _) = listener.accept().await.expect("a client");
            let mut request = vec![0; 256];
            let length = client.read(&mut request).await.expect("a request");
            client.write_all(answer).await.expect("it listens");
            request.truncate(length);
            request
        });
        let mut stream = TcpStream::connect(address).await.expect("it is open");
        let connected = connect(&mut stream, "bo.example", 8443, Some(&Secret::new("me:pw"))).await;
        let mut rest = Vec::new();
        let request = proxy.await.expect("the proxy ends");
        let request = String::from_utf8(request).expect("text");
        assert!(request.starts_with("CONNECT bo.example:8443 HTTP/1.1\r\n"), "{request}");
        assert!(request.contains("\r\nProxy-Authorization: Basic bWU6cHc=\r\n"), "{request}");
        stream.read_to_end(&mut rest).await.expect("it is closed");
        (connected, rest)
    }

    #[tokio::test]
    async fn bytes_after_the_answer_of_the_proxy_stay_in_the_stream() {
        let (connected, rest) = connect_through(b"HTTP/1.1 200 OK\r\nVia: x\r\n\r\nhello").await;
        assert!(connected.is_ok());
        assert_eq!(rest, b"hello");
    }

    #[tokio::test]
    async fn a_refusal_names_its_status() {
        let (connected, _) = connect_through(b"HTTP/1.1 407 Who are you\r\n\r\n").await;
        let error = connected.expect_err("there is no tunnel").to_string();
        assert_eq!(error, "the proxy answers 407 to a request for a tunnel to bo.example:8443");
    }
}
