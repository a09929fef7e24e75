//! A proxy between the program and a server that records all traffic, so that a test learns the secrets of a run independently
//! of the program.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use regex::Regex;

/// The proxy.
pub(crate) struct Wiretap {
    pub(crate) base_url: String,
    recorded: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Wiretap {
    /// Starts the proxy for a server with this base URL.
    pub(crate) fn before(base_url: &str) -> Self {
        let (server, path) = base_url
            .strip_prefix("http://")
            .and_then(|rest| rest.split_once('/'))
            .expect("it is a plain URL with a path");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let recorded = Arc::default();
        thread::spawn({
            let (server, recorded) = (server.to_owned(), Arc::clone(&recorded));
            move || {
                for client in listener.incoming().flatten() {
                    connect(client, &server, &recorded);
                }
            }
        });
        Self { base_url: format!("http://{address}/{path}"), recorded }
    }

    /// Every token that the server issued and every one-time token sent to it.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let in_answers = Regex::new(r#""(?:access|refresh)Token"\s*:\s*"([^"]+)""#).expect("it is a pattern");
        let in_requests = Regex::new(r#"\{"token":"(x[0-9a-f]{64})"\}"#).expect("it is a pattern");
        let recorded = self.recorded.lock().expect("no thread panics with it");
        let mut tokens: Vec<String> = Vec::new();
        for stream in recorded.iter() {
            let text = String::from_utf8_lossy(stream);
            for pattern in [&in_answers, &in_requests] {
                tokens.extend(pattern.captures_iter(&text).map(|found| found[1].to_owned()));
            }
        }
        tokens.sort();
        tokens.dedup();
        tokens
    }
}

fn connect(client: TcpStream, server: &str, recorded: &Arc<Mutex<Vec<Vec<u8>>>>) {
    let Ok(server) = TcpStream::connect(server) else { return };
    for (from, to) in [(&client, &server), (&server, &client)] {
        let (from, to) = (from.try_clone().expect("it is open"), to.try_clone().expect("it is open"));
        let recorded = Arc::clone(recorded);
        thread::spawn(move || forward(from, to, &recorded));
    }
}

/// Forwards and records one direction until it ends.
fn forward(mut from: TcpStream, mut to: TcpStream, recorded: &Mutex<Vec<Vec<u8>>>) {
    let (mut stream, mut buffer) = (Vec::new(), [0; 16 * 1024]);
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        stream.extend_from_slice(&buffer[..read]);
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    // The other side may have closed already.
    let _ = to.shutdown(Shutdown::Write);
    recorded.lock().expect("no thread panics with it").push(stream);
}
