//! Both transports serve the same stand-in.

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use standin::{StandIn, StandInOptions, Variations, serve, wire};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

const PROBE: &str = "GET /proftrading/rest/accounts?limit=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

fn server_with(names: &[&str]) -> StandIn {
    StandIn::new(StandInOptions {
        variations: Variations::from_names(names).expect("they exist"),
        ..StandInOptions::default()
    })
}

fn login_at(server: &StandIn) -> String {
    let user = &server.users()[0];
    let body = json!({"login": user.login, "password": user.password}).to_string();
    let length = body.len();
    format!(
        "POST /proftrading/rest/auth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// Sends raw bytes and reads until the server closes the connection.
async fn exchange(authority: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(authority).await.expect("the port is open");
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("the server closes");
    String::from_utf8_lossy(&answer).to_lowercase()
}

/// Whether the port closes within a second.
async fn is_closed(authority: &str) -> bool {
    for _ in 0..100 {
        if TcpStream::connect(authority).await.is_err() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

fn authority(base_url: &str) -> String {
    base_url.trim_start_matches("http://").split('/').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn wiremock_serves_requests_and_closes_its_port() {
    let server = server_with(&[]);
    let served = wire::serve_on_wiremock(server.clone()).await;
    let authority = authority(&served.base_url());
    assert!(served.base_url().ends_with("/proftrading/rest"));
    let refused = exchange(&authority, PROBE).await;
    assert!(refused.starts_with("http/1.1 401") && refused.contains("www-authenticate: bearer"), "{refused}");
    let granted = exchange(&authority, &login_at(&server)).await;
    assert!(granted.starts_with("http/1.1 200") && granted.contains("content-type: application/json\r\n"), "{granted}");
    served.close().await;
    assert!(is_closed(&authority).await, "the port is still open");
}

#[tokio::test]
async fn a_reused_port_serves_the_new_server_only() {
    let (first, second) = (server_with(&[]), server_with(&[]));
    let mut served = wire::serve_on_wiremock(first.clone()).await;
    let authority = authority(&served.base_url());
    served.replace(second.clone()).await;
    assert!(exchange(&authority, &login_at(&first)).await.starts_with("http/1.1 401"));
    assert!(exchange(&authority, &login_at(&second)).await.starts_with("http/1.1 200"));
    served.close().await;
}

#[tokio::test]
async fn two_hundred_servers_are_started_and_dropped() {
    for _ in 0..200 {
        drop(wire::serve_on_wiremock(server_with(&[])).await);
    }
}

async fn exchange_over_hyper(server: StandIn, request: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let authority = listener.local_addr().expect("an address").to_string();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve::serve(listener, server, stopped));
    let answer = exchange(&authority, request).await;
    stop.send(()).expect("it still serves");
    serving.await.expect("it ends").expect("without an error");
    assert!(TcpStream::connect(&authority).await.is_err(), "the port is still open");
    answer
}

#[tokio::test]
async fn hyper_serves_requests_until_stopped() {
    let server = server_with(&[]);
    let request = login_at(&server);
    let granted = exchange_over_hyper(server, &request).await;
    assert!(granted.starts_with("http/1.1 200") && granted.contains("\"accesstokenlifetime\":300"), "{granted}");
}

#[tokio::test]
async fn hyper_sends_chunks_without_a_content_length() {
    let refused = exchange_over_hyper(server_with(&["answer-chunked"]), PROBE).await;
    assert!(refused.contains("transfer-encoding: chunked") && !refused.contains("content-length"), "{refused}");
}

#[tokio::test]
async fn hyper_refuses_too_large_bodies_as_documented() {
    let head =
        "POST /proftrading/rest/auth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000001\r\n\r\n";
    let refused = exchange_over_hyper(server_with(&[]), &format!("{head}{}", " ".repeat(1_000_001))).await;
    assert!(refused.starts_with("http/1.1 400"), "{refused}");
}

#[tokio::test]
async fn a_delayed_response_arrives_late() {
    let start = Instant::now();
    exchange_over_hyper(server_with(&["answer-slow"]), PROBE).await;
    assert!(start.elapsed() >= Duration::from_millis(30), "{:?}", start.elapsed());
}
