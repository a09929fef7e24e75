//! Both transports carry the same server.

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use standin::{Options, Server, Variations, serve, wire};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

const PROBE: &str = "GET /proftrading/rest/accounts?limit=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

fn server_of(names: &[&str]) -> Server {
    Server::new(Options { variations: Variations::named(names).expect("they exist"), ..Options::default() })
}

fn login_at(server: &Server) -> String {
    let user = &server.users()[0];
    let body = json!({"login": user.login, "password": user.password}).to_string();
    let length = body.len();
    format!(
        "POST /proftrading/rest/auth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// What a server sends to somebody who writes raw bytes and reads until it closes.
async fn exchanged(authority: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(authority).await.expect("the port is open");
    stream.write_all(request.as_bytes()).await.expect("the server reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("the server closes");
    String::from_utf8_lossy(&answer).to_lowercase()
}

/// Whether nobody can connect any more, within a second.
async fn closes(authority: &str) -> bool {
    for _ in 0..100 {
        if TcpStream::connect(authority).await.is_err() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

fn authority_of(base_url: &str) -> String {
    base_url.trim_start_matches("http://").split('/').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn wiremock_carries_requests_and_answers_and_closes_its_port() {
    let server = server_of(&[]);
    let served = wire::on_wiremock(server.clone()).await;
    let authority = authority_of(&served.base_url());
    assert!(served.base_url().ends_with("/proftrading/rest"));
    let refused = exchanged(&authority, PROBE).await;
    assert!(refused.starts_with("http/1.1 401") && refused.contains("www-authenticate: bearer"), "{refused}");
    let granted = exchanged(&authority, &login_at(&server)).await;
    assert!(granted.starts_with("http/1.1 200") && granted.contains("content-type: application/json\r\n"), "{granted}");
    served.close().await;
    assert!(closes(&authority).await, "the port is still open");
}

#[tokio::test]
async fn a_port_that_is_taken_over_serves_the_new_server_only() {
    let (first, second) = (server_of(&[]), server_of(&[]));
    let mut served = wire::on_wiremock(first.clone()).await;
    let authority = authority_of(&served.base_url());
    served.take_over(second.clone()).await;
    assert!(exchanged(&authority, &login_at(&first)).await.starts_with("http/1.1 401"));
    assert!(exchanged(&authority, &login_at(&second)).await.starts_with("http/1.1 200"));
    served.close().await;
}

#[tokio::test]
async fn two_hundred_servers_come_and_go_in_no_time() {
    let start = Instant::now();
    for _ in 0..200 {
        drop(wire::on_wiremock(server_of(&[])).await);
    }
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

async fn served_by_hyper(server: Server, request: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let authority = listener.local_addr().expect("an address").to_string();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(serve::serve(listener, server, stopped));
    let answer = exchanged(&authority, request).await;
    stop.send(()).expect("it still serves");
    serving.await.expect("it ends").expect("without an error");
    assert!(TcpStream::connect(&authority).await.is_err(), "the port is still open");
    answer
}

#[tokio::test]
async fn hyper_carries_requests_and_answers_until_it_is_told_to_stop() {
    let server = server_of(&[]);
    let request = login_at(&server);
    let granted = served_by_hyper(server, &request).await;
    assert!(granted.starts_with("http/1.1 200") && granted.contains("\"accesstokenlifetime\":300"), "{granted}");
}

#[tokio::test]
async fn hyper_sends_chunks_where_the_length_is_not_to_be_announced() {
    let refused = served_by_hyper(server_of(&["answer-chunked"]), PROBE).await;
    assert!(refused.contains("transfer-encoding: chunked") && !refused.contains("content-length"), "{refused}");
}

#[tokio::test]
async fn hyper_refuses_what_is_too_large_as_documented() {
    let head =
        "POST /proftrading/rest/auth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1000001\r\n\r\n";
    let refused = served_by_hyper(server_of(&[]), &format!("{head}{}", " ".repeat(1_000_001))).await;
    assert!(refused.starts_with("http/1.1 400"), "{refused}");
}

#[tokio::test]
async fn an_answer_that_is_held_back_comes_late() {
    let start = Instant::now();
    served_by_hyper(server_of(&["answer-slow"]), PROBE).await;
    assert!(start.elapsed() >= Duration::from_millis(30), "{:?}", start.elapsed());
}
