//! Encryption for a served stand-in: an authority and a server certificate, both new at each start. Their keys never leave memory.

use std::{net::IpAddr, sync::Arc};

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::PrivateKeyDer;
use tokio_rustls::TlsAcceptor;

/// Days that a certificate holds. Platforms refuse server certificates that hold much longer.
const DAYS: u32 = 397;

/// A server certificate with its key, and the authority that signed it.
pub struct TlsIdentity {
    /// Accepts connections with the certificate.
    pub acceptor: TlsAcceptor,
    /// The certificate of the authority, for clients to trust, in PEM.
    pub authority: String,
}

/// Makes a certificate for this machine's own names, this address and these names.
///
/// # Errors
/// When one of the names cannot be a host name, or no certificate can be made.
pub fn new_identity(
    address: IpAddr,
    names: &[String],
) -> Result<TlsIdentity, Box<dyn std::error::Error + Send + Sync>> {
    let authority = authority_params()?;
    let authority_key = KeyPair::generate()?;
    let certificate = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate()?;
    let own = server_params(address, names)?.signed_by(&key, &issuer)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![own.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))?;
    Ok(TlsIdentity { acceptor: TlsAcceptor::from(Arc::new(config)), authority: certificate.pem() })
}

fn authority_params() -> Result<CertificateParams, rcgen::Error> {
    let mut params = dated(CertificateParams::new(Vec::<String>::new())?);
    params.distinguished_name.push(DnType::CommonName, "bo-conformance stand-in authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

fn server_params(address: IpAddr, names: &[String]) -> Result<CertificateParams, rcgen::Error> {
    let mut all: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    if !address.is_unspecified() {
        all.push(address.to_string());
    }
    all.extend(names.iter().cloned());
    all.sort();
    all.dedup();
    let mut params = dated(CertificateParams::new(all)?);
    params.distinguished_name.push(DnType::CommonName, "bo-conformance stand-in");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.insert_extended_key_usage(rcgen::ExtendedKeyUsagePurpose::ServerAuth);
    Ok(params)
}

/// Begins a day ago, for clients whose clocks are behind.
fn dated(mut params: CertificateParams) -> CertificateParams {
    let now = std::time::SystemTime::now();
    let day = std::time::Duration::from_secs(86_400);
    params.not_before = (now - day).into();
    params.not_after = (now + day * (DAYS - 2)).into();
    params
}
