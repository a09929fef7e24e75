//! Whether a server's certificate holds, in words.

use std::time::SystemTime;

use jiff::Timestamp;
use steps::inspect::{CertificateInfo, TlsHandshake, Trust};

use crate::results;

/// What is wrong with a certificate chain, and what to do; `None` when nothing is.
pub(super) fn distrust(tls: &TlsHandshake) -> Option<String> {
    let own = tls.chain.first();
    let issuer = || tls.chain.last().map(|last| last.issuer.clone()).unwrap_or_default();
    Some(match &tls.trust {
        Trust::Trusted => return None,
        Trust::UnknownIssuer | Trust::Unfit(_) if own.is_some_and(|own| own.is_version_1) => {
            "the server's certificate has version 1 of X.509, which says for no host that it is its own: have it replaced by one of \
             version 3"
                .to_owned()
        }
        Trust::Unfit(_) if own.is_some_and(|own| own.is_authority) => {
            "the server presents the certificate of an authority (CA:TRUE) as its own, which is accepted only where `ca_certificate` \
             names that very certificate: set it to a PEM file of it, or have it replaced by one with CA:FALSE"
                .to_owned()
        }
        Trust::Unfit(_) if tls.chain.iter().any(|certificate| certificate.is_weakly_signed) => {
            "the server's certificate, or one of its issuers', is signed with SHA-1 or MD5, which are broken: have it replaced by one \
             that is signed with SHA-256"
                .to_owned()
        }
        Trust::WrongName { expected, .. } => format!(
            "the server's certificate is not for {expected} but for {}: write the name that it is for in `base_url`, or have \
             the certificate replaced",
            own.map(|own| own.names.join(", ")).filter(|names| !names.is_empty()).unwrap_or_else(|| no_name(own))
        ),
        Trust::Expired(when) => format!("the server's certificate expired on {}: have it renewed", day(*when)),
        Trust::NotYet(when) => format!(
            "the server's certificate holds from {} on only: have it replaced, or set this machine's clock",
            day(*when)
        ),
        Trust::UnknownIssuer if own.is_some_and(|own| own.is_self_signed()) => {
            "the server's certificate is signed by itself: set `ca_certificate` to a PEM file of it".to_owned()
        }
        Trust::UnknownIssuer => format!(
            "the server's certificate was issued by {}, which is not trusted here: set `ca_certificate` to the PEM file of \
             that authority",
            issuer()
        ),
        Trust::Unfit(why) => format!("the server's certificate cannot be used ({why}): have it replaced"),
    })
}

/// What to call a certificate without subjectAltName (RFC 9525, section 6.3: the common name does not count).
fn no_name(own: Option<&CertificateInfo>) -> String {
    let subject = own.map(|own| own.subject.as_str()).filter(|subject| subject.contains("CN="));
    subject.map_or("no name".to_owned(), |subject| format!("no name (the common name in `{subject}` does not count)"))
}

/// The day of a moment, in UTC.
pub(super) fn day(moment: SystemTime) -> String {
    results::day(Timestamp::try_from(moment).unwrap_or(Timestamp::MAX)).to_string()
}
