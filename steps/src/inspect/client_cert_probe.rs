//! Whether a server requests a client certificate in the handshake.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rustls::{SignatureScheme, client::ResolvesClientCert, sign::CertifiedKey};

/// Presents the configured client certificate, if any, and records whether the server requested one.
#[derive(Debug)]
pub(super) struct ClientCertProbe {
    own: Option<Arc<CertifiedKey>>,
    requested: AtomicBool,
}

impl ClientCertProbe {
    pub(super) fn new(own: Option<Arc<CertifiedKey>>) -> Self {
        Self { own, requested: AtomicBool::new(false) }
    }

    /// Whether the server requested a client certificate.
    pub(super) fn was_requested(&self) -> bool {
        self.requested.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for ClientCertProbe {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.requested.store(true, Ordering::Relaxed);
        self.own.clone()
    }

    fn has_certs(&self) -> bool {
        // rustls calls `resolve` only for a client that may have a certificate.
        true
    }
}
