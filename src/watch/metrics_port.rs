//! A port that Prometheus reads the metrics from: `GET /metrics` and nothing else, of a few clients at one time.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};

/// The most clients at one time.
const MOST_CLIENTS: usize = 16;

/// The most bytes of a request's head.
const LONGEST_HEAD: usize = 8_192;

/// The longest time for one client.
const PATIENCE: Duration = Duration::from_secs(5);

/// The port. Dropping it does not end it; the runtime's end does.
pub(crate) struct MetricsPort {
    text: Arc<Mutex<String>>,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl MetricsPort {
    /// Listens from now on.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let text = Arc::new(Mutex::new(String::new()));
        drop(tokio::spawn(serve(listener, text.clone())));
        Ok(Self { text, address })
    }

    /// Replaces what is served.
    pub(crate) fn publish(&self, metrics: String) {
        *self.text.lock().unwrap_or_else(PoisonError::into_inner) = metrics;
    }
}

async fn serve(listener: TcpListener, text: Arc<Mutex<String>>) {
    let clients = Arc::new(Semaphore::new(MOST_CLIENTS));
    loop {
        let Ok(permit) = clients.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let text = text.clone();
        drop(tokio::spawn(async move {
            // A client that reads nothing, or goes, is its own affair.
            let _ = timeout(PATIENCE, answer(stream, &text)).await;
            drop(permit);
        }));
    }
}

async fn answer(mut stream: TcpStream, text: &Mutex<String>) -> io::Result<()> {
    let mut head = Vec::new();
    let mut chunk = [0; 1_024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < LONGEST_HEAD {
        match stream.read(&mut chunk).await? {
            0 => return Ok(()),
            count => head.extend_from_slice(&chunk[..count]),
        }
    }
    let (status, body) = if head.starts_with(b"GET /metrics ") {
        ("200 OK", text.lock().unwrap_or_else(PoisonError::into_inner).clone())
    } else {
        ("404 Not Found", "the metrics are at /metrics\n".to_owned())
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}
