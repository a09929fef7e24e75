//! A server behind hyper, for as long as somebody wants it: nothing is kept of a request once it is answered.

use std::{
    convert::Infallible,
    future::Future,
    io,
    pin::{Pin, pin},
    task::{Context, Poll},
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
    time::sleep,
};

use crate::{Request, Response, Server, endpoints::LARGEST_BODY};

/// How long to wait when the machine cannot take another connection.
const BREATH: Duration = Duration::from_millis(20);

type Body = BoxBody<Bytes, Infallible>;

/// Answers on a listener until a future is ready. Connections that are open then are dropped with the runtime.
///
/// # Errors
/// When the listener has no address any more, that is, before anything is served.
pub async fn serve(listener: TcpListener, server: Server, until: impl Future) -> io::Result<()> {
    listener.local_addr()?;
    let mut until = pin!(until);
    loop {
        tokio::select! {
            _ = &mut until => return Ok(()),
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(tokio::spawn(converse(stream, server.clone()))),
                // Out of file descriptors, or the client has gone again: no reason to stop serving the others.
                Err(_) => sleep(BREATH).await,
            },
        }
    }
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
    let response = server.handle(&request);
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
