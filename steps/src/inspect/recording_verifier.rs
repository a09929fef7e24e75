//! A certificate verifier that accepts every chain and records the verdict of the real verifier. No secret is sent over a
//! connection that it accepted.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use rustls::{
    CertificateError, DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use serde::Serialize;

/// Whether a certificate chain is valid for its server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Trust {
    /// It is.
    Trusted,
    /// It was issued for other names.
    WrongName {
        /// The name in the base URL.
        expected: String,
        /// The names in the certificate.
        presented: Vec<String>,
    },
    /// It expired at this time.
    Expired(SystemTime),
    /// It becomes valid at this time.
    NotYet(SystemTime),
    /// No trusted authority issued it.
    UnknownIssuer,
    /// Another defect, as the TLS library describes it.
    Unfit(String),
}

/// Accepts every chain and records the verdict of the real verifier.
#[derive(Debug)]
pub(super) struct RecordingVerifier {
    pub(super) real: Arc<dyn ServerCertVerifier>,
    verdict: Mutex<Trust>,
}

impl RecordingVerifier {
    pub(super) fn new(real: Arc<dyn ServerCertVerifier>) -> Self {
        Self { real, verdict: Mutex::new(Trust::Unfit("no certificate was shown".to_owned())) }
    }

    /// The verdict of the real verifier.
    pub(super) fn verdict(&self) -> Trust {
        self.verdict.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerCertVerifier for RecordingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.real.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let verdict = verified.map_or_else(|error| trust(error, server_name), |_| Trust::Trusted);
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = verdict;
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
