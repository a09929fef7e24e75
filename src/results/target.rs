//! The server that was judged, as a reader of the results knows it.

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
    /// Whether certificates went unchecked, which every report says.
    pub(crate) insecure_tls: bool,
    /// Seconds kept from both sides of the end of a lifetime.
    pub(crate) margin_seconds: f64,
    /// Longest single wait allowed, in seconds.
    pub(crate) max_wait_seconds: f64,
    /// What answered; `None` for the embedded stand-in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) server: Option<Server>,
}

/// What a look ahead of the run found about the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Server {
    /// What it calls itself.
    pub(crate) software: Vec<Software>,
    /// Its encryption; `None` where there is none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) tls: Option<Tls>,
}

/// A header in which a server names its software.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Software {
    /// Name of the header.
    pub(crate) header: Masked,
    /// What it says.
    pub(crate) value: Masked,
}

/// What a TLS handshake agreed on, and who the server said it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Tls {
    /// The version, like `TLSv1.3`.
    pub(crate) version: String,
    /// The cipher suite.
    pub(crate) cipher: String,
    /// The server's own certificate.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) certificate: Option<Certificate>,
    /// Why the certificate would not be trusted, where it is used all the same.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) distrust: Option<String>,
}

/// The certificate of a server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Certificate {
    /// Whose it is.
    pub(crate) subject: String,
    /// Who issued it.
    pub(crate) issuer: String,
    /// The names and addresses it was made for.
    pub(crate) names: Vec<String>,
    /// The last day it holds, as `2027-03-31`.
    pub(crate) expires: String,
}
