//! TLS by a verifier of our own: the certificate of a node may be issued for the node's name or for the balancer's, and the certificate of an
//! authority that is configured may be the server's own.

use std::{error::Error, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, Error as TlsError,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, ServerName},
    sign::SingleCertAndKey,
};

use crate::{
    inspect::{
        chain_verifier::{ChainRule, ChainVerdict, ChainVerifier},
        tls,
    },
    target::Network,
};

/// The client side of a handshake with the server `host`, or with a node behind it.
///
/// # Errors
/// When the configured certificates cannot be used.
pub(super) fn new(network: &Network, host: &str) -> Result<ClientConfig, Box<dyn Error>> {
    let provider = Arc::new(default_provider());
    let real = tls::verifier(network, &provider)?;
    let verifier = ChainVerifier { real, rule: NodeOrBalancer(ServerName::try_from(host.to_owned())?) };
    let own = tls::own_certificate(network, &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    Ok(match own {
        Some(own) => builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(own))),
        None => builder.with_no_client_auth(),
    })
}

/// Accepts a chain for the node's name and, where only the name does not fit, for the balancer's.
#[derive(Debug)]
struct NodeOrBalancer(ServerName<'static>);

impl ChainRule for NodeOrBalancer {
    fn decide(
        &self,
        _: &CertificateDer<'_>,
        name: &ServerName<'_>,
        verify: &dyn Fn(&ServerName<'_>) -> ChainVerdict,
    ) -> ChainVerdict {
        match verify(name) {
            Err(TlsError::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => verify(&self.0),
            verified => verified,
        }
    }
}
