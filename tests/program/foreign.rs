//! The BO server of `tests/foreign`, started on loopback for one test and ended with it.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use super::{REPOSITORY, Workplace};

/// The user that certifies.
pub(crate) const LOGIN: &str = "qa-certifier";
/// Another user.
pub(crate) const SECOND_LOGIN: &str = "qa-second";
/// Passwords that stand nowhere else, so that they are noticed wherever they turn up.
pub(crate) const PASSWORD: &str = "Canary+one/7Qw&%äß!";
pub(crate) const SECOND_PASSWORD: &str = "Canary two\"9Zx<'>#?";

/// A running server with the two users of this module.
pub(crate) struct ForeignServer {
    _process: Running,
    pub(crate) base_url: String,
}

/// The server as a process, whoever its users are.
pub(crate) struct Running {
    process: Child,
    pub(crate) base_url: String,
}

/// What the configuration says about the server beside its users.
pub(crate) struct Terms<'a> {
    /// Longest wait for a lifetime.
    pub(crate) max_wait: &'a str,
    /// Whether fresh one-time tokens can be had. Each is minted by a Python of its own, which takes most of a run's time.
    pub(crate) one_time: bool,
    /// Further lines for the target.
    pub(crate) more: &'a str,
}

impl Terms<'_> {
    /// No waiting and no one-time tokens: a run of a second.
    pub(crate) const QUICK: Self = Self { max_wait: "1s", one_time: false, more: "" };
}

impl ForeignServer {
    /// Starts it with these options beside the two users, and waits until it listens.
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::start_with_password(PASSWORD, options)
    }

    /// The same with another password of the user that certifies.
    pub(crate) fn start_with_password(password: &str, options: &[&str]) -> Self {
        let process = Running::with_users(&[(LOGIN, password), (SECOND_LOGIN, SECOND_PASSWORD)], options);
        Self { base_url: process.base_url.clone(), _process: process }
    }

    /// A folder with a configuration for this server, as target `foreign`.
    pub(crate) fn configured(&self, terms: &Terms<'_>) -> Workplace {
        configured(&self.base_url, &self.base_url, terms)
    }
}

impl Running {
    /// Starts it with these users and options, and waits until it listens. One that ends before that, as on a machine that is
    /// short of something, is started again.
    pub(crate) fn with_users(users: &[(&str, &str)], options: &[&str]) -> Self {
        let users: Vec<String> = users.iter().map(|(login, password)| format!("{login}:{password}")).collect();
        let started = (0..3).find_map(|_| Self::launch(&users.join("\n"), options));
        started.unwrap_or_else(|| panic!("the server does not start with {options:?}"))
    }

    fn launch(users: &str, options: &[&str]) -> Option<Self> {
        let mut process = script("bo_server.py")
            .args(options)
            .env("BO_FOREIGN_USERS", users)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 is there");
        let mut first = String::new();
        let mut said = BufReader::new(process.stdout.take().expect("it is piped"));
        said.read_line(&mut first).expect("it can be read");
        if let Some(base_url) = first.trim().strip_prefix("listening ") {
            return Some(Self { base_url: base_url.to_owned(), process });
        }
        process.wait().expect("it has ended");
        None
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A folder with a configuration for a server at `base_url` whose one-time tokens are minted at `mint_url`.
pub(crate) fn configured(base_url: &str, mint_url: &str, terms: &Terms<'_>) -> Workplace {
    let one_time = if terms.one_time { one_time(mint_url) } else { String::new() };
    let Terms { max_wait, more, .. } = terms;
    let configuration = format!(
        r#"[targets.foreign]
base_url = "{base_url}"
login = "{LOGIN}"
password = {{ env = "FIRST_PASSWORD" }}
probe = "/whoami"
probe_login = "/user/name"
requests_per_second = 0
max_wait = "{max_wait}"
{more}
[targets.foreign.second_user]
login = "{SECOND_LOGIN}"
password = {{ file = "second.password" }}
{one_time}"#
    );
    Workplace::new()
        .with_file("bo-conformance.toml", &configuration)
        .with_file("second.password", SECOND_PASSWORD)
        .with_variable("FIRST_PASSWORD", PASSWORD)
}

fn one_time(mint_url: &str) -> String {
    let script = Path::new(REPOSITORY).join("tests/foreign/mint_ott.py");
    format!(
        r#"
[targets.foreign.ott]
command = ["python3", "{}", "{mint_url}", "{{login}}"]
login = "{LOGIN}"
second_login = "{SECOND_LOGIN}"
lifetime = "4s"
"#,
        script.display()
    )
}

/// What the server can be started with: `freedoms`, `defects`, `dialect`.
pub(crate) fn listing() -> Value {
    let listed = script("bo_server.py").arg("--list").output().expect("python3 is there");
    serde_json::from_slice(&listed.stdout).expect("the listing is JSON")
}

/// The names of its freedoms, none of which breaks anything.
pub(crate) fn freedoms() -> Vec<String> {
    let entries = listing()["freedoms"].as_array().cloned().unwrap_or_default();
    entries.iter().filter_map(|entry| entry["name"].as_str().map(str::to_owned)).collect()
}

/// The entry of a variation in the listing.
pub(crate) fn listed(listing: &Value, kind: &str, name: &str) -> Value {
    let all = listing[kind].as_array().expect("it is a list");
    all.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("{name} is none of the {kind}")).clone()
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
