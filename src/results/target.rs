//! The server that was judged.

use serde::{Deserialize, Serialize};
use steps::Masked;

/// The server that was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TargetInfo {
    /// Its name in the configuration; `stand-in` for the embedded one.
    pub(crate) name: String,
    /// Where its API begins; `None` for the embedded stand-in, which has no address of its own.
    pub(crate) base_url: Option<String>,
    /// Whether certificates were not verified. Every report shows this.
    pub(crate) insecure_tls: bool,
    /// Seconds that tests keep from both sides of the end of a lifetime.
    pub(crate) margin_seconds: f64,
    /// Longest single wait allowed, in seconds.
    pub(crate) max_wait_seconds: f64,
    /// What the inspection found; `None` for the embedded stand-in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) server: Option<ServerInfo>,
}

/// What the inspection before the run found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ServerInfo {
    /// The software that the server names.
    pub(crate) software: Vec<Software>,
    /// Its TLS session; `None` without TLS.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) tls: Option<TlsInfo>,
}

/// A header in which a server names its software.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Software {
    /// Name of the header.
    pub(crate) header: Masked,
    /// Its value.
    pub(crate) value: Masked,
}

/// A TLS session and the server's certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TlsInfo {
    /// The version, like `TLSv1.3`.
    pub(crate) version: String,
    /// The cipher suite.
    pub(crate) cipher: String,
    /// The server's own certificate.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) certificate: Option<ServerCertificate>,
    /// Why verification would reject the certificate, where it is not verified.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) distrust: Option<String>,
}

/// The certificate of a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ServerCertificate {
    /// Its subject.
    pub(crate) subject: String,
    /// Its issuer.
    pub(crate) issuer: String,
    /// The names and addresses it is valid for.
    pub(crate) names: Vec<String>,
    /// The last day on which it is valid, as `2027-03-31`.
    pub(crate) expires: String,
}
