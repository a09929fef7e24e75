//! Why there is no TLS handshake, in the words of an operator; the names of the TLS library stay inside.

use std::io;

use rustls::AlertDescription;
use serde::Serialize;
use thiserror::Error;

use super::proxy::TunnelError;

/// Why there was no handshake.
#[derive(Clone, Debug, Error, PartialEq, Eq, Serialize)]
pub enum TlsError {
    /// Something else than TLS came back.
    #[error("the TLS handshake failed: what answers there does not speak TLS")]
    NotTls,
    /// No version or cipher suits both sides.
    #[error("the TLS handshake failed: the server accepts no TLS version or cipher of this program ({0})")]
    NothingInCommon(String),
    /// The server refuses the client's certificate, or that there is none.
    #[error("the TLS handshake failed: the server wants another client certificate ({0})")]
    ClientRefused(String),
    /// The server has no such host.
    #[error("the TLS handshake failed: the server knows no host of this name")]
    UnknownHost,
    /// The proxy makes no tunnel.
    #[error("{0}")]
    Tunnel(TunnelError),
    /// It failed otherwise.
    #[error("the TLS handshake failed: {0}")]
    Failed(String),
    /// It took too long.
    #[error("the TLS handshake did not end within {0} s")]
    Late(u64),
    /// The configured certificates cannot be used.
    #[error("TLS cannot be set up: {0}")]
    Setup(String),
}

impl TlsError {
    /// The error of a handshake; `asked_for_certificate` is whether the server requested a client certificate in it.
    pub(super) fn from_handshake(error: &io::Error, asked_for_certificate: bool) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidMessage(_)) => TlsError::NotTls,
            Some(rustls::Error::AlertReceived(alert)) => alerted(*alert, asked_for_certificate),
            Some(rustls::Error::PeerIncompatible(_)) => {
                TlsError::NothingInCommon("it offers neither TLS 1.3 nor TLS 1.2 as they are used today".to_owned())
            }
            Some(rustls::Error::InvalidCertificate(_)) => TlsError::Failed("its certificate cannot be read".to_owned()),
            Some(_) => TlsError::Failed("the server does not keep to the protocol".to_owned()),
            None if matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset) => {
                TlsError::Failed("the server closed the connection".to_owned())
            }
            None => TlsError::Failed(error.to_string()),
        }
    }
}

/// What an alert of RFC 8446, section 6.2, means for the client.
fn alerted(alert: AlertDescription, asked_for_certificate: bool) -> TlsError {
    use AlertDescription as Alert;
    let words = format!("alert {}", snake_case(&format!("{alert:?}")));
    match alert {
        // Servers before TLS 1.3 have no other alert for a client without a certificate.
        Alert::HandshakeFailure if asked_for_certificate => TlsError::ClientRefused(words),
        Alert::HandshakeFailure
        | Alert::ProtocolVersion
        | Alert::InsufficientSecurity
        | Alert::InappropriateFallback => TlsError::NothingInCommon(words),
        Alert::NoCertificate
        | Alert::BadCertificate
        | Alert::UnsupportedCertificate
        | Alert::CertificateRevoked
        | Alert::CertificateExpired
        | Alert::CertificateUnknown
        | Alert::CertificateRequired
        | Alert::UnknownCA
        | Alert::AccessDenied => TlsError::ClientRefused(words),
        Alert::UnrecognisedName => TlsError::UnknownHost,
        _ => TlsError::Failed(format!("the server ended it ({words})")),
    }
}

/// `HandshakeFailure` → `handshake_failure`, as the RFC writes it.
fn snake_case(name: &str) -> String {
    let mut text = String::new();
    let mut before = '_';
    for letter in name.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
        before = letter;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(error: rustls::Error, asked: bool) -> String {
        TlsError::from_handshake(&io::Error::new(io::ErrorKind::InvalidData, error), asked).to_string()
    }

    #[test]
    fn a_failed_handshake_is_explained_without_the_names_of_the_library() {
        use rustls::{Error, InvalidMessage, PeerIncompatible};
        let alert = Error::AlertReceived;
        for (error, asked, message) in [
            (
                alert(AlertDescription::ProtocolVersion),
                false,
                "the server accepts no TLS version or cipher of this program (alert protocol_version)",
            ),
            (
                alert(AlertDescription::HandshakeFailure),
                false,
                "the server accepts no TLS version or cipher of this program (alert handshake_failure)",
            ),
            (
                alert(AlertDescription::HandshakeFailure),
                true,
                "the server wants another client certificate (alert handshake_failure)",
            ),
            (
                alert(AlertDescription::UnknownCA),
                true,
                "the server wants another client certificate (alert unknown_ca)",
            ),
            (alert(AlertDescription::UnrecognisedName), false, "the server knows no host of this name"),
            (alert(AlertDescription::InternalError), false, "the server ended it (alert internal_error)"),
            (Error::InvalidMessage(InvalidMessage::InvalidContentType), false, "what answers there does not speak TLS"),
            (
                Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13),
                false,
                "the server accepts no TLS version or cipher of this program (it offers neither TLS 1.3 nor TLS 1.2 as they are used today)",
            ),
        ] {
            assert_eq!(failed(error, asked), format!("the TLS handshake failed: {message}"));
        }
    }
}
