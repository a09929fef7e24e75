//! A login that something else than the API answers, or that comes to nobody: the message names what answered and the key to set.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    thread,
};

use crate::support::{
    Workplace,
    bo_server::{BoServer, workplace_for},
};

/// A port that answers every connection with these bytes, once it has read something, and closes it.
fn answering(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer_once(stream, answer));
        }
    });
    address.to_string()
}

/// Reads until the request is complete, so that the answer is not lost with what was not read.
fn answer_once(mut stream: TcpStream, answer: &[u8]) {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut part) {
        request.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&request);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let is_tls = request[0] == 0x16;
        if is_tls || text.contains("\r\n\r\n") && (!head.contains("content-length") || body.ends_with('}')) {
            break;
        }
    }
    // A client that has gone needs no answer.
    let _ = stream.write_all(answer);
}

/// The message of a run that nothing was judged in.
fn refusal(workplace: &Workplace) -> String {
    let run = workplace.run(&["run"]).expect_code(3);
    run.stderr.trim_start_matches("error: ").trim_end().to_owned()
}

fn answered(answer: &'static [u8]) -> String {
    let address = answering(answer);
    refusal(&workplace_for(&format!("http://{address}/rest"))).replace(&address, "HERE")
}

#[test]
fn what_answers_in_place_of_the_api_is_named() {
    let let_through = "so that something in front of the API answered it: have this machine let through, or set the header that is \
                       wanted in `headers`";
    for (answer, message) in [
        (
            &b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"[..],
            "a proxy on the way to http://HERE/rest wants a login (407): set `proxy` and `proxy_login`".to_owned(),
        ),
        (
            b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"staging\"\r\nContent-Length: 0\r\n\r\n",
            "the login `qa-certifier` is refused (401) with a challenge of HTTP itself, `Basic realm=\"staging\"`: something in front of \
             the API may have a login of its own, so that `base_url` must lead past it; if the API answered, check `login` and `password`"
                .to_owned(),
        ),
        (
            b"HTTP/1.1 403 Forbidden\r\nServer: cloudflare\r\nCF-RAY: 8a1b-FRA\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n\
              <!DOCTYPE html><title>Attention Required!</title>",
            format!("a login is refused with a web page of Cloudflare (403), {let_through}"),
        ),
        (
            b"HTTP/1.1 401 Unauthorized\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n  <html><form action=/login>",
            format!("a login is refused with a web page (401), {let_through}"),
        ),
        (
            b"HTTP/1.1 403 Forbidden\r\nx-amzn-ErrorType: ForbiddenException\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n\
              {\"message\":\"Forbidden\"}",
            "Amazon API Gateway refuses the login before it comes to the API (403): set the header that it wants in `headers`, like { \
             \"X-Api-Key\" = { env = \"GATEWAY_KEY\" } }"
                .to_owned(),
        ),
        (
            b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>400 The plain HTTP \
              request was sent to HTTPS port",
            "http://HERE/rest speaks TLS and was asked without: write https:// in place of http:// in `base_url`".to_owned(),
        ),
        (
            b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>400 No required SSL \
              certificate was sent",
            "http://HERE/rest wants a client certificate (400): set `client_certificate`".to_owned(),
        ),
    ] {
        assert_eq!(answered(answer), message);
    }
}

#[test]
fn a_refusal_of_the_api_itself_is_about_login_and_password() {
    let hint = "It was tried once and not again, so that no account is locked";
    let answer = b"HTTP/1.1 401 Unauthorized\r\nServer: cloudflare\r\nCF-RAY: 8a1b-FRA\r\nWWW-Authenticate: Bearer\r\nContent-Type: \
                   application/json\r\nConnection: close\r\n\r\n{\"message\":\"wrong password\"}";
    let address = answering(answer);
    let workplace = workplace_for(&format!("http://{address}/rest"));
    assert_eq!(
        refusal(&workplace),
        format!("the server refuses the login `qa-certifier` (401): check `login` and `password`. {hint}")
    );
    let blank = workplace.with_variable("FIRST_PASSWORD", "hunter2 ");
    assert_eq!(
        refusal(&blank),
        format!(
            "the server refuses the login `qa-certifier` (401): check `login` and `password`; the password ends in a blank. {hint}"
        )
    );
}

#[test]
fn a_line_break_at_the_end_of_a_variable_is_no_part_of_the_password() {
    let server = BoServer::start(&[]);
    let workplace = workplace_for(&server.base_url);
    let password = format!("{}\r\n", crate::support::bo_server::PASSWORD);
    workplace.with_variable("FIRST_PASSWORD", &password).run(&["run", "--requirement", "ISSUE-1"]).expect_code(0);
}

#[test]
fn a_server_that_ends_the_handshake_with_an_alert_is_never_asked_in_clear() {
    // Fatal alerts of RFC 8446, section 6: protocol_version, unrecognized_name.
    for (alert, message) in [
        (
            &b"\x15\x03\x03\x00\x02\x02\x46"[..],
            "the TLS handshake failed: the server accepts no TLS version or cipher of this program (alert protocol_version); have the \
             server offer TLS 1.2 or 1.3 with a cipher of today (AES-GCM or ChaCha20)",
        ),
        (
            b"\x15\x03\x03\x00\x02\x02\x70",
            "the TLS handshake failed: the server knows no host of this name; correct the host in `base_url`",
        ),
    ] {
        let address = answering(alert);
        assert_eq!(refusal(&workplace_for(&format!("https://{address}/rest"))), message);
    }
}

#[test]
fn a_proxy_that_wants_a_login_gets_the_one_of_the_configuration() {
    let proxy =
        answering(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let through = |url: &str, lines: &str| {
        refusal(
            &workplace_for(url)
                .with_lines(&format!("proxy = \"http://{proxy}\"\n{lines}"))
                .with_variable("PROXY_LOGIN", "me:pw-4711"),
        )
    };
    let login = "proxy_login = { env = \"PROXY_LOGIN\" }";
    let advice = "set `proxy_login` to a source of USER:PASSWORD, like { env = \"PROXY_LOGIN\" }";
    assert_eq!(through("http://bo.invalid/rest", ""), format!("the proxy wants a login (407): {advice}"));
    assert_eq!(through("http://bo.invalid/rest", login), "the proxy refuses its login (407): check `proxy_login`");
    let tunnel = "the proxy answers 407 to a request for a tunnel to bo.invalid:443";
    assert_eq!(through("https://bo.invalid/rest", ""), format!("{tunnel}; {advice}"));
    assert_eq!(through("https://bo.invalid/rest", login), format!("{tunnel}; check `proxy_login`"));
}

#[test]
fn a_proxy_of_the_environment_is_named_where_nothing_answers() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").port();
    let workplace = workplace_for(&format!("http://127.0.0.1:{port}/rest"))
        .with_variable("HTTP_PROXY", "http://proxy.example:3128");
    let message = refusal(&workplace);
    assert!(message.ends_with("; HTTP_PROXY is set and not used: set `proxy` to go through it"), "{message}");
}
