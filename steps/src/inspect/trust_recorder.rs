//! A rule that accepts every certificate chain and records the verdict of the real verifier. No secret is sent over a connection
//! that it accepted.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

use rustls::{
    CertificateError, Error,
    client::danger::ServerCertVerified,
    pki_types::{ServerName, UnixTime},
};
use serde::Serialize;

use super::chain_verifier::{ChainRule, ChainVerdict};

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
pub(super) struct TrustRecorder(Mutex<Trust>);

impl Default for TrustRecorder {
    fn default() -> Self {
        Self(Mutex::new(Trust::Unfit("no certificate was shown".to_owned())))
    }
}

impl TrustRecorder {
    /// The verdict of the real verifier.
    pub(super) fn verdict(&self) -> Trust {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ChainRule for TrustRecorder {
    fn decide(&self, name: &ServerName<'_>, verify: &dyn Fn(&ServerName<'_>) -> ChainVerdict) -> ChainVerdict {
        let verdict = verify(name).map_or_else(|error| trust(error, name), |_| Trust::Trusted);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = verdict;
        Ok(ServerCertVerified::assertion())
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
