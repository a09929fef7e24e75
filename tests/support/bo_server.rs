//! The BO server of `tests/foreign`, started on the loopback interface for one test.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use super::{REPOSITORY, Workplace};

/// The user that certifies.
pub(crate) const LOGIN: &str = "qa-certifier";
/// The second user.
pub(crate) const SECOND_LOGIN: &str = "qa-second";
/// Passwords that occur nowhere else, so that a leak is recognised.
pub(crate) const PASSWORD: &str = "Canary+one/7Qw&%äß!";
pub(crate) const SECOND_PASSWORD: &str = "Canary two\"9Zx<'>#?";

/// Configuration lines for a run that waits for no lifetime: it takes about a second.
pub(crate) const NO_WAITING: &str = "max_wait = \"1s\"";

/// A running server with two users, ended when it is dropped.
pub(crate) struct BoServer {
    process: Child,
    pub(crate) base_url: String,
}

impl BoServer {
    /// Starts it with these options, and waits until it listens.
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::start_with_password(PASSWORD, options)
    }

    /// Starts it with another password of the user that certifies. A server that ends while it starts, as on a machine short of
    /// ports or memory, is started again.
    pub(crate) fn start_with_password(password: &str, options: &[&str]) -> Self {
        let users = format!("{LOGIN}:{password}\n{SECOND_LOGIN}:{SECOND_PASSWORD}");
        let started = (0..3).find_map(|_| Self::launch(&users, options));
        started.unwrap_or_else(|| panic!("the server does not start with {options:?}"))
    }

    fn launch(users: &str, options: &[&str]) -> Option<Self> {
        let mut process = script("bo_server.py")
            .args(options)
            .env("BO_FOREIGN_USERS", users)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is installed");
        let mut first = String::new();
        let mut output = BufReader::new(process.stdout.take().expect("it is piped"));
        output.read_line(&mut first).expect("it can be read");
        if let Some(base_url) = first.trim().strip_prefix("listening ") {
            return Some(Self { base_url: base_url.to_owned(), process });
        }
        process.wait().expect("it has ended");
        None
    }

    /// A folder whose configuration has this server as its target, with both users, and these lines.
    pub(crate) fn workplace(&self, lines: &str) -> Workplace {
        workplace_with_users(&self.base_url).with_lines(lines)
    }

    /// A configuration line for a source of one-time tokens that live this many seconds. Each is minted by a new process.
    pub(crate) fn one_time_source(&self, seconds: u32) -> String {
        format!(
            "ott = {{ command = [{}, \"{{login}}\"], login = \"{LOGIN}\", second_login = \"{SECOND_LOGIN}\", lifetime = \
             \"{seconds}s\" }}",
            mint_command(&self.base_url)
        )
    }

    /// The server's own counters and lifetimes.
    pub(crate) fn statistics(&self) -> Value {
        let (host, path) = self.base_url.trim_start_matches("http://").split_once('/').expect("there is a path");
        let mut stream = TcpStream::connect(host).expect("it listens");
        write!(stream, "GET /{path}/_stats HTTP/1.0\r\nHost: {host}\r\n\r\n").expect("it reads");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("it answers");
        let (_, body) = response.split_once("\r\n\r\n").expect("there is a body");
        serde_json::from_str(body).expect("it is JSON")
    }
}

impl Drop for BoServer {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The command that mints a one-time token at this address, as members of a TOML list that ends before the login.
pub(crate) fn mint_command(base_url: &str) -> String {
    let script = Path::new(REPOSITORY).join("tests/foreign/mint_ott.sh");
    format!("\"bash\", {script:?}, {base_url:?}")
}

/// A folder whose configuration has the default target `foreign` at this address, unpaced, with one user.
pub(crate) fn workplace_for(base_url: &str) -> Workplace {
    let configuration = format!(
        "default_target = \"foreign\"\n[targets.foreign]\nbase_url = \"{base_url}\"\nlogin = \"{LOGIN}\"\n\
         password = {{ env = \"FIRST_PASSWORD\" }}\nprobe = \"/accounts?limit=1\"\nrequests_per_second = 0\n"
    );
    Workplace::new().with_file("bo-conformance.toml", &configuration).with_variable("FIRST_PASSWORD", PASSWORD)
}

/// Like [`workplace_for`], with a second user and a probe that names the caller.
pub(crate) fn workplace_with_users(base_url: &str) -> Workplace {
    workplace_for(base_url)
        .with_replaced("\"/accounts?limit=1\"", "\"/whoami\"\nprobe_login = \"/user/name\"")
        .with_lines(&format!(
            "second_user = {{ login = \"{SECOND_LOGIN}\", password = {{ file = \"second.password\" }} }}"
        ))
        .with_file("second.password", SECOND_PASSWORD)
}

/// The variations that the server can be started with: `freedoms`, `defects`, `dialect`.
pub(crate) fn listing() -> Value {
    let listed = script("bo_server.py").arg("--list").output().expect("python3 is installed");
    serde_json::from_slice(&listed.stdout).expect("the listing is JSON")
}

/// The names of its conforming variants.
pub(crate) fn conforming_variants() -> Vec<String> {
    let entries = listing()["freedoms"].as_array().cloned().unwrap_or_default();
    entries.iter().filter_map(|entry| entry["name"].as_str().map(str::to_owned)).collect()
}

/// The entry of a variation in the listing.
pub(crate) fn listed(listing: &Value, kind: &str, name: &str) -> Value {
    let all = listing[kind].as_array().expect("it is a list");
    all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{name} is not among the {kind}")).clone()
}

/// The texts of a list.
pub(crate) fn names(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

fn script(name: &str) -> Command {
    let mut command = Command::new("python3");
    command.arg(Path::new(REPOSITORY).join("tests/foreign").join(name));
    command
}
