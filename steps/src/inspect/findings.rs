//! What an inspection found, as plain values. The program decides what they mean for a run.

use serde::Serialize;

use super::{
    connect::{ConnectError, Connected},
    login::LoginFindings,
    no_answer::NoAnswer,
    probe::ProbeFindings,
    refresh_form::RefreshFindings,
    server_profile::ServerProfile,
    tls::TlsHandshake,
    tls_error::TlsError,
};

/// What an inspection found. `None` for what could not be inspected because something before it failed.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    /// Name resolution and connection; to the proxy, where there is one.
    pub connection: Result<Connected, ConnectError>,
    /// The TLS handshake, where the base URL is `https`.
    pub tls: Option<Result<TlsHandshake, TlsError>>,
    /// Whether a base URL that is `http` and gets no answer is a port that speaks TLS.
    pub speaks_tls: bool,
    /// A login of the certifier's user.
    pub login: Option<Result<LoginFindings, NoAnswer>>,
    /// A login of the second user.
    pub second_login: Option<Result<LoginFindings, NoAnswer>>,
    /// The protected call.
    pub probe: Option<Result<ProbeFindings, NoAnswer>>,
    /// A refresh, where it was to be inspected.
    pub refresh: Option<Result<RefreshFindings, NoAnswer>>,
    /// What all answers show together.
    pub profile: ServerProfile,
}
