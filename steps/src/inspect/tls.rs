//! A TLS handshake for inspection: version, cipher, certificates, and whether they are valid.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    crypto::{CryptoProvider, ring::default_provider},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    sign::CertifiedKey,
};
use serde::Serialize;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

use super::{
    certificate::CertificateInfo,
    chain_verifier::ChainVerifier,
    client_cert_probe::ClientCertProbe,
    connect::{PATIENCE, host_and_port},
    pinned_authority::PinnedAuthority,
    proxy,
    tls_error::TlsError,
    trust_recorder::{Trust, TrustRecorder},
};
use crate::{Target, target::Network};

/// The result of a handshake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TlsHandshake {
    /// The version agreed on, like `TLSv1.3`.
    pub version: String,
    /// The cipher suite agreed on.
    pub cipher: String,
    /// The server's certificate first, then those of its issuers, as far as the server sends them.
    pub chain: Vec<CertificateInfo>,
    /// Whether the chain is valid.
    pub trust: Trust,
    /// Whether the server requests a client certificate.
    pub asks_for_certificate: bool,
}

/// Makes a handshake over an open connection.
pub(super) async fn handshake(mut stream: TcpStream, target: &Target) -> Result<TlsHandshake, TlsError> {
    let (host, port) = host_and_port(target.base_url.as_str());
    let setup = |error: &dyn ToString| TlsError::Setup(error.to_string());
    let name = ServerName::try_from(host.clone()).map_err(|error| setup(&error))?;
    let provider = Arc::new(default_provider());
    let real = verifier(&target.network, &provider).map_err(|error| setup(&error))?;
    let recorder = Arc::new(ChainVerifier { real, rule: TrustRecorder::default() });
    let client_cert =
        Arc::new(ClientCertProbe::new(own_certificate(&target.network, &provider).map_err(|error| setup(&error))?));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| setup(&error))?
        .dangerous()
        .with_custom_certificate_verifier(recorder.clone())
        .with_client_cert_resolver(client_cert.clone());
    let connecting = async {
        if target.network.proxy.is_some() {
            let login = target.network.proxy_login.as_ref();
            proxy::connect(&mut stream, &host, port, login).await.map_err(TlsError::Tunnel)?;
        }
        let connected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
        connected.map_err(|error| TlsError::from_handshake(&error, client_cert.was_requested()))
    };
    let stream = timeout(PATIENCE, connecting).await.map_err(|_| TlsError::Late(PATIENCE.as_secs()))??;
    let (_, agreed) = stream.get_ref();
    let chain = agreed.peer_certificates().unwrap_or_default();
    Ok(TlsHandshake {
        version: agreed.protocol_version().and_then(|version| version.as_str()).unwrap_or("unknown").replace('_', "."),
        cipher: agreed.negotiated_cipher_suite().map(|suite| format!("{:?}", suite.suite())).unwrap_or_default(),
        chain: chain.iter().filter_map(|der| CertificateInfo::read(der)).collect(),
        trust: recorder.rule.verdict(),
        asks_for_certificate: client_cert.was_requested(),
    })
}

/// The verifier of ordinary requests: the configured authorities alone, else the system's. A configured certificate may be the server's own.
pub(crate) fn verifier(
    network: &Network,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, Box<dyn std::error::Error>> {
    let Some(pem) = &network.ca_certificates else {
        return Ok(Arc::new(rustls_platform_verifier::Verifier::new(provider.clone())?));
    };
    let mut roots = RootCertStore::empty();
    let configured = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>()?;
    for certificate in &configured {
        roots.add(certificate.clone())?;
    }
    let real = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build()?;
    Ok(Arc::new(ChainVerifier { real, rule: PinnedAuthority(configured) }))
}

pub(crate) fn own_certificate(
    network: &Network,
    provider: &CryptoProvider,
) -> Result<Option<Arc<CertifiedKey>>, Box<dyn std::error::Error>> {
    let Some(pem) = &network.client_certificate else { return Ok(None) };
    let pem = pem.expose().as_bytes();
    let chain = CertificateDer::pem_slice_iter(pem).collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(pem)?;
    Ok(Some(Arc::new(CertifiedKey::from_der(chain, key, provider)?)))
}
