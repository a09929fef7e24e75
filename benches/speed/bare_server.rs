//! The floor for the server side: hyper, a counter and a format string. One accept loop distributes connections round-robin to
//! threads with a runtime each, like the stand-in.

use std::{
    convert::Infallible,
    io::Write,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use anyhow::Result;
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{runtime::Builder, sync::mpsc, task::LocalSet};

type Streams = mpsc::UnboundedReceiver<std::net::TcpStream>;

/// Serves until it is killed.
pub(crate) fn serve(threads: usize) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    let issued = Arc::new(AtomicU64::new(0));
    let workers: Vec<_> = (0..threads.max(1))
        .map(|_| {
            let (hand_over, streams) = mpsc::unbounded_channel();
            let issued = issued.clone();
            thread::spawn(move || work(streams, &issued));
            hand_over
        })
        .collect();
    for worker in workers.iter().cycle() {
        worker.send(listener.accept()?.0)?;
    }
    Ok(())
}

fn work(mut streams: Streams, issued: &Arc<AtomicU64>) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        while let Some(stream) = streams.recv().await {
            stream.set_nonblocking(true)?;
            stream.set_nodelay(true)?;
            let stream = TokioIo::new(tokio::net::TcpStream::from_std(stream)?);
            let issued = issued.clone();
            let service = service_fn(move |request| answer(request, issued.clone()));
            tokio::task::spawn_local(http1::Builder::new().serve_connection(stream, service));
        }
        Ok(())
    })
}

async fn answer(request: Request<Incoming>, issued: Arc<AtomicU64>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    // Any server must read the body.
    let _ = body.collect().await;
    let path = head.uri.path();
    let text = if path.ends_with("/accounts") {
        if !head.headers.contains_key("authorization") {
            return Ok(status(StatusCode::UNAUTHORIZED));
        }
        r#"[{"currency":"USD","id":1001,"name":"qa-certifier 1","owner":"qa-certifier","type":"TRADING"}]"#.to_owned()
    } else if path.ends_with("/verify") {
        r#"{"login":"qa-certifier"}"#.to_owned()
    } else {
        token_answer(issued.fetch_add(1, Ordering::Relaxed))
    };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// A new pair, as long as the stand-in's.
fn token_answer(number: u64) -> String {
    let scattered = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    format!(
        r#"{{"accessToken":"eyItMjI2Ijp7Im4iOiJvR0g2VlVjX1VaUy1XQWZTaHN1X19pZXl0Xzl5NFdZQyIsInMiOjEsInQiOjAsInUiOiJhIn19.{scattered:016x}QyA79lCtzGwEhwWC0TzibDy3NWi{number:016x}","accessTokenLifeTime":300,"refreshToken":"{scattered:016x}h75Im9E31zqk4GFn.IsMgXEUWeFk84XVn{number:016x}","refreshTokenLifeTime":3600}}"#
    )
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::default();
    *response.status_mut() = status;
    response
}
