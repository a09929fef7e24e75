//! A rule that accepts the certificate of an authority as a server's own where that very certificate is configured. What `openssl req -x509`
//! makes has CA:TRUE, which the TLS library takes from no server.

use rustls::{
    CertificateError, Error,
    client::{danger::ServerCertVerified, verify_server_name},
    pki_types::{CertificateDer, ServerName},
    server::ParsedCertificate,
};

use super::{
    certificate::CertificateInfo,
    chain_verifier::{ChainRule, ChainVerdict},
};

/// The configured certificates.
#[derive(Debug)]
pub(super) struct PinnedAuthority(pub(super) Vec<CertificateDer<'static>>);

impl ChainRule for PinnedAuthority {
    fn decide(
        &self,
        own: &CertificateDer<'_>,
        name: &ServerName<'_>,
        verify: &dyn Fn(&ServerName<'_>) -> ChainVerdict,
    ) -> ChainVerdict {
        let is_pinned = || self.0.contains(own) && CertificateInfo::read(own).is_some_and(|own| own.is_authority);
        match verify(name) {
            // The library looks at the dates first, at CA:TRUE next and at the name last.
            Err(Error::InvalidCertificate(CertificateError::Other(_))) if is_pinned() => {
                verify_server_name(&ParsedCertificate::try_from(own)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            verdict => verdict,
        }
    }
}
