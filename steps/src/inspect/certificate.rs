//! The parts of an X.509 certificate that an operator needs.

use std::{net::IpAddr, time::SystemTime};

use serde::Serialize;
use x509_cert::{
    Certificate as X509,
    certificate::Version,
    der::Decode,
    ext::pkix::{BasicConstraints, SubjectAltName, name::GeneralName},
};

/// Signatures made with MD5 or SHA-1: RSA (RFC 8017, appendix C), DSA and ECDSA (RFC 5758).
const WEAK_SIGNATURES: [&str; 4] =
    ["1.2.840.113549.1.1.4", "1.2.840.113549.1.1.5", "1.2.840.10040.4.3", "1.2.840.10045.4.1"];

/// An X.509 certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CertificateInfo {
    /// Its owner.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// The names and addresses it was issued for.
    pub names: Vec<String>,
    /// Whether it is the certificate of an authority (CA:TRUE), which a server may present as its own only where it is configured.
    pub is_authority: bool,
    /// Whether it has version 1 of X.509, which knows no names of servers.
    pub is_version_1: bool,
    /// Whether it is signed with SHA-1 or MD5, which are broken.
    pub is_weakly_signed: bool,
    /// When it becomes valid.
    pub not_before: SystemTime,
    /// When it expires.
    pub not_after: SystemTime,
}

impl CertificateInfo {
    /// Reads DER; `None` when it is not a certificate.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let certificate = X509::from_der(der).ok()?;
        let content = certificate.tbs_certificate();
        Some(Self {
            subject: content.subject().to_string(),
            issuer: content.issuer().to_string(),
            names: content.get_extension().ok().flatten().map(|(_, names)| names_of(&names)).unwrap_or_default(),
            is_authority: content
                .get_extension()
                .ok()
                .flatten()
                .is_some_and(|(_, limits): (_, BasicConstraints)| limits.ca),
            is_version_1: content.version() == Version::V1,
            is_weakly_signed: WEAK_SIGNATURES.contains(&certificate.signature_algorithm().oid.to_string().as_str()),
            not_before: SystemTime::UNIX_EPOCH + content.validity().not_before.to_unix_duration(),
            not_after: SystemTime::UNIX_EPOCH + content.validity().not_after.to_unix_duration(),
        })
    }

    /// Whether its owner is its issuer.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }
}

fn names_of(SubjectAltName(names): &SubjectAltName) -> Vec<String> {
    let name = |name: &GeneralName| match name {
        GeneralName::DnsName(name) if name.as_str().parse::<IpAddr>().is_ok() => {
            Some(format!("the host name \"{name}\", which is no address"))
        }
        GeneralName::DnsName(name) => Some(name.to_string()),
        GeneralName::IpAddress(address) => address_of(address.as_bytes()),
        _ => None,
    };
    names.iter().filter_map(name).collect()
}

fn address_of(bytes: &[u8]) -> Option<String> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    let sixteen = <[u8; 16]>::try_from(bytes).map(IpAddr::from);
    four.or(sixteen).ok().map(|address| address.to_string())
}
