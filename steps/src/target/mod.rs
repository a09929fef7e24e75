//! The target: the server under test as the certifier describes it, with its address, its users, its names of fields and its
//! limits. Plain values; the program reads them from a file.

mod base_url;
mod dialect;
mod lifetime_unit;
mod wire_forms;

use std::{num::NonZeroU32, time::Duration};

pub use base_url::{BaseUrl, BaseUrlError};
pub use dialect::{Dialect, Pointer, PointerError};
pub use lifetime_unit::LifetimeUnit;
pub(crate) use lifetime_unit::read_moment;
pub use wire_forms::WireForms;

use crate::{Secret, lifetimes::Lifetimes};

/// Everything the steps know about the server under test.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where the REST API begins.
    pub base_url: BaseUrl,
    /// The single nodes behind that address; none where they are not configured.
    pub nodes: Vec<BaseUrl>,
    /// The certifier's own user.
    pub user: Credentials,
    /// Another user, for what must not be mixed up between two.
    pub second_user: Option<Credentials>,
    /// A protected call; without one, no requirement on access tokens can be judged.
    pub probe: Option<Probe>,
    /// Whose one-time tokens the source gives; `None` without a source.
    pub one_time: Option<OneTimeUsers>,
    /// The names of fields and headers in this deployment.
    pub dialect: Dialect,
    /// Longest single wait for an expiry.
    pub max_wait: Duration,
    /// How far from the end of a lifetime both sides of the boundary are tried.
    pub margin: Duration,
    /// The lifetimes to set for the run; `None` where settings may not be changed.
    pub short_lifetimes: Option<Lifetimes<Duration>>,
    /// Whether the run may choose other lifetimes than those, where settings may be changed.
    pub may_choose_lifetimes: bool,
    /// The lifetimes before any run, where they are configured. They are believed rather than what the server shows.
    pub known_lifetimes: Lifetimes<Option<Duration>>,
    /// How long a spent refresh token may still be answered, as the target declares; zero for no grace.
    pub refresh_grace: Duration,
    /// How fast requests may be sent.
    pub pace: Pace,
    /// How the server is reached.
    pub network: Network,
    /// Whether scenarios try every input of a class and every repetition. A deployment gets a covering few of them, so that a paced
    /// run stays short.
    pub thorough: bool,
    /// Whether requests are dear, for few of them may be sent in a second: of large classes a run draws some by its seed.
    pub frugal: bool,
}

/// A login with its password.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The login, which reports may show.
    pub login: String,
    /// The password.
    pub password: Secret,
}

/// A GET that the server answers only for a valid access token.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Path and query below the base URL, with a leading slash.
    pub path: String,
    /// Where the answer names the user, if it does.
    pub login: Option<Pointer>,
}

/// The users whose one-time tokens the source gives.
#[derive(Clone, Debug)]
pub struct OneTimeUsers {
    /// Whose token the source gives.
    pub login: String,
    /// A second one, where the source can give tokens for another user.
    pub second_login: Option<String>,
    /// How long a one-time token lives; no documented answer announces it.
    pub lifetime: Option<Duration>,
}

/// How fast requests may follow each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// Requests in a second, above zero; `None` means unlimited.
    pub per_second: Option<f64>,
    /// Most requests at one moment, races included.
    pub burst: NonZeroU32,
}

/// How the server is reached.
#[derive(Clone, Debug)]
pub struct Network {
    /// Longest time for one request, from connecting to the last byte of the answer.
    pub request_timeout: Duration,
    /// PEM certificates to trust instead of the system's.
    pub ca_certificates: Option<Vec<u8>>,
    /// Trusts any certificate. Every report warns of it.
    pub insecure_tls: bool,
    /// PEM certificate chain and private key of the client.
    pub client_certificate: Option<Secret>,
    /// URL of an HTTP proxy.
    pub proxy: Option<String>,
    /// `USER:PASSWORD` for the proxy.
    pub proxy_login: Option<Secret>,
    /// Whether every request takes a new connection.
    pub fresh_connections: bool,
    /// Whether requests do not name this program in `User-Agent`.
    pub anonymous: bool,
    /// Whether requests take kept and new connections in turn, so that other nodes behind the base URL may answer.
    pub alternating_connections: bool,
    /// Headers of every request, by name, as a gateway in front of the server may want them.
    pub headers: Vec<(String, Secret)>,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(10),
            ca_certificates: None,
            insecure_tls: false,
            client_certificate: None,
            proxy: None,
            proxy_login: None,
            fresh_connections: false,
            anonymous: false,
            alternating_connections: false,
            headers: Vec::new(),
        }
    }
}
