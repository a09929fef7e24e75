//! Sees the server's certificates whether they hold or not, and what the verifier that requests go by says of them. No
//! secret ever crosses a connection that is only witnessed.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use rustls::{
    CertificateError, DigitallySignedStruct, Error, SignatureScheme,
    client::{
        ResolvesClientCert,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    pki_types::{CertificateDer, ServerName, UnixTime},
    sign::CertifiedKey,
};
use serde::Serialize;

/// Whether a certificate chain holds for the server it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Trust {
    /// It does.
    Trusted,
    /// It was made for other names.
    WrongName {
        /// The name in the base URL.
        expected: String,
        /// The names in the certificate.
        presented: Vec<String>,
    },
    /// Its time is over since then.
    Expired(SystemTime),
    /// Its time begins then.
    NotYet(SystemTime),
    /// It was issued by nobody who is trusted.
    UnknownIssuer,
    /// Something else is wrong with it, in the words of the TLS library.
    Unfit(String),
}

/// A verifier that lets everything pass and remembers what the real one says.
#[derive(Debug)]
pub(super) struct Witness {
    pub(super) real: Arc<dyn ServerCertVerifier>,
    said: Mutex<Trust>,
}

impl Witness {
    pub(super) fn of(real: Arc<dyn ServerCertVerifier>) -> Self {
        Self { real, said: Mutex::new(Trust::Unfit("no certificate was shown".to_owned())) }
    }

    /// What the real verifier said.
    pub(super) fn said(&self) -> Trust {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.real.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let said = verified.map_or_else(|error| trust(error, server_name), |_| Trust::Trusted);
        *self.said.lock().unwrap_or_else(PoisonError::into_inner) = said;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.real.verify_tls12_signature(message, cert, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.real.verify_tls13_signature(message, cert, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.real.supported_verify_schemes()
    }
}

fn trust(error: Error, name: &ServerName<'_>) -> Trust {
    use CertificateError as Wrong;
    let Error::InvalidCertificate(wrong) = error else { return Trust::Unfit(error.to_string()) };
    match wrong {
        Wrong::NotValidForName => wrong_name(name, Vec::new()),
        Wrong::NotValidForNameContext { presented, .. } => wrong_name(name, presented),
        Wrong::ExpiredContext { not_after, .. } => Trust::Expired(moment(not_after)),
        Wrong::NotValidYetContext { not_before, .. } => Trust::NotYet(moment(not_before)),
        Wrong::UnknownIssuer => Trust::UnknownIssuer,
        other => Trust::Unfit(other.to_string()),
    }
}

fn wrong_name(expected: &ServerName<'_>, presented: Vec<String>) -> Trust {
    Trust::WrongName { expected: expected.to_str().into_owned(), presented }
}

fn moment(time: UnixTime) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(time.as_secs())
}

/// Shows the configured client certificate, if any, and remembers whether the server wanted one.
#[derive(Debug)]
pub(super) struct Asked {
    own: Option<Arc<CertifiedKey>>,
    asked: AtomicBool,
}

impl Asked {
    pub(super) fn with(own: Option<Arc<CertifiedKey>>) -> Self {
        Self { own, asked: AtomicBool::new(false) }
    }

    /// Whether the server asked for a client certificate.
    pub(super) fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Asked {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        self.own.clone()
    }

    fn has_certs(&self) -> bool {
        // Only a client that may have one is asked.
        true
    }
}
