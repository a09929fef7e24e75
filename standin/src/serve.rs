//! Serves a stand-in with hyper, for long use: a request leaves nothing behind once it is answered. Connections are distributed
//! round-robin to one thread per processor; they may be encrypted.

use std::{
    convert::Infallible,
    future::Future,
    io,
    pin::{Pin, pin},
    task::{Context, Poll},
    thread::{self, JoinHandle},
    time::Duration,
};

use http_body_util::{BodyExt, Full, Limited, combinators::BoxBody};
use hyper::{
    body::{Bytes, Frame, Incoming},
    header::{HeaderName, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    api::MAX_BODY_BYTES,
    external_link,
    request::{ApiRequest, text_headers},
    response::ApiResponse,
    server::StandIn,
};

/// The pause after a failed accept.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// The longest time that a TLS handshake may take.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// Answers requests without blocking.
pub trait Responder: Clone + Send + Sync + 'static {
    /// The responder of a new connection.
    #[must_use]
    fn accept(&self) -> Self {
        self.clone()
    }

    /// The response; `None` closes the connection without one.
    fn respond(&self, request: &ApiRequest) -> Option<ApiResponse>;
}

impl Responder for StandIn {
    fn respond(&self, request: &ApiRequest) -> Option<ApiResponse> {
        Some(external_link::open(self, request).unwrap_or_else(|| self.handle(request)))
    }
}

type ResponseBody = BoxBody<Bytes, Infallible>;

/// Serves a listener until a future completes, then drops open connections.
///
/// # Errors
/// Before anything is served: when the listener has no address, or the system gives no threads or event queues.
pub async fn serve(listener: TcpListener, server: impl Responder, until: impl Future) -> io::Result<()> {
    serve_with(listener, None, server, until).await
}

/// Serves a listener over TLS if there is an acceptor, until a future completes; then drops open connections.
///
/// # Errors
/// As [`serve`].
pub async fn serve_with(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    server: impl Responder,
    until: impl Future,
) -> io::Result<()> {
    listener.local_addr()?;
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let start = |_| Worker::start(server.clone(), tls.clone());
    let workers = (0..workers).map(start).collect::<io::Result<Vec<_>>>()?;
    let mut in_turn = workers.iter().cycle();
    let mut until = pin!(until);
    loop {
        tokio::select! {
            _ = &mut until => return Ok(()),
            accepted = listener.accept() => match (accepted, in_turn.next()) {
                (Ok((stream, _)), Some(worker)) => worker.accept(stream),
                // No file descriptor is free, or the client has disconnected: other clients are still served.
                _ => sleep(ACCEPT_PAUSE).await,
            },
        }
    }
}

/// A thread that serves connections. Dropping it ends the thread and drops its connections.
struct Worker {
    connections: Option<UnboundedSender<std::net::TcpStream>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    fn start(server: impl Responder, tls: Option<TlsAcceptor>) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (connections, streams) = mpsc::unbounded_channel();
        let work = move || run_worker(&runtime, streams, &server, tls.as_ref());
        let thread = thread::Builder::new().name("stand-in".to_owned()).spawn(work)?;
        Ok(Self { connections: Some(connections), thread: Some(thread) })
    }

    /// Passes a connection to the thread, or closes it if that fails.
    fn accept(&self, stream: TcpStream) {
        if let (Ok(stream), Some(worker)) = (stream.into_std(), &self.connections) {
            worker.send(stream).ok();
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.connections.take();
        // A panic of the thread does not matter once it is stopped.
        self.thread.take().map(JoinHandle::join);
    }
}

fn run_worker(
    runtime: &Runtime,
    mut streams: UnboundedReceiver<std::net::TcpStream>,
    server: &impl Responder,
    tls: Option<&TlsAcceptor>,
) {
    runtime.block_on(async {
        while let Some(stream) = streams.recv().await {
            if let Ok(stream) = TcpStream::from_std(stream) {
                drop(tokio::spawn(serve_stream(stream, server.accept(), tls.cloned())));
            }
        }
    });
}

async fn serve_stream(stream: TcpStream, server: impl Responder, tls: Option<TlsAcceptor>) {
    stream.set_nodelay(true).ok();
    match tls {
        None => serve_connection(stream, server).await,
        Some(tls) => {
            // A handshake that fails or never ends is the client's affair.
            if let Ok(Ok(stream)) = timeout(HANDSHAKE_TIME, tls.accept(stream)).await {
                serve_connection(stream, server).await;
            }
        }
    }
}

async fn serve_connection(stream: impl AsyncRead + AsyncWrite + Unpin, server: impl Responder) {
    let service = service_fn(move |request| {
        let server = server.clone();
        async move { answer(&server, request).await.ok_or_else(|| io::Error::other("the answer is held back")) }
    });
    // A broken connection is not an error of the server.
    http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok();
}

async fn answer(server: &impl Responder, request: hyper::Request<Incoming>) -> Option<hyper::Response<ResponseBody>> {
    let (head, body) = request.into_parts();
    // A body over the limit keeps one extra byte, so that the server refuses it as too large.
    let body = match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(body) => body.to_bytes().to_vec(),
        Err(_) => vec![b' '; MAX_BODY_BYTES + 1],
    };
    let request = ApiRequest {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: text_headers(head.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()))),
        body,
    };
    let response = server.respond(&request)?;
    if let Some(delay) = response.delay {
        sleep(delay).await;
    }
    Some(to_hyper(response))
}

fn to_hyper(response: ApiResponse) -> hyper::Response<ResponseBody> {
    let body = if response.chunked { chunks(response.body) } else { Full::new(Bytes::from(response.body)).boxed() };
    let mut converted = hyper::Response::new(body);
    *converted.status_mut() =
        hyper::StatusCode::from_u16(response.status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            converted.headers_mut().append(name, value);
        }
    }
    converted
}

/// The body in chunks of odd size.
fn chunks(body: Vec<u8>) -> ResponseBody {
    let chunks: Vec<Bytes> = body.chunks(7).map(Bytes::copy_from_slice).collect();
    Chunks(chunks.into_iter()).boxed()
}

/// A body without a content length.
struct Chunks(std::vec::IntoIter<Bytes>);

impl hyper::body::Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.next().map(|chunk| Ok(Frame::data(chunk))))
    }
}
