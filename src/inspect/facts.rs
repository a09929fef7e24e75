//! What a look at a server found, as the results keep it: what answered, by its own account and by its certificate.

use steps::{
    Masked,
    inspect::{Findings, TlsHandshake},
};

use super::trust::{day, distrust};
use crate::results;

/// The facts that a reader of a report compares from run to run.
pub(crate) fn server_facts(findings: &Findings) -> results::ServerInfo {
    let named = |(name, value): &(Masked, Masked)| results::Software { header: name.clone(), value: value.clone() };
    results::ServerInfo {
        software: findings.profile.software.iter().map(named).collect(),
        tls: findings.tls.as_ref().and_then(|tls| tls.as_ref().ok()).map(encryption),
    }
}

fn encryption(tls: &TlsHandshake) -> results::TlsInfo {
    results::TlsInfo {
        version: tls.version.clone(),
        cipher: tls.cipher.clone(),
        certificate: tls.chain.first().map(|own| results::ServerCertificate {
            subject: own.subject.clone(),
            issuer: own.issuer.clone(),
            names: own.names.clone(),
            expires: day(own.not_after),
        }),
        distrust: distrust(tls),
    }
}
