//! TLS with a single node: its certificate may be issued for the node's own name, or for the balancer's.

use std::{error::Error, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, Error as TlsError, crypto::ring::default_provider, pki_types::ServerName,
    sign::SingleCertAndKey,
};

use crate::{
    inspect::{
        chain_verifier::{ChainRule, ChainVerdict, ChainVerifier},
        tls,
    },
    target::Network,
};

/// The client side of a handshake with a node behind the balancer `host`.
///
/// # Errors
/// When the configured certificates cannot be used.
pub(super) fn config(network: &Network, host: &str) -> Result<ClientConfig, Box<dyn Error>> {
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
    fn decide(&self, name: &ServerName<'_>, verify: &dyn Fn(&ServerName<'_>) -> ChainVerdict) -> ChainVerdict {
        match verify(name) {
            Err(TlsError::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => verify(&self.0),
            verified => verified,
        }
    }
}
