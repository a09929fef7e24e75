//! As much load as one thread can generate: kept connections, prepared requests, responses read as bytes.

use std::{net::SocketAddr, time::Instant};

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use crate::workload::{BASE_PATH, LOGIN, PASSWORD};

/// The number of concurrent connections.
pub(crate) const CONNECTIONS: usize = 16;

/// The measured call.
#[derive(Clone)]
pub(crate) enum MeasuredCall {
    /// Logins.
    Issue,
    /// Refreshes, each with the token of the previous one.
    Refresh,
    /// Verifications of these one-time tokens.
    Verify(Vec<String>),
}

/// Sends this many requests and returns the responses per second.
pub(crate) async fn rate(server: SocketAddr, call: &MeasuredCall, requests: usize) -> Result<f64> {
    let mut connections = Vec::new();
    for at in 0..CONNECTIONS {
        let tokens = match call {
            MeasuredCall::Verify(tokens) => tokens.iter().skip(at).step_by(CONNECTIONS).cloned().collect(),
            _ => Vec::new(),
        };
        connections.push(Connection::open(server, matches!(call, MeasuredCall::Refresh), tokens).await?);
    }
    let began = Instant::now();
    let mut running = JoinSet::new();
    for connection in connections {
        running.spawn(connection.converse(requests / CONNECTIONS));
    }
    while let Some(ended) = running.join_next().await {
        ended??;
    }
    Ok((requests / CONNECTIONS * CONNECTIONS) as f64 / began.elapsed().as_secs_f64())
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// The next refresh token, for refreshes.
    refresh: Option<String>,
    one_time: Vec<String>,
}

impl Connection {
    async fn open(server: SocketAddr, refreshes: bool, one_time: Vec<String>) -> Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let mut connection = Self { stream, buffer: vec![0; 16 * 1024], refresh: None, one_time };
        if refreshes {
            let answer = connection.answered(&issue()).await?;
            connection.refresh = Some(refresh_token(&answer)?);
        }
        Ok(connection)
    }

    async fn converse(mut self, requests: usize) -> Result<()> {
        let issue = issue();
        for _ in 0..requests {
            if let Some(token) = self.refresh.take() {
                let answer = self.answered(&refresh(&token)).await?;
                self.refresh = Some(refresh_token(&answer)?);
            } else if let Some(token) = self.one_time.pop() {
                self.answered(&verify(&token)).await?;
            } else {
                self.answered(&issue).await?;
            }
        }
        Ok(())
    }

    /// The body of the response, whose status must be 200.
    async fn answered(&mut self, request: &str) -> Result<Vec<u8>> {
        self.stream.write_all(request.as_bytes()).await?;
        let mut filled = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[filled..]).await?;
            filled += read;
            if let Some(body) = body(&self.buffer[..filled])? {
                return Ok(body.to_vec());
            }
            if read == 0 {
                bail!("the server has closed the connection");
            }
        }
    }
}

/// The body, if it is complete.
fn body(received: &[u8]) -> Result<Option<&[u8]>> {
    const LENGTH: &[u8] = b"content-length: ";
    let Some(end) = received.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let head = &received[..end];
    if !head.starts_with(b"HTTP/1.1 200") {
        bail!("{}", String::from_utf8_lossy(received));
    }
    let at =
        head.windows(LENGTH.len()).position(|window| window == LENGTH).context("the response has no content length")?;
    let digits = head[at + LENGTH.len()..].iter().take_while(|byte| byte.is_ascii_digit());
    let length = digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0'));
    Ok(received.get(end + 4..end + 4 + length))
}

fn issue() -> String {
    let login = format!("{{\"login\":\"{LOGIN}\",\"password\":\"{PASSWORD}\"}}");
    post("/auth/token", &login)
}

fn verify(token: &str) -> String {
    post("/external/token/verify", &format!("{{\"token\":\"{token}\"}}"))
}

fn post(path: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {BASE_PATH}{path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

fn refresh(token: &str) -> String {
    format!("GET {BASE_PATH}/auth/token/refresh HTTP/1.1\r\nHost: bench\r\ntoken: {token}\r\n\r\n")
}

fn refresh_token(answer: &[u8]) -> Result<String> {
    let text = std::str::from_utf8(answer)?;
    let (_, rest) = text.split_once("\"refreshToken\":\"").context("the response has no refresh token")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}
