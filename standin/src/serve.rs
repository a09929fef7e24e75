//! A server behind hyper, for as long as somebody wants it: nothing is kept of a request once it is answered. Connections are
//! handed out in turn to a thread for each processor, which keeps them to their end.

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
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    time::sleep,
};

use crate::{Request, Response, Server, endpoints::LARGEST_BODY, external_link};

/// How long to wait when the machine cannot take another connection.
const BREATH: Duration = Duration::from_millis(20);

type Body = BoxBody<Bytes, Infallible>;

/// Answers on a listener until a future is ready. Connections that are open then are dropped.
///
/// # Errors
/// Before anything is served: when the listener has no address any more, or the system gives no threads or event queues.
pub async fn serve(listener: TcpListener, server: Server, until: impl Future) -> io::Result<()> {
    listener.local_addr()?;
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let workers = (0..workers).map(|_| Worker::start(server.clone())).collect::<io::Result<Vec<_>>>()?;
    let mut in_turn = workers.iter().cycle();
    let mut until = pin!(until);
    loop {
        tokio::select! {
            _ = &mut until => return Ok(()),
            accepted = listener.accept() => match (accepted, in_turn.next()) {
                (Ok((stream, _)), Some(worker)) => worker.take_on(stream),
                // Out of file descriptors, or the client has gone again: no reason to stop serving the others.
                _ => sleep(BREATH).await,
            },
        }
    }
}

/// A thread with connections of its own. It ends, and they are dropped, when this is.
struct Worker {
    handed_over: Option<UnboundedSender<std::net::TcpStream>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    fn start(server: Server) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (handed_over, streams) = mpsc::unbounded_channel();
        let thread =
            thread::Builder::new().name("stand-in".to_owned()).spawn(move || work(&runtime, streams, &server))?;
        Ok(Self { handed_over: Some(handed_over), thread: Some(thread) })
    }

    /// Hands a connection over. One that cannot be is closed, as if the machine could not take it.
    fn take_on(&self, stream: TcpStream) {
        if let (Ok(stream), Some(worker)) = (stream.into_std(), &self.handed_over) {
            worker.send(stream).ok();
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.handed_over.take();
        // That it has panicked says nothing to whoever stops it.
        self.thread.take().map(JoinHandle::join);
    }
}

fn work(runtime: &Runtime, mut streams: UnboundedReceiver<std::net::TcpStream>, server: &Server) {
    runtime.block_on(async {
        while let Some(stream) = streams.recv().await {
            if let Ok(stream) = TcpStream::from_std(stream) {
                drop(tokio::spawn(converse(stream, server.clone())));
            }
        }
    });
}

async fn converse(stream: TcpStream, server: Server) {
    stream.set_nodelay(true).ok();
    let service = service_fn(move |request| {
        let server = server.clone();
        async move { Ok::<_, Infallible>(answer(&server, request).await) }
    });
    // A connection that breaks is the client's affair; there is nobody to tell.
    http1::Builder::new().serve_connection(TokioIo::new(stream), service).await.ok();
}

async fn answer(server: &Server, request: hyper::Request<Incoming>) -> hyper::Response<Body> {
    let (head, body) = request.into_parts();
    // One byte too many is kept, so that the server sees that it is too much and says so itself.
    let body = match Limited::new(body, LARGEST_BODY).collect().await {
        Ok(body) => body.to_bytes().to_vec(),
        Err(_) => vec![b' '; LARGEST_BODY + 1],
    };
    let request = Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().map(str::to_owned),
        headers: text_headers(head.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()))),
        body,
    };
    let response = external_link::open(server, &request).unwrap_or_else(|| server.handle(&request));
    if let Some(delay) = response.delay {
        sleep(delay).await;
    }
    sent(response)
}

fn sent(response: Response) -> hyper::Response<Body> {
    let body = if response.chunked { chunks(response.body) } else { Full::new(Bytes::from(response.body)).boxed() };
    let mut sent = hyper::Response::new(body);
    *sent.status_mut() =
        hyper::StatusCode::from_u16(response.status).unwrap_or(hyper::StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            sent.headers_mut().append(name, value);
        }
    }
    sent
}

/// The body in chunks of odd size.
fn chunks(body: Vec<u8>) -> Body {
    let chunks: Vec<Bytes> = body.chunks(7).map(Bytes::copy_from_slice).collect();
    Chunks(chunks.into_iter()).boxed()
}

/// A body whose length nobody announces.
struct Chunks(std::vec::IntoIter<Bytes>);

impl hyper::body::Body for Chunks {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.next().map(|chunk| Ok(Frame::data(chunk))))
    }
}

/// Headers as texts; bytes that are no text are replaced.
pub(crate) fn text_headers<'a>(headers: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<(String, String)> {
    headers.map(|(name, value)| (name.to_owned(), String::from_utf8_lossy(value).into_owned())).collect()
}
