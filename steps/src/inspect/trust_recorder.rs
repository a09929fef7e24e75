//! A rule that accepts every certificate chain and records the verdict of the real verifier. No secret is sent over a connection
//! that it accepted.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use rustls::{
    CertificateError, Error,
    client::danger::{HandshakeSignatureValid, ServerCertVerified},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use serde::Serialize;

use super::chain_verifier::{ChainRule, ChainVerdict, SignatureVerdict};

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
    /// Another defect, in words.
    Unfit(&'static str),
}

/// Accepts every chain and records the verdict of the real verifier.
#[derive(Debug)]
pub(super) struct TrustRecorder(Mutex<Trust>);

impl Default for TrustRecorder {
    fn default() -> Self {
        Self(Mutex::new(Trust::Unfit("the server shows none")))
    }
}

impl TrustRecorder {
    /// The verdict of the real verifier.
    pub(super) fn verdict(&self) -> Trust {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn record(&self, verdict: Trust) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = verdict;
    }
}

impl ChainRule for TrustRecorder {
    fn decide(
        &self,
        _: &CertificateDer<'_>,
        name: &ServerName<'_>,
        verify: &dyn Fn(&ServerName<'_>) -> ChainVerdict,
    ) -> ChainVerdict {
        let verdict = verify(name).map_or_else(|error| trust(error, name), |_| Trust::Trusted);
        self.record(verdict);
        Ok(ServerCertVerified::assertion())
    }

    /// A certificate that the library cannot read, like one of version 1, fails here whatever was decided about its chain.
    fn decide_signature(&self, verified: SignatureVerdict) -> SignatureVerdict {
        if let Err(error) = verified
            && self.verdict() == Trust::Trusted
        {
            self.record(Trust::Unfit(defect(&error)));
        }
        Ok(HandshakeSignatureValid::assertion())
    }
}

fn trust(error: Error, name: &ServerName<'_>) -> Trust {
    use CertificateError as Wrong;
    let Error::InvalidCertificate(wrong) = &error else { return Trust::Unfit(defect(&error)) };
    match wrong {
        Wrong::NotValidForName => wrong_name(name, Vec::new()),
        Wrong::NotValidForNameContext { presented, .. } => wrong_name(name, presented.clone()),
        Wrong::ExpiredContext { not_after, .. } => Trust::Expired(moment(*not_after)),
        Wrong::NotValidYetContext { not_before, .. } => Trust::NotYet(moment(*not_before)),
        Wrong::UnknownIssuer => Trust::UnknownIssuer,
        _ => Trust::Unfit(defect(&error)),
    }
}

/// The library's own text has its internal names, and whole certificates in hexadecimal.
fn defect(error: &Error) -> &'static str {
    let Error::InvalidCertificate(wrong) = error else { return "its signature of the handshake does not hold" };
    match wrong {
        CertificateError::BadEncoding => "it is not well-formed",
        CertificateError::Revoked => "it was revoked",
        CertificateError::BadSignature => "its signature does not match",
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "it is not meant for servers"
        }
        CertificateError::UnhandledCriticalExtension => "it has a critical extension that is unknown here",
        CertificateError::Expired | CertificateError::NotValidYet => "it is not valid today",
        CertificateError::UnknownRevocationStatus | CertificateError::ExpiredRevocationList => {
            "it is unknown whether it was revoked"
        }
        _ => "the TLS library refuses its form",
    }
}

fn wrong_name(expected: &ServerName<'_>, presented: Vec<String>) -> Trust {
    Trust::WrongName { expected: expected.to_str().into_owned(), presented }
}

fn moment(time: UnixTime) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(time.as_secs())
}
