//! Stands between the program and a server and keeps what goes over the wire, so that a test knows the secrets of a run
//! without being told by the program.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use regex::Regex;

/// A listener that passes everything on.
pub(crate) struct Wiretap {
    pub(crate) base_url: String,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Wiretap {
    /// Listens before a server, whose base URL is given.
    pub(crate) fn before(base_url: &str) -> Self {
        let (server, path) = base_url
            .strip_prefix("http://")
            .and_then(|rest| rest.split_once('/'))
            .expect("it is a plain URL with a path");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let heard = Arc::default();
        thread::spawn({
            let (server, heard) = (server.to_owned(), Arc::clone(&heard));
            move || {
                for client in listener.incoming().flatten() {
                    connect(client, &server, &heard);
                }
            }
        });
        Self { base_url: format!("http://{address}/{path}"), heard }
    }

    /// Every token that the server gave out and every one-time token that was sent to it.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let in_answers = Regex::new(r#""(?:access|refresh)Token"\s*:\s*"([^"]+)""#).expect("it is a pattern");
        let in_requests = Regex::new(r#"\{"token":"(x[0-9a-f]{64})"\}"#).expect("it is a pattern");
        let heard = self.heard.lock().expect("nobody panics with it");
        let mut tokens: Vec<String> = Vec::new();
        for stream in heard.iter() {
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

fn connect(client: TcpStream, server: &str, heard: &Arc<Mutex<Vec<Vec<u8>>>>) {
    let Ok(server) = TcpStream::connect(server) else { return };
    for (from, to) in [(&client, &server), (&server, &client)] {
        let (from, to) = (from.try_clone().expect("it is open"), to.try_clone().expect("it is open"));
        let heard = Arc::clone(heard);
        thread::spawn(move || pass_on(from, to, &heard));
    }
}

/// Copies one direction to its end, and keeps it.
fn pass_on(mut from: TcpStream, mut to: TcpStream, heard: &Mutex<Vec<Vec<u8>>>) {
    let (mut stream, mut buffer) = (Vec::new(), [0; 16 * 1024]);
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        stream.extend_from_slice(&buffer[..read]);
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    // Whichever side has gone first, nothing more comes.
    let _ = to.shutdown(Shutdown::Write);
    heard.lock().expect("nobody panics with it").push(stream);
}
